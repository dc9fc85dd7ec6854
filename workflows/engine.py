"""The one way a record moves: every button, link, timer and webhook comes through here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import failpoints, outbox
from app.actor import Actor
from app.columns import new_ref
from app.db import locked
from app.errors import N_, DomainError, NotFound, TransitionBlocked
from app.models import Company, Event, Subject
from workflows import audit, machine, rules, timers, undo, versions
from workflows.effects import Step, run_effects
from workflows.facts import Moment, facts_at
from workflows.refusing import as_error, last_event, refuse_changed
from workflows.schema import Definition, EffectUse

SUBMIT = "submit"
MOVED = "workflow.moved"  # no trigger can have a dot, so no definition's step is called so
Row = TypeVar("Row", bound=Subject)


@dataclass(frozen=True)
class Order:
    """What somebody wants done to a record.

    ``input`` holds the form's values, those of a registered form checked already and under its
    key. ``expected_event`` is the number of the event the person saw last; ``key`` makes a
    repeated order harmless.
    """

    trigger: str
    actor: Actor
    input: Mapping[str, Any] = field(default_factory=dict)
    expected_event: int | None = None
    key: str | None = None


@dataclass(frozen=True)
class Target:
    """Where a version change takes records: ``into`` another state when theirs is gone."""

    version_id: int
    into: str | None = None
    policy: timers.Policy = "restart_from_state_entry"


def lock(session: Session, statement: Select[Row], *of: Any) -> Row:
    """Return the one record ``statement`` finds, locked until the transaction ends.

    Raises NotFound, for another company's record too.
    """
    statement = locked(statement, *of).execution_options(populate_existing=True)
    subject = session.scalars(statement).unique().one_or_none()
    if subject is None:
        raise NotFound("record")
    return subject


def start(session: Session, subject: Row, workflow: str, order: Order, *, at: datetime) -> Step:
    """Take the first step of a new record: version, initial state, first event, effects.

    Flushes ``subject`` for its id. Raises Forbidden and TransitionBlocked by the definition's
    ``submit``.
    """
    company = session.get_one(Company, order.actor.company_id)
    version_id = versions.current_id(company, workflow)
    definition = versions.load(session, version_id)
    subject.workflow_version_id = version_id
    subject.event_seq, subject.event_digest = 0, ""
    subject.state = ""
    refusals = rules.may_submit(definition, _snapshot(session, subject, order.actor, at))
    if refusals.reasons:
        raise as_error(session, subject, refusals)
    subject.ref = subject.ref or new_ref()  # sealed into the event before the row is inserted
    step = _enter(session, company, subject, definition, order, at)
    _set_state(step, str(definition.initial))
    _seal(step)
    session.add(subject)
    session.flush()  # for subject.id, which events, timers and messages point at
    step.event.subject_id = subject.id
    return _finish(step, definition.submit.effects)


def apply(session: Session, subject: Row, order: Order, *, at: datetime) -> Step:
    """Take one step of a record that ``lock`` returned; the entrance commits.

    Writes the state, the event, the timers and the outbox rows. A known ``key`` answers with
    the step it took the first time.

    Raises Forbidden, Invalid (a field is wrong) and TransitionBlocked (not possible now, or
    changed since it was opened; ``event`` says who was first).
    """
    company = session.get_one(Company, order.actor.company_id)
    definition = versions.load(session, subject.workflow_version_id)
    failpoints.hit("before_state_check")
    if order.expected_event not in (None, subject.event_seq):
        return _replay(session, subject, definition, order) or refuse_changed(session, subject)
    snapshot = _snapshot(session, subject, order.actor, at)
    decision = rules.decide(definition, snapshot, order.trigger, order.input)
    if isinstance(decision, rules.Refusals):
        replayed = _replay(session, subject, definition, order)
        if replayed:
            return replayed
        raise as_error(session, subject, decision)
    failpoints.hit("after_state_check")
    order = Order(order.trigger, order.actor, decision.input, None, order.key)
    step = _enter(session, company, subject, definition, order, at)
    chosen = decision.transition
    before = undo.columns_of(subject) if chosen.undo else None
    _set_state(step, machine.step(definition, subject.state, chosen))
    step.subject.said = _said(decision)
    _seal(step)
    with outbox.held(session, undo.hold_until(chosen, at)):
        _finish(step, chosen.effects)
    if before is not None:
        undo.note_changes(step, before)
    return step


def take_back(session: Session, subject: Row, order: Order, *, at: datetime) -> Step:
    """Undo the newest step of a record that ``lock`` returned: nobody has been told of it.

    The record is what it was, with both events in its history. Raises TransitionBlocked when it
    is too late, or ``order.expected_event`` is not the newest any more.
    """
    if order.expected_event not in (None, subject.event_seq):
        refuse_changed(session, subject)
    offer = undo.offer(session, subject, order.actor, at=at)
    if offer is None:
        raise TransitionBlocked(undo.TOO_LATE, event=last_event(session, subject))
    company = session.get_one(Company, order.actor.company_id)
    definition = versions.load(session, subject.workflow_version_id)
    order = Order(undo.UNDONE, order.actor, {"step": offer.event.trigger}, None, order.key)
    step = _enter(session, company, subject, definition, order, at)
    _set_state(step, str(offer.event.from_state))
    undo.restore(step, offer.event)
    _seal(step)
    with outbox.held(session, offer.until):  # nor does anybody hear of the way back
        _finish(step, offer.inverses, moves=False)
    timers.put_back(step, offer.event)
    undo.withdraw_messages(session, offer.event)
    return step


def note(
    session: Session, subject: Row, order: Order, uses: tuple[EffectUse, ...], *, at: datetime
) -> Step:
    """Record something that happens to a record without moving it, such as a reminder."""
    company = session.get_one(Company, order.actor.company_id)
    definition = versions.load(session, subject.workflow_version_id)
    step = _enter(session, company, subject, definition, order, at)
    step.event.to_state = subject.state
    _seal(step)
    return _finish(step, uses, moves=False)


def repin(
    session: Session, subjects: Sequence[Row], target: Target, order: Order, *, at: datetime
) -> list[Step]:
    """Take locked records over to another version of their workflow, each with an event.

    No effect runs, nobody is written to. Raises TransitionBlocked when the version lacks a
    state, before anything is written.
    """
    company = session.get_one(Company, order.actor.company_id)
    definition = versions.load(session, target.version_id)
    if not all(definition.has_state(target.into or each.state) for each in subjects):
        raise TransitionBlocked(N_("The new version has no place for this record."))
    steps = [_enter(session, company, each, definition, order, at) for each in subjects]
    for step in steps:
        subject = step.subject
        step.event.workflow_version_id = subject.workflow_version_id = target.version_id
        if target.into not in (None, subject.state):
            subject.said = {}  # it spoke of the step that led to where the record was
        _set_state(step, target.into or subject.state)
        _seal(step)
        session.add(step.event)
    timers.carry_over(steps, target.policy)
    return steps


def options(
    session: Session, subject: Subject, actor: Actor, *, at: datetime
) -> list[rules.Option]:
    """Return what ``actor`` could do now, each with the reason when it is not possible."""
    definition = versions.load(session, subject.workflow_version_id)
    return rules.options(definition, _snapshot(session, subject, actor, at))


def refusal(
    session: Session, subject: Subject, actor: Actor, trigger: str, *, at: datetime
) -> DomainError | None:
    """Return why a step can't be taken whatever its form holds, None when it can."""
    definition = versions.load(session, subject.workflow_version_id)
    chosen = rules.choose(definition, _snapshot(session, subject, actor, at), trigger)
    return as_error(session, subject, chosen) if isinstance(chosen, rules.Refusals) else None


