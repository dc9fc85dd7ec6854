"""The Undo button: there for ten seconds where the owner wants it."""

from datetime import timedelta

import pytest

from app import clock
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.workflows.test_undo import REASON, hesitating


@pytest.fixture
def hesitant(session):
    """A company whose decisions can be taken back for ten seconds."""
    return hesitating(make_world(session, preset="service_request"))


@pytest.fixture
def declined(hesitant, sign_in):
    """A dispatcher's browser, and a request just declined in it."""
    client = sign_in(hesitant, hesitant.dispatcher)
    request = hesitant.hand_in()
    hesitant.session.commit()
    form = Page(client.get(f"/admin/requests/{request.id}/decline"))
    client.submit(form, "Decline and tell the customer", reason=REASON)
    return client, request


def test_undo_takes_the_step_back_and_says_so(hesitant, declined):
    client, request = declined

    answer = client.submit(client.page(f"/admin/requests/{request.id}"), "Undo")
    page = client.page(answer.location)

    hesitant.session.refresh(request)
    assert request.state == "submitted"
    assert "Nobody was told" in page.text
    assert "Dispatcher Doe took it back: Decline" in page.text
    assert not page.has_button("Undo")


def test_too_late_is_answered_with_who_and_when(hesitant, declined):
    client, request = declined
    page = client.page(f"/admin/requests/{request.id}")

    with clock.freeze(clock.now() + timedelta(seconds=11)):
        answer = client.submit(page, "Undo")

    assert answer.status_code == 409
    assert "can't be taken back any more" in Page(answer).text
    hesitant.session.refresh(request)
    assert request.state == "declined"


def test_nobody_else_is_offered_it(hesitant, declined, sign_in):
    _, request = declined

    page = sign_in(hesitant, hesitant.owner).page(f"/admin/requests/{request.id}")

    assert not page.has_button("Undo")
