"""Links in mails that went out before a new version of the workflow was published."""

import json

import pytest

from app import clock
from app.models import Company
from app.services import publishing, workflow_drafts
from app.workers.moving import move_due
from tests.harness import bookings
from tests.harness.pages import Page
from tests.services.workflow_edits import yaml
from workflows import versions

KEY = "online_booking"


@pytest.fixture
def world(session):
    """The company on the preset that takes bookings."""
    return bookings.make_booking(session)


@pytest.fixture
def request_(world):
    """A request to which the company has proposed another time."""
    found = bookings.ask(world)
    bookings.propose(world, found)
    return found


def publish(world, changed, links=publishing.KEEP) -> None:
    """Publish a changed definition and take the requests under way over to it."""
    session = world.enter()
    changed["tests"] = []
    workflow_drafts.save(session, world.owner, KEY, yaml(changed), edition=None, at=clock.now())
    picture = publishing.preview(session, world.owner, KEY, at=clock.now())
    choices = publishing.Choices({}, links=links, confirm=picture.confirm)
    publishing.publish(session, world.owner, KEY, choices, at=clock.now())
    session.commit()
    move_due()
    world.enter()


def published(world):
    company = world.enter().get_one(Company, world.company_id)
    return versions.current(world.session, company, KEY).as_data()


def without_accept(definition):
    """Return the definition in which a customer can't accept any more, in steps and mails."""
    changed = json.loads(json.dumps(definition).replace("{{action.accept}}", "-"))
    changed["transitions"] = [t for t in changed["transitions"] if t["trigger"] != "accept"]
    for transition in changed["transitions"]:
        for use in transition.get("effects", ()):
            actions = use.get("send_message", {}).get("actions")
            if actions:
                use["send_message"]["actions"] = [name for name in actions if name != "accept"]
    return changed


@pytest.mark.feature("F08")
def test_an_open_link_goes_on_working_when_its_step_is_still_there(world, request_, client):
    path = bookings.mailed_answers(world)["accept"]
    changed = published(world)
    changed["states"][0]["customer_label"]["en"] = "We have it"
    before = request_.workflow_version_id
    publish(world, changed)

    client.submit(path, "Accept")

    assert request_.workflow_version_id != before
    assert request_.state == "approved"


@pytest.mark.feature("F08")
def test_an_open_link_says_so_when_its_step_is_gone(world, request_, client):
    path = bookings.mailed_answers(world)["accept"]
    publish(world, without_accept(published(world)))

    page = Page(client.get(path))

    assert page.status == 409
    assert "This answer is no longer possible" in page.text
    assert page.has_button("That time doesn't suit me")
    assert request_.state == "counter_proposed"


@pytest.mark.feature("F08")
def test_an_owner_may_end_the_links_of_what_moves(world, request_, client):
    path = bookings.mailed_answers(world)["accept"]
    changed = published(world)
    changed["states"][0]["customer_label"]["en"] = "We have it"
    publish(world, changed, links=publishing.END)

    page = Page(client.get(path))

    assert page.status in (409, 410)
    assert not page.has_button("Accept")
    assert request_.state == "counter_proposed"