def _snapshot(session: Session, subject: Subject, actor: Actor, at: datetime) -> rules.Snapshot:
    company = session.get_one(Company, actor.company_id)
    facts = facts_at(Moment(session, subject, company, actor, at))
    return rules.Snapshot(subject.state, actor.role, facts, at, company.timezone)


def _enter(
    session: Session,
    company: Company,
    subject: Subject,
    definition: Definition,
    order: Order,
    at: datetime,
) -> Step:
    """Return the step with its event drawn up; nothing is written yet."""
    event = Event(
        subject=subject.subject_name,
        subject_id=subject.id,
        seq=subject.event_seq + 1,
        workflow_version_id=subject.workflow_version_id,
        trigger=order.trigger,
        from_state=subject.state or None,
        actor_ref=order.actor.ref,
        actor_name=order.actor.name,
        actor_role=order.actor.role,
        at=at,
        input=audit.plain(order.input),
        key=order.key,
        previous_digest=subject.event_digest,
    )
    return Step(session, company, definition, subject, event, order.actor, order.input, at, {})


def _set_state(step: Step, name: str) -> None:
    state, subject = step.definition.state(name), step.subject
    if subject.state != name:
        subject.state_since = step.at
    subject.state = step.event.to_state = name
    subject.outcome = (state.outcome or "closed") if state.final else None
    subject.waiting_on = state.waiting_on


def _seal(step: Step) -> None:
    subject, event = step.subject, step.event
    audit.seal(event, subject.ref)
    subject.event_seq, subject.event_digest = event.seq, event.digest


def _finish(step: Step, uses: tuple[EffectUse, ...], *, moves: bool = True) -> Step:
    # What the step wrote goes out in one flush at the end: an effect that must read its own
    # writes flushes them itself.
    with step.session.no_autoflush:
        if moves:
            timers.reset(step)
        step.event.effects = run_effects(step, uses)
    step.session.add(step.event)
    return step


def _said(decision: rules.Decision) -> dict[str, Any]:
    """Return the answers the customer may read. Source: feature 77."""
    shown = (f.name for f in decision.transition.fields if f.visible_to_customer)
    values = {name: audit.plain(decision.input.get(name)) for name in shown}
    return {name: value for name, value in values.items() if value not in (None, "")}


def _replay(
    session: Session, subject: Subject, definition: Definition, order: Order
) -> Step | None:
    """Return the step an order with this key took before, None when there is none."""
    if order.key is None:
        return None
    event = session.scalars(select(Event).where(Event.key == order.key)).one_or_none()
    if event is None:
        return None
    same = (event.subject, event.subject_id, event.trigger, event.actor_ref) == (
        subject.subject_name,
        subject.id,
        order.trigger,
        order.actor.ref,
    )
    if not same:
        raise TransitionBlocked(N_("This form was sent before, with other words."), event=event)
    company = session.get_one(Company, order.actor.company_id)
    return Step(
        session, company, definition, subject, event, order.actor, order.input, event.at, {}
    )
