"""The page of one request: what was asked, what can be done, what happened."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Contact, Customer, OutboxMessage, Staff
from tests.admin.conftest import statements
from tests.harness.pages import Page
from tests.harness.world import make_world
from tests.portal import doors, work


@pytest.fixture
def hybrid(world, session):
    """A company on the preset that knows review and proposals; the session is inside it."""
    made = make_world(session, "hybrid", preset="hybrid")
    made.enter()
    return made


def opened(client, request) -> Page:
    return Page(client.get(f"/admin/requests/{request.id}"))


@pytest.mark.feature(40, 41, 43)
def test_the_page_shows_what_was_asked_by_whom_and_when(world, dispatcher):
    row = world.enter().get_one(Customer, world.customer.id)
    row.phone = "+49 30 1234567"
    request = world.hand_in(
        description="Water comes through the ceiling.\nThe tenant has put up a bucket.",
        urgency="urgent", date_1="2031-03-03",
    )  # fmt: skip

    page = opened(dispatcher, request)

    for words in (
        "Water comes through the ceiling.", "The tenant has put up a bucket.", "Urgent",
        "Rosenweg 3, Ulm", "Mon 3 Mar 2031", request.number,
    ):  # fmt: skip
        assert words in page.text
    assert page.link("Carla Customer") == f"/admin/customers/{world.customer.id}"
    assert page.link("+49 30 1234567") == "tel:+49 30 1234567"


def test_a_contact_named_on_the_request_is_the_one_to_ring(world, dispatcher):
    contact = Contact(customer_id=world.customer.id, name="Karl Keeper", phone="+49 30 99")
    world.enter().add(contact)
    request = world.hand_in()
    world.session.flush()
    request.contact_id = contact.id

    page = opened(dispatcher, request)

    assert "Karl Keeper" in page.text
    assert page.link("+49 30 99") == "tel:+49 30 99"


@pytest.mark.feature(46, 75)
def test_the_buttons_are_what_the_definition_allows(world, dispatcher):
    request = world.hand_in()

    page = opened(dispatcher, request)

    assert page.link("Approve") == f"/admin/requests/{request.id}/approve"
    assert page.link("Decline") == f"/admin/requests/{request.id}/decline"


def test_a_step_that_is_not_possible_is_grey_and_says_why(hybrid, sign_in):
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")
    request.proposal_rounds = 3

    text = client.get(f"/admin/requests/{request.id}").text

    button = text.split('aria-describedby="why-counter_propose"')[0].rsplit("<button", 1)[1]
    assert 'aria-disabled="true"' in button
    reason = text.split('id="why-counter_propose">')[1].split("<")[0]
    assert reason


def test_what_happened_is_told_in_order(world, dispatcher):
    request = world.hand_in(at=clock.now() - timedelta(hours=3))
    work.decline(world, request, "We are fully booked that week.")

    text = opened(dispatcher, request).text

    sent = text.index("Carla Customer sent it from the portal")
    assert sent < text.index("Decline, by Dispatcher Doe")
    assert "We are fully booked that week." in text


def test_a_mail_that_gave_up_is_told_with_its_reason(world, dispatcher):
    request = world.hand_in()
    work.decline(world, request, "We are fully booked that week.")
    statement = select(OutboxMessage).where(OutboxMessage.subject == "request")
    mail = world.session.scalars(statement).one()
    mail.gave_up_at, mail.reason = clock.now(), "The mailbox does not exist.\n550 no such user"

    page = opened(dispatcher, request)

    assert "The mailbox does not exist." in page.text
    assert page.link("A message could not be delivered") == f"/admin/messages/{mail.id}"


def test_next_and_previous_walk_through_what_waits(world, dispatcher):
    at = clock.now() - timedelta(hours=9)
    first, second, third = (world.hand_in(at=at + timedelta(hours=n)) for n in range(3))

    text = dispatcher.get(f"/admin/requests/{second.id}").text

    previous = text.split('aria-label="Previous request"')[0].rsplit('href="', 1)[1].split('"')[0]
    following = text.split('aria-label="Next request"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert previous == f"/admin/requests/{first.id}"
    assert following == f"/admin/requests/{third.id}"


def test_looking_changes_nothing_on_any_address(hybrid, sign_in):
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")

    for trigger in ("", "/start_review", "/approve", "/decline", "/counter_propose"):
        assert client.get(f"/admin/requests/{request.id}{trigger}").status_code == 200

    assert (request.state, request.event_seq) == ("submitted", 1)


@pytest.mark.feature(49)
def test_being_opened_is_a_step_that_the_shown_page_sends(hybrid, sign_in):
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")
    shown = client.get(f"/admin/requests/{request.id}")

    form = next(f for f in Page(shown).forms if f.action.endswith("/start_review"))
    answer = client.post(form.action, data=form.filled())

    assert "data-opened" in shown.text
    assert answer.location == f"/admin/requests/{request.id}"
    assert request.state == "under_review"
    assert "data-opened" not in client.get(answer.location).text


@pytest.mark.feature(49)
def test_whoever_opens_a_request_and_decides_at_once_is_not_too_late(hybrid, sign_in):
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")
    shown = Page(client.get(f"/admin/requests/{request.id}"))
    quickly = Page(client.get(f"/admin/requests/{request.id}/decline"))

    opening = next(f for f in shown.forms if f.action.endswith("/start_review"))
    client.post(opening.action, data=opening.filled())
    answer = client.submit(
        quickly, "Decline and tell the customer", reason="We have nobody for that this month."
    )

    assert answer.status_code == 303
    assert request.state == "declined"


@pytest.mark.feature(49, 97)
def test_the_customer_reads_that_it_is_looked_at(hybrid, sign_in, new_client):
    client, carla = sign_in(hybrid, hybrid.dispatcher), new_client()
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")
    doors.sign_in(carla, hybrid)
    shown = Page(client.get(f"/admin/requests/{request.id}"))

    client.submit(shown, "Start review")

    assert "We're reviewing your request" in carla.page(f"/p/hybrid/requests/{request.ref}").text


@pytest.mark.feature(47, 85)
def test_another_time_can_be_proposed_through_the_same_page(hybrid, sign_in):
    client = sign_in(hybrid, hybrid.dispatcher)
    request = hybrid.hand_in(date_1="2031-03-03", date_1_part="morning")
    page = Page(client.get(f"/admin/requests/{request.id}/counter_propose"))

    assert page.form("Propose another time and tell the customer").value("proposed_at") == ""
    answer = client.submit(
        page, "Propose another time and tell the customer", proposed_at="2031-03-05T10:00",
        note="Would Wednesday do?",
    )  # fmt: skip

    assert answer.status_code == 303
    assert request.state == "counter_proposed"
    assert "With customer 1" in Page(client.get("/admin/requests/")).text


def test_a_trigger_nobody_defined_is_not_there(world, dispatcher):
    request = world.hand_in()

    assert dispatcher.get(f"/admin/requests/{request.id}/explode").status_code == 404
    assert dispatcher.get("/admin/requests/999999").status_code == 404
    assert dispatcher.get(f"/admin/requests/{2**70}").status_code == 404


def test_keys_can_be_switched_off(world, dispatcher):
    request = world.hand_in()
    before = dispatcher.get(f"/admin/requests/{request.id}").text
    world.enter().get_one(Staff, world.dispatcher.id).keys_enabled = False

    after = dispatcher.get(f"/admin/requests/{request.id}").text

    assert 'data-keys="on"' in before
    assert 'data-kbd="A"' in before
    assert 'data-keys="off"' in after
    assert "data-kbd" not in after


def test_opening_a_request_costs_the_same_among_many(world, dispatcher):
    address = f"/admin/requests/{world.hand_in().id}"
    dispatcher.get(address)  # the first one loads the definitions
    with statements() as alone:
        dispatcher.get(address)
    for _ in range(25):
        world.hand_in()
    world.session.commit()

    with statements() as among_many:
        dispatcher.get(address)

    assert len(among_many) == len(alone)
    assert len(alone) <= 14, "\n".join(alone)
