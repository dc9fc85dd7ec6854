"""Timers fire once, in order, also after the clock stood still."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.models import Company, Event, OutboxMessage, Request, Timer
from app.services import requests
from app.workers.timers import fire_due
from tests.harness.world import make_world
from tests.services.workflow_edits import data
from workflows import versions
from workflows.schema import Definition
from workflows.schema.base import MAX_AUTOMATIC_STEPS


@pytest.fixture
def hybrid(session):
    """A company on the preset that reminds after 48 hours and lets proposals lapse."""
    return make_world(session, preset="hybrid")


def messages(world):
    """Return the messages promised so far, in order."""
    rows = world.enter().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [row.payload["message"] for row in rows if row.subject == "request"]


def sweep(world, at):
    """Let the clock's turn come at ``at``; return how many timers fired."""
    world.session.commit()
    with clock.freeze(at):
        fired = fire_due()
    world.enter()
    return fired


def propose(world, request, at):
    sent = requests.Submission(
        {"proposed_at": (at + timedelta(days=20)).isoformat()}, request.event_seq
    )
    requests.move(world.session, request.id, "counter_propose", world.dispatcher, sent, at=at)


@pytest.mark.feature("D19")
@pytest.mark.feature(111)
def test_a_request_nobody_answers_is_reminded_of_once(hybrid):
    at = clock.now()
    hybrid.hand_in(at=at)

    assert sweep(hybrid, at + timedelta(hours=47)) == 0
    assert sweep(hybrid, at + timedelta(hours=49)) == 1
    assert sweep(hybrid, at + timedelta(hours=50)) == 0

    assert [name for name in messages(hybrid) if "unanswered" in name] == ["booking.unanswered"]


def test_a_decided_request_is_not_reminded_of(hybrid):
    at = clock.now()
    request = hybrid.hand_in(at=at)
    sent = requests.Submission({"reason": "Sorry, not in our area."}, request.event_seq)
    requests.move(hybrid.session, request.id, "decline", hybrid.owner, sent, at=at)

    assert sweep(hybrid, at + timedelta(days=9)) == 0

    assert all(timer.done_at for timer in hybrid.session.scalars(select(Timer)))


def test_a_proposal_nobody_answers_lapses_by_itself(hybrid):
    at = clock.now()
    request = hybrid.hand_in(at=at)
    propose(hybrid, request, at)

    sweep(hybrid, at + timedelta(days=8))

    row = hybrid.session.scalars(select(Request)).one()
    last = hybrid.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert (row.state, last.trigger, last.actor_ref) == ("cancelled", "lapse", "system")


def test_after_three_days_of_standing_still_everything_due_fires_once_in_order(hybrid):
    at = clock.now()
    late, early = hybrid.hand_in(at=at + timedelta(hours=2)), hybrid.hand_in(at=at)
    ids = [early.id, late.id]

    assert sweep(hybrid, at + timedelta(days=3)) == 2
    assert sweep(hybrid, at + timedelta(days=3)) == 0

    reminders = select(Event).where(Event.trigger == "remind_dispatcher").order_by(Event.id)
    assert [event.subject_id for event in hybrid.session.scalars(reminders)] == ids


def test_one_companys_sweep_leaves_anothers_rows_alone(hybrid, session):
    other = make_world(session, slug="other", preset="hybrid")
    at = clock.now()
    other.hand_in(at=at)
    session.commit()
    hybrid.enter()
    hybrid.hand_in(at=at)

    sweep(hybrid, at + timedelta(hours=49))

    assert messages(hybrid).count("booking.unanswered") == 1
    assert messages(other).count("booking.unanswered") == 1


def test_a_second_proposal_waits_its_full_time_again(hybrid):
    at = clock.now()
    request = hybrid.hand_in(at=at)
    propose(hybrid, request, at)
    hybrid.session.commit()
    propose(hybrid, request, at + timedelta(days=5))

    sweep(hybrid, at + timedelta(days=8))

    assert hybrid.session.scalars(select(Request)).one().state == "counter_proposed"


def test_timers_that_lead_to_one_another_are_stopped(hybrid):
    session = hybrid.enter()
    company = session.get_one(Company, hybrid.company_id)
    changed = data(versions.current(session, company, "hybrid"))
    changed["states"][0]["timers"] = [{"name": "to", "after": "PT1S", "fire": "there"}]
    changed["states"][1]["timers"] = [{"name": "fro", "after": "PT1S", "fire": "back"}]
    first, second = (state["name"] for state in changed["states"][:2])
    for name, source, dest in (("there", first, second), ("back", second, first)):
        label = {"en": name, "es": name, "de": name}
        changed["transitions"].append(
            {"trigger": name, "label": label, "source": [source], "dest": dest,
             "roles": ["system"], "silent": True}
        )  # fmt: skip
    definition = Definition.model_validate({**changed, "timers": [], "tests": []})
    at = clock.now()
    versions.publish(session, company, definition, author="Olive Owner", at=at)
    hybrid.hand_in(at=at)

    fired = sum(sweep(hybrid, at + timedelta(seconds=2 * turn)) for turn in range(40))

    assert fired == MAX_AUTOMATIC_STEPS
    assert sweep(hybrid, at + timedelta(days=1)) == 0
