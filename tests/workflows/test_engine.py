"""Steps with the database: one winner, nothing half done, everything on record."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.errors import Forbidden, Invalid, NotFound, TransitionBlocked
from app.models import Event, Job, OutboxMessage, Request
from app.services import history, jobs, requests
from workflows import audit

REASON = "Sorry, this is outside our area."


def submission(world, request, **raw):
    return requests.Submission(raw, request.event_seq, key=None)


def approval(world, request, **changes):
    raw = {**requests.prefill(world.session, request), **changes}
    return requests.Submission(raw, request.event_seq, key=None)


def approve(world, request, **changes):
    sent = approval(world, request, **changes)
    return requests.move(
        world.session, request.id, "approve", world.dispatcher, sent, at=clock.now()
    )


def decline(world, request, reason=REASON, actor=None):
    sent = submission(world, request, reason=reason)
    actor = actor or world.dispatcher
    return requests.move(world.session, request.id, "decline", actor, sent, at=clock.now())


@pytest.mark.feature(62)
def test_approving_makes_a_job_moves_the_request_and_promises_a_mail(world):
    request = world.hand_in(urgency="urgent")

    step = approve(world, request)
    world.session.flush()

    job = step.made["job"]
    assert (request.state, request.outcome, request.waiting_on) == ("approved", "won", None)
    assert (job.state, job.request_id, job.priority) == ("scheduled", request.id, "urgent")
    told = world.session.scalars(select(OutboxMessage).where(OutboxMessage.subject == "request"))
    assert [message.payload["message"] for message in told] == ["booking.approved"]


@pytest.mark.feature("D8")
def test_a_wrong_field_leaves_the_request_pending_and_makes_no_job(world):
    request = world.hand_in()

    with pytest.raises(Invalid) as refusal:
        approve(world, request, title="  ", date="2031-01-05", start_time="")

    assert set(refusal.value.fields) == {"title", "start_time"}
    assert request.state == "submitted"
    assert world.session.scalars(select(Job)).all() == []


@pytest.mark.feature(60)
def test_a_blank_deadline_becomes_the_customers_hours_from_the_approval(world):
    request = world.hand_in()
    request.customer.sla_hours = 4
    at = clock.now()

    sent = approval(world, request)
    step = requests.move(world.session, request.id, "approve", world.owner, sent, at=at)

    assert step.made["job"].sla_due_at == at + timedelta(hours=4)


@pytest.mark.feature(61)
def test_a_customer_without_hours_gets_a_job_without_deadline(world):
    step = approve(world, world.hand_in())

    assert step.made["job"].sla_due_at is None


@pytest.mark.feature(57)
def test_a_deadline_set_by_hand_stands_over_the_customers_hours(world):
    request = world.hand_in()
    request.customer.sla_hours = 4

    step = approve(world, request, sla_due="2031-07-01T12:00")

    assert step.made["job"].sla_due_at.isoformat() == "2031-07-01T10:00:00+00:00"


@pytest.mark.feature("D18")
def test_the_deadline_counts_real_hours_over_a_change_of_clocks(world):
    request = world.hand_in()
    request.customer.sla_hours = 4
    evening = datetime(2030, 3, 30, 23, 30, tzinfo=UTC)  # Berlin skips 2:00 to 3:00

    sent = approval(world, request)
    step = requests.move(world.session, request.id, "approve", world.owner, sent, at=evening)

    assert step.made["job"].sla_due_at == evening + timedelta(hours=4)


@pytest.mark.feature(73)
@pytest.mark.feature(84)
@pytest.mark.parametrize("first", [approve, decline])
@pytest.mark.parametrize("second", [approve, decline])
def test_a_decided_request_is_frozen(world, first, second):
    request = world.hand_in()
    first(world, request)
    world.session.flush()
    decided = request.state

    with pytest.raises(TransitionBlocked) as refusal:
        second(world, request)

    assert refusal.value.event.actor_name == world.dispatcher.name
    assert request.state == decided


@pytest.mark.feature(75)
@pytest.mark.parametrize("reason", ["", "   \n", "too short", "\u200b" * 20])
def test_declining_wants_a_reason_of_substance(world, reason):
    request = world.hand_in()

    with pytest.raises(Invalid) as refusal:
        decline(world, request, reason)

    assert set(refusal.value.fields) == {"reason"}
    assert request.state == "submitted"


@pytest.mark.feature(77)
@pytest.mark.feature(80)
def test_the_customer_reads_the_reason_word_for_word(world):
    request = world.hand_in()

    decline(world, request)

    assert request.state == "declined"
    assert request.said == {"reason": REASON}


@pytest.mark.feature(74)
def test_cancelling_the_job_leaves_its_request_approved(world):
    request = world.hand_in()
    job = approve(world, request).made["job"]
    world.session.flush()

    sent = requests.Submission({"reason": "The customer sold the house."}, job.event_seq)
    jobs.move(world.session, job.id, "cancel", world.dispatcher, sent, at=clock.now())

    assert (job.state, request.state) == ("cancelled", "approved")


@pytest.mark.feature(187)
@pytest.mark.parametrize("trigger", ["approve", "decline"])
def test_only_owners_and_dispatchers_decide(world, trigger):
    request = world.hand_in()
    sent = requests.Submission({"reason": REASON}, request.event_seq)

    with pytest.raises(Forbidden):
        requests.move(world.session, request.id, trigger, world.technician, sent, at=clock.now())
    with pytest.raises(Forbidden):
        requests.move_own(world.session, request.ref, trigger, world.customer, sent, at=clock.now())

    assert request.state == "submitted"


def test_another_companys_request_is_not_there(world, stranger):
    request = world.hand_in()
    world.session.commit()
    stranger.enter()

    with pytest.raises(NotFound):
        requests.move(
            world.session,
            request.id,
            "decline",
            stranger.owner,
            requests.Submission({"reason": REASON}),
            at=clock.now(),
        )


def test_a_page_opened_before_somebody_elses_step_is_refused_with_who_and_when(world):
    request = world.hand_in()
    seen = requests.Submission({"reason": REASON}, expected_event=0)

    with pytest.raises(TransitionBlocked, match="changed since") as refusal:
        requests.move(world.session, request.id, "decline", world.owner, seen, at=clock.now())

    assert refusal.value.event.actor_name == world.customer.name


def test_the_same_order_twice_is_one_step_and_the_same_answer(world):
    request = world.hand_in()
    sent = requests.Submission({"reason": REASON}, request.event_seq, key="pressed-twice")
    first = requests.move(
        world.session, request.id, "decline", world.dispatcher, sent, at=clock.now()
    )
    world.session.flush()

    again = requests.move(
        world.session, request.id, "decline", world.dispatcher, sent, at=clock.now()
    )

    assert again.event.id == first.event.id
    assert request.event_seq == 2


def test_the_audit_chain_is_whole_and_shows_a_changed_row(world):
    request = world.hand_in()
    approve(world, request)
    world.session.flush()
    events = history.events(world.session, request)
    assert audit.is_whole(events, request)

    events[0].actor_ref = "staff:999"

    assert not audit.is_whole(events, request)


def test_words_can_be_erased_and_the_chain_still_holds(world):
    request = world.hand_in()
    decline(world, request)
    world.session.flush()

    events = history.events(world.session, request)
    events[1].input = {}

    assert audit.is_whole(events, request)


def test_a_new_record_begins_under_the_current_version(world):
    request = world.hand_in()

    event = world.session.scalars(select(Event).where(Event.subject == "request")).one()
    assert event.workflow_version_id == request.workflow_version_id
    assert (event.trigger, event.to_state, event.actor_ref) == (
        "submit",
        "submitted",
        world.customer.ref,
    )


@pytest.mark.feature(26)
def test_a_new_request_waits_for_the_team(world):
    world.hand_in()

    row = world.session.scalars(select(Request)).one()
    assert (row.state, row.waiting_on) == ("submitted", "dispatcher")
