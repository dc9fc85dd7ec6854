"""Links whose request has moved on: what happened, by whom, and what is possible now."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.actor import system
from app.models import Customer
from app.services import links
from tests.harness import bookings
from tests.harness.pages import Page
from tests.portal import doors
from workflows import engine


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


@pytest.fixture
def mailed(world, request_):
    """The addresses in the proposal's mail, by the step they answer."""
    return bookings.mailed_answers(world)


@pytest.mark.feature("D15")
def test_a_newer_proposal_replaces_the_older_link(world, request_, mailed, client):
    bookings.propose(world, request_, bookings.SECOND)

    old = Page(client.get(mailed["accept"]))
    refused = client.post(mailed["accept"], data=doors.own_token(client))
    newest = bookings.mailed_answers(world)["accept"]

    assert old.status == 409
    assert "This was replaced by a newer proposal" in old.text
    assert "Thursday 6 March 2031" in old.text
    assert refused.status_code == 409
    assert request_.state == "counter_proposed"
    client.submit(newest, "Accept")
    assert bookings.job_of(world, request_).starts_at == datetime(2031, 3, 6, 13, 30, tzinfo=UTC)


@pytest.mark.feature("D15", 97)
def test_a_withdrawn_proposal_says_who_did_it_and_what_is_possible_now(
    world, request_, mailed, client
):
    bookings.move(world, request_, "withdraw")

    page = Page(client.get(mailed["accept"]))

    assert page.status == 409
    assert "This has moved on since our mail" in page.text
    assert "Dispatcher of Acme Plumbing changed it" in page.text
    assert "We're reviewing your request" in page.text
    assert page.has_button("Cancel request")
    assert not page.has_button("Accept")


@pytest.mark.feature(90, "D2")
def test_what_is_possible_now_is_asked_before_it_is_done(world, request_, mailed, client):
    bookings.move(world, request_, "withdraw")

    answer = client.submit(Page(client.get(mailed["accept"])), "Cancel request")
    shown = client.page(answer.location)

    assert answer.location == f"/p/acme/requests/{request_.ref}/cancel"
    assert request_.state == "under_review"
    client.submit(shown, "Cancel request")
    assert request_.state == "cancelled"


@pytest.mark.feature("A04", 128)
def test_going_in_by_a_late_link_ends_the_mails_other_one(
    world, request_, mailed, client, new_client
):
    bookings.move(world, request_, "withdraw")
    client.submit(Page(client.get(mailed["accept"])), "See the request")
    thief = new_client()

    shown = Page(thief.get(mailed["decline_proposal"]))

    assert not shown.has_button("See the request")
    assert shown.has_button("Send me a fresh link")


@pytest.mark.feature("D13", 88)
def test_a_slot_that_has_filled_goes_back_to_review_with_an_apology(
    world, request_, mailed, client
):
    bookings.fill_slot(world, datetime(2031, 3, 5, 9, tzinfo=UTC))

    answer = client.submit(mailed["accept"], "Accept")

    text = client.page(answer.location).text
    assert request_.state == "under_review"
    assert "We are sorry: that time has just gone" in text
    assert "We're reviewing your request" in text
    row = bookings.newest_promise(world, "booking.slot_gone")
    assert "We are sorry" in bookings.letter_of(world, row).text


@pytest.mark.feature("D2", 129)
def test_an_old_link_offers_a_fresh_one_for_the_same_step(world, request_, mailed, client):
    with clock.freeze(clock.now() + links.SENT_BY_STAFF + timedelta(minutes=1)):
        stale = Page(client.get(mailed["accept"]))
        sent = client.submit(stale, "Send me a fresh link")
        link = doors.newest_link(world)

        assert stale.status == 410
        assert "c•••@customer.example" in stale.text
        assert sent.location == "/p/acme/login/sent"
        way = client.submit(client.page(doors.path_of(link, world)), "Continue")

    assert way.location == f"/p/acme/requests/{request_.ref}/accept"
    assert request_.state == "counter_proposed"


def test_a_reminder_in_between_does_not_end_the_answer(world, request_, mailed, client):
    with clock.freeze(clock.now() + timedelta(hours=12)):
        event = request_.event_seq
        _remind(world, request_)
        assert request_.event_seq == event + 1
        client.submit(mailed["accept"], "Accept")

    assert request_.state == "approved"


@pytest.mark.feature("D25")
def test_a_link_dies_with_the_address_it_was_sent_to(world, request_, mailed, client):
    world.enter().get_one(Customer, world.customer.id).email = "new@customer.example"

    assert client.get(mailed["accept"]).status_code == 410
    assert client.post(mailed["accept"], data=doors.own_token(client)).status_code == 410
    assert request_.state == "counter_proposed"


def _remind(world, request) -> None:
    order = engine.Order("nudge_customer", system(world.company_id))
    engine.note(world.enter(), request, order, (), at=clock.now())
    world.session.flush()
