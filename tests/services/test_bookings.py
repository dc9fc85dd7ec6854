"""Bookings: the reminder to the dispatchers, wishes that bind nobody, notes that get through."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import OutboxMessage, Staff
from app.services import requests
from app.workers.timers import fire_due
from tests.harness import bookings


@pytest.fixture
def world(session):
    """The company on the preset that takes bookings."""
    return bookings.make_booking(session)


def sweep(world, at):
    """Let the clock's turn come at ``at``."""
    world.session.commit()
    with clock.freeze(at):
        fire_due()
    world.enter()


def reminders(world) -> list[OutboxMessage]:
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row for row in rows if row.payload.get("message") == "booking.unanswered"]


@pytest.mark.feature(111, 189, "D19")
@pytest.mark.parametrize("is_opened", [False, True])
def test_dispatchers_are_reminded_once_whether_it_was_opened_or_not(world, is_opened):
    at = clock.now()
    request = bookings.ask(world, at=at)
    if is_opened:
        bookings.move(world, request, "start_review", at=at + timedelta(hours=1))
    address = f"/admin/requests/{request.id}"

    sweep(world, at + timedelta(hours=47, minutes=59))
    early = len(reminders(world))
    for hours in (48, 49, 200):
        sweep(world, at + timedelta(hours=hours, minutes=1))

    [row] = reminders(world)
    assert early == 0
    assert row.recipient == f"staff:{world.dispatcher.id}"
    paper = bookings.letter_of(world, row)
    assert paper.to == "dispatcher@acme.example"
    assert "Carla Customer has had no answer" in paper.text
    assert address in paper.text


@pytest.mark.feature(189)
def test_without_a_dispatcher_the_owners_are_reminded(world):
    at = clock.now()
    bookings.ask(world, at=at)
    world.enter().get_one(Staff, world.dispatcher.id).disabled_at = at

    sweep(world, at + timedelta(hours=49))

    assert [row.recipient for row in reminders(world)] == [f"staff:{world.owner.id}"]


@pytest.mark.feature("D19")
def test_nobody_is_reminded_while_the_customer_has_a_proposal(world):
    at = clock.now()
    request = bookings.ask(world, at=at)
    bookings.propose(world, request)

    sweep(world, at + timedelta(hours=100))

    assert reminders(world) == []


@pytest.mark.feature("D19")
@pytest.mark.parametrize("trigger", ["decline", "cancel"])
def test_nobody_is_reminded_of_what_has_ended(world, trigger):
    at = clock.now()
    request = bookings.ask(world, at=at)
    bookings.move(world, request, trigger, reason="That is outside our area.")

    sweep(world, at + timedelta(hours=100))

    assert reminders(world) == []


@pytest.mark.feature(15)
def test_the_wished_days_bind_nobody(world):
    request = bookings.ask(world, date_1="2031-03-03", date_2="2031-03-04")
    form = requests.prefill(world.enter(), request)

    bookings.move(world, request, "approve", at=None, **{**form, "date": "2031-05-20"})

    job = bookings.job_of(world, request)
    assert job.starts_at is not None
    assert job.starts_at.date().isoformat() == "2031-05-20"
    assert [wish.day.isoformat() for wish in request.preferred_dates] == [
        "2031-03-03",
        "2031-03-04",
    ]


@pytest.mark.feature("D19", 49)
def test_a_reminder_does_not_make_an_open_page_too_old(world):
    at = clock.now()
    request = bookings.ask(world, at=at)
    seen = request.event_seq
    sweep(world, at + timedelta(hours=49))

    order = requests.Submission({"reason": "That is outside our area."}, seen)
    requests.move(world.enter(), request.id, "decline", world.owner, order, at=clock.now())

    assert request.event_seq == seen + 2
    assert request.state == "declined"


@pytest.mark.feature(23, 53)
def test_notes_reach_whoever_does_the_work(world):
    request = bookings.ask(world, notes="Gate code 4821")

    bookings.propose(world, request)
    bookings.answer(world, request, "accept")

    assert bookings.job_of(world, request).description.endswith("Gate code 4821")
