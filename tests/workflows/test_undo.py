"""Undo: a step taken back while its messages wait, and nothing of it left behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.errors import TransitionBlocked
from app.models import Company, Job, OutboxMessage, Timer
from app.services import delivery, history, requests, taking_back
from app.services.moves import Submission
from app.tenancy import all_companies
from tests.harness.world import make_world
from tests.portal import work
from tests.services.workflow_edits import data
from workflows import audit, versions
from workflows.schema import Definition

REASON = "We are fully booked that week, sorry."
WAIT = timedelta(seconds=10)


@pytest.fixture
def hesitant(session):
    """A company whose decisions can be taken back for ten seconds."""
    return hesitating(make_world(session, preset="hybrid"))


def hesitating(world):
    """Publish the company's definition with ``undo`` on every decision."""
    session = world.enter()
    company = session.get_one(Company, world.company_id)
    changed = data(versions.current(session, company, company.request_workflow))
    for transition in changed["transitions"]:
        if transition["trigger"] in ("approve", "decline", "counter_propose"):
            transition["undo"] = "PT10S"
    definition = Definition.model_validate({**changed, "tests": []})
    versions.publish(session, company, definition, author="Olive Owner", at=clock.now())
    session.commit()
    return world


def decline(world, request, at):
    """Decline as the dispatcher."""
    form = Submission({"reason": REASON})
    return requests.move(world.enter(), request.id, "decline", world.dispatcher, form, at=at)


def take_back(world, request, at, who=None):
    """Take the newest step of a request back."""
    return taking_back.take_back(
        world.enter(), "request", request.id, who or world.dispatcher, expected_event=None, at=at
    )


def waiting_messages(world):
    """Return what is still to be sent about requests and jobs."""
    session = world.enter()
    session.flush()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).all()


def test_messages_of_such_a_step_wait_that_long(hesitant):
    at = clock.now()
    request = hesitant.hand_in(at=at)
    before = len(waiting_messages(hesitant))

    decline(hesitant, request, at)

    late = [each for each in waiting_messages(hesitant) if each.due_at == at + WAIT]
    assert len(late) == len(waiting_messages(hesitant)) - before > 0


def test_a_step_taken_back_leaves_the_record_as_it_was_and_tells_nobody(hesitant):
    at = clock.now()
    request = hesitant.hand_in(at=at)
    was = {name: getattr(request, name) for name in ("state", "state_since", "outcome", "said")}
    messages = {each.key for each in waiting_messages(hesitant)}
    decline(hesitant, request, at + WAIT)

    take_back(hesitant, request, at + WAIT * 1.5)

    assert {name: getattr(request, name) for name in was} == was
    assert {each.key for each in waiting_messages(hesitant)} == messages
    assert audit.is_whole(history.events(hesitant.session, request), request)
    assert [entry.kind for entry in history.steps(hesitant.session, request)] == ["submitted"]


def test_timers_it_called_off_run_again(hesitant):
    at = clock.now()
    request = hesitant.hand_in(at=at)
    open_timers = select(Timer.name, Timer.due_at).where(Timer.done_at.is_(None))
    hesitant.session.flush()
    before = hesitant.session.execute(open_timers).all()
    decline(hesitant, request, at + WAIT)
    hesitant.session.flush()
    assert hesitant.session.execute(open_timers).all() == []

    take_back(hesitant, request, at + WAIT * 1.5)

    assert hesitant.session.execute(open_timers).all() == before != []


def test_an_approval_taken_back_calls_its_job_off_and_can_be_given_again(hesitant):
    request = hesitant.hand_in()
    work.approve(hesitant, request)
    session = hesitant.enter()
    job = session.scalars(select(Job)).one()

    take_back(hesitant, request, clock.now())
    work.approve(hesitant, request)

    jobs = session.scalars(select(Job).order_by(Job.id)).all()
    assert [(each.state, each.request_id) for each in jobs] == [
        ("cancelled", None), (jobs[1].state, request.id),
    ]  # fmt: skip
    assert jobs[0] is job
    assert request.state == "approved"
    assert not [each for each in waiting_messages(hesitant) if each.subject_id == job.id
                and each.subject == "job"]  # fmt: skip


def test_too_late_is_said(hesitant):
    at = clock.now()
    request = hesitant.hand_in(at=at)
    decline(hesitant, request, at)

    with pytest.raises(TransitionBlocked):
        take_back(hesitant, request, at + WAIT)

    assert request.state == "declined"


def test_nobody_takes_back_what_somebody_else_did(hesitant):
    request = hesitant.hand_in()
    decline(hesitant, request, clock.now())

    with pytest.raises(TransitionBlocked):
        take_back(hesitant, request, clock.now(), hesitant.owner)


def test_what_is_being_sent_is_not_taken_back(hesitant):
    at = clock.now()
    request = hesitant.hand_in(at=at)
    decline(hesitant, request, at)
    hesitant.session.commit()
    with all_companies(hesitant.session):
        assert delivery.claim(hesitant.session, at=at + WAIT)
    hesitant.session.commit()

    with pytest.raises(TransitionBlocked):
        take_back(hesitant, request, at + WAIT / 2)  # by a clock that is behind


def test_a_step_without_undo_is_never_taken_back(world):
    request = world.hand_in()
    decline(world, request, clock.now())

    with pytest.raises(TransitionBlocked):
        take_back(world, request, clock.now())
