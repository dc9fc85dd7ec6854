"""Bookings of existing clients: one press schedules the visit, unless something must be chosen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app import clock
from app.models import ClientService, Customer, Job, Location, OutboxMessage, Service
from tests.harness import bookings
from tests.harness.pages import Page
from tests.harness.world import make_world

NOW = datetime(2031, 3, 3, 9, tzinfo=UTC)  # a Monday, ten o'clock in Berlin


@pytest.fixture
def world(session):
    """A company on the preset that schedules visits, with one service in its catalogue."""
    made = make_world(session, preset="booking_request")
    session.add(Service(name={"en": "Window cleaning"}, price_cents=4500))
    session.commit()
    with clock.freeze(NOW):
        yield made


def service_of(world):
    return world.enter().scalars(select(Service)).one()


def ask(world, first="2031-03-08", last="2031-03-14", **changes):
    """Hand in a request for the service; the window begins on a Saturday unless said otherwise."""
    wanted = {"service": f"service:{service_of(world).id}", "kind": "one_time", **changes}
    request = world.hand_in(date_1=first, date_1_to=last, **wanted)
    world.session.flush()
    return request


def plan(world, **columns):
    row = ClientService(
        customer_id=world.customer.id, service_id=service_of(world).id,
        created_at=clock.now(), **columns,
    )  # fmt: skip
    world.enter().add(row)
    world.session.flush()
    return row


def opened(client, request) -> Page:
    return Page(client.get(f"/admin/requests/{request.id}"))


@pytest.mark.feature(65, 66, 67, "D10")
def test_one_press_schedules_the_visit_under_the_plan_that_matches(world, dispatcher):
    its_plan = plan(world, price_cents=3900)
    request = ask(world)
    page = opened(dispatcher, request)

    answer = dispatcher.submit(page, "Approve")

    assert "Monday 10 March" in page.text
    assert "€39.00" in page.text
    assert answer.status_code == 303
    job = bookings.job_of(world, request)
    assert job.client_service_id == its_plan.id
    assert job.starts_at == datetime(2031, 3, 10, 7, tzinfo=UTC)
    assert request.state == "approved"


@pytest.mark.feature(68, 70)
def test_without_a_plan_one_is_made_at_the_catalogues_price(world, dispatcher):
    request = ask(world)
    page = opened(dispatcher, request)

    dispatcher.submit(page, "Approve")

    assert "one is made for this once, at €45.00" in page.text
    made = world.enter().scalars(select(ClientService)).one()
    assert (made.price_cents, bookings.job_of(world, request).client_service_id) == (4500, made.id)


@pytest.mark.feature(65)
def test_the_card_in_the_queue_schedules_by_one_press_too(world, dispatcher):
    request = ask(world)

    answer = dispatcher.submit("/admin/requests/", "Approve , Carla Customer")

    assert answer.location == f"/admin/requests/{request.id}"
    assert request.state == "approved"


@pytest.mark.feature("D9")
def test_with_several_plans_the_form_shows_the_rule_and_lets_one_choose(world, dispatcher):
    elsewhere = Location(customer_id=world.customer.id, street="Elsewhere 1")
    world.enter().add(elsewhere)
    world.session.flush()
    here = plan(world, location_id=world.location_id, price_cents=3900)
    other = plan(world, location_id=elsewhere.id, price_cents=5100)
    request = ask(world)

    answer = dispatcher.submit("/admin/requests/", "Approve , Carla Customer")
    form = dispatcher.page(answer.location)
    dispatcher.submit(form, "Approve & Create Job", client_service=str(other.id))

    assert "Several plans fit" in form.text
    assert form.form("Approve & Create Job").value("client_service") == str(here.id)
    assert not opened(dispatcher, request).has_button("Approve")
    assert bookings.job_of(world, request).client_service_id == other.id


@pytest.mark.feature("D10")
@pytest.mark.parametrize(
    ("first", "last", "day"),
    [
        ("2031-03-08", "2031-03-09", None),  # Saturday and Sunday
        ("2031-03-03", "2031-03-05", "2031-03-04"),  # today's first hours are over
        ("2031-03-05", "2031-03-05", "2031-03-05"),
    ],
)
def test_the_day_is_the_first_working_day_still_to_come(world, dispatcher, first, last, day):
    request = ask(world, first, last)

    page = dispatcher.page(f"/admin/requests/{request.id}/approve")

    assert (page.form("Approve & Create Job").value("date") or None) == day
    assert opened(dispatcher, request).has_button("Approve") == bool(day)
    assert ("choose the day" in page.text) == (day is None)


@pytest.mark.feature("D12", 33)
@pytest.mark.parametrize("kind", ["recurring", "service_change"])
def test_a_wish_for_a_plan_becomes_a_proposal_by_one_press(world, dispatcher, kind):
    request = ask(world, kind=kind)

    answer = dispatcher.submit(opened(dispatcher, request), "Approve")

    assert answer.status_code == 303
    made = world.enter().scalars(select(ClientService)).one()
    assert made.is_proposal
    assert world.session.scalars(select(Job)).all() == []
    page = opened(dispatcher, request)
    assert page.link("Window cleaning") == f"/admin/plans/edit/?id={made.id}"


@pytest.mark.feature("D12")
def test_staff_agree_on_a_proposed_plan(world, dispatcher):
    made = plan(world, is_proposal=True)
    form = dispatcher.page(f"/admin/plans/edit/?id={made.id}")

    dispatcher.submit(form, "Save", is_proposal=None, every_months="3")

    assert (made.is_proposal, made.every_months) == (False, 3)


@pytest.mark.feature(5)
def test_a_change_reaches_staff_with_the_plan_it_speaks_of(world, dispatcher):
    its_plan = plan(world, price_cents=3900, every_months=6, location_id=world.location_id)
    request = ask(world, kind="service_change", notes="Every three months, please.")

    page = opened(dispatcher, request)
    queue = dispatcher.page("/admin/requests/")
    dispatcher.submit(page, "Approve")

    assert "The plan it speaks of" in page.text
    assert "every 6 months" in page.text
    assert "Service change" in queue.text
    made = world.enter().scalars(select(ClientService).order_by(ClientService.id.desc())).first()
    assert (made.is_proposal, made.price_cents, made.every_months) == (True, 3900, 6)
    assert its_plan.ended_at is None


@pytest.mark.feature(44)
def test_a_row_of_the_queue_says_client_kind_service_window_and_notes(world, dispatcher):
    ask(world, kind="issue", notes="Gate code 4821")

    text = dispatcher.page("/admin/requests/").text

    for words in ("Carla Customer", "Issue report", "Window cleaning", "Gate code 4821"):
        assert words in text
    assert "Sat 8 Mar to Fri 14 Mar" in text


@pytest.mark.feature(79, 76)
def test_a_reason_is_optional_but_encouraged(world, dispatcher):
    request = ask(world)
    form = dispatcher.page(f"/admin/requests/{request.id}/decline")

    dispatcher.submit(form, "Decline and tell the customer", reason="")

    assert "reads better than silence" in form.text
    assert request.state == "declined"


@pytest.mark.feature(69, 107, 108, 82)
@pytest.mark.parametrize(
    ("trigger", "words"), [("approve", "Ihr Termin steht"), ("decline", "können sie nicht")]
)
def test_the_customer_is_told_in_their_own_language(world, dispatcher, trigger, words):
    world.enter().get_one(Customer, world.customer.id).language = "de"
    request = ask(world)
    if trigger == "approve":
        dispatcher.submit(opened(dispatcher, request), "Approve")
    else:
        form = dispatcher.page(f"/admin/requests/{request.id}/decline")
        dispatcher.submit(form, "Decline and tell the customer", reason="Keine Zeit.")

    key = {"approve": "booking.approved", "decline": "booking.declined"}[trigger]
    paper = bookings.letter_of(world, bookings.newest_promise(world, key))

    assert words in paper.subject + paper.text
    assert trigger == "approve" or "Keine Zeit." in paper.text
    assert world.session.scalars(select(OutboxMessage.recipient)).all()


@pytest.mark.feature("D6")
def test_a_press_that_comes_late_says_who_was_first(world, dispatcher, owner):
    request = ask(world)
    page = opened(dispatcher, request)
    owner.submit(opened(owner, request), "Approve")

    answer = dispatcher.submit(page, "Approve")

    assert answer.status_code == 409
    assert "Olive Owner" in answer.text
    assert len(world.enter().scalars(select(Job)).all()) == 1
