"""Timers as rows: set when a state is entered, called off when it is left, fired once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import locked
from app.models import Event, Holiday, OpeningHours, Timer
from workflows.calendars import Calendar
from workflows.schema import Definition
from workflows.schema import Timer as TimerRule

if TYPE_CHECKING:
    from workflows.effects import Step

Policy = Literal["restart_from_state_entry", "keep_due", "restart_now"]


def reset(step: "Step") -> None:
    """Call off what belongs to the state that was left, set what belongs to the one entered.

    A step back into the same state counts anew: a second proposal waits its full time.
    """
    definition, subject, event = step.definition, step.subject, step.event
    if next(definition.all_timers(), None) is None:
        return
    if event.seq > 1:
        _call_off(step, subject.outcome is not None)
    if subject.outcome is None:
        _set(step, definition.timers_in(event.to_state), in_state=event.to_state)
    if event.seq == 1:
        _set(step, definition.timers, in_state=None)


def due(session: Session, *, at: datetime, limit: int = 100) -> list[tuple[int, int]]:
    """Return (company id, timer id) of what is due, earliest first; the caller is in «all»."""
    statement = (
        select(Timer.company_id, Timer.id)
        .where(Timer.done_at.is_(None), Timer.due_at <= at)
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
    )
    return [(row.company_id, row.id) for row in session.execute(statement)]


def claim(session: Session, timer_id: int, *, at: datetime) -> Timer | None:
    """Return the timer, marked as done, or None when somebody else was first."""
    statement = locked(select(Timer).where(Timer.id == timer_id, Timer.done_at.is_(None)))
    timer = session.scalars(statement).one_or_none()
    if timer is not None:
        timer.done_at = at
    return timer


def rule_of(definition: Definition, timer: Timer) -> TimerRule | None:
    """Return the definition's own words about a timer row."""
    rules = definition.timers_in(timer.in_state) if timer.in_state else definition.timers
    return next((rule for rule in rules if rule.name == timer.name), None)


def calendar(session: Session, zone: str) -> Calendar:
    """Return the company's business time: opening hours and holidays in its zone."""
    hours = session.scalars(select(OpeningHours)).all()
    holidays = session.scalars(select(Holiday.day)).all()
    return Calendar(zone, [(h.weekday, h.opens, h.closes) for h in hours], frozenset(holidays))


def next_round(session: Session, timer: Timer, rule: TimerRule, due_at: datetime) -> None:
    """Set the next repetition of a timer that has just fired, if it has one left."""
    if rule.repeat is None or timer.round >= rule.times:
        return
    session.add(
        Timer(
            subject=timer.subject,
            subject_id=timer.subject_id,
            workflow_version_id=timer.workflow_version_id,
            name=timer.name,
            in_state=timer.in_state,
            entry_seq=timer.entry_seq,
            round=timer.round + 1,
            due_at=due_at,
        )
    )


def carry_over(steps: Sequence["Step"], policy: Policy) -> None:
    """Give records that were taken over to another version that version's timers.

    What has fired since the state was entered doesn't fire again, unless all begin anew.
    """
    if not steps:
        return
    first, found = steps[0], _of(steps)
    days = calendar(first.session, first.company.timezone)
    for step in steps:
        kept = set(_carry(step, found[step.subject.id], policy))
        if step.subject.outcome is not None:
            continue
        for in_state, rule in _rules_at(step):
            if (in_state, rule.name) not in kept:
                since = _since(step, in_state, policy)
                _add(step, rule, in_state, days.add(since, rule.after, rule.clock))


def _of(steps: Sequence["Step"]) -> dict[int, list[Timer]]:
    found: dict[int, list[Timer]] = defaultdict(list)
    statement = select(Timer).where(
        Timer.subject == steps[0].event.subject,
        Timer.subject_id.in_([step.event.subject_id for step in steps]),
    )
    for timer in steps[0].session.scalars(statement.order_by(Timer.id)):
        found[timer.subject_id].append(timer)
    return found


def _carry(
    step: "Step", known: Sequence[Timer], policy: Policy
) -> Iterator[tuple[str | None, str]]:
    """Yield which of the new rules need no timer set, and call off what no rule wants."""
    wanted = {(in_state, rule.name) for in_state, rule in _rules_at(step)}
    stood = [timer for timer in known if _is_of_this_stay(step, timer)]
    fired = {(timer.in_state, timer.name) for timer in stood if timer.fired_at}
    if policy != "restart_now" and step.subject.outcome is None:
        yield from fired
    for timer in known:
        if timer.done_at is not None:
            continue
        rule = (timer.in_state, timer.name)
        stays = policy == "keep_due" or (rule in fired and policy != "restart_now")
        if stays and rule in wanted:
            timer.workflow_version_id = step.event.workflow_version_id
            yield rule
        else:
            timer.done_at = step.at


def _rules_at(step: "Step") -> Iterator[tuple[str | None, TimerRule]]:
    if step.subject.outcome is not None:
        return
    for rule in step.definition.timers_in(step.subject.state):
        yield step.subject.state, rule
    for top in step.definition.timers:
        yield None, top


def _is_of_this_stay(step: "Step", timer: Timer) -> bool:
    since = step.subject.state_since
    return timer.in_state is None or (timer.fired_at is not None and timer.fired_at >= since)


def _since(step: "Step", in_state: str | None, policy: Policy) -> datetime:
    """Return what a new timer counts from; one that is merely new never falls due at once."""
    if policy != "restart_from_state_entry":
        return step.at
    if in_state is not None:
        return step.subject.state_since
    begun: datetime | None = getattr(step.subject, "submitted_at", None)
    return begun or step.subject.state_since


def _call_off(step: "Step", ended: bool) -> None:
    """End the timers of the state left; those over several states stay until the record ends."""
    statement = update(Timer).where(
        Timer.subject == step.event.subject,
        Timer.subject_id == step.event.subject_id,
        Timer.done_at.is_(None),
    )
    if not ended:
        statement = statement.where(Timer.in_state.is_not(None))
    step.session.execute(statement.values(done_at=step.at))


def put_back(step: "Step", event: Event) -> None:
    """Bring back the timers a step called off, and call off those it set: it is taken back."""
    mine = (Timer.subject == event.subject, Timer.subject_id == event.subject_id)
    ended = update(Timer).where(
        *mine, Timer.done_at == event.at, Timer.fired_at.is_(None), Timer.entry_seq < event.seq
    )
    step.session.execute(ended.values(done_at=None))
    begun = update(Timer).where(*mine, Timer.done_at.is_(None), Timer.entry_seq == event.seq)
    step.session.execute(begun.values(done_at=step.at))


def _set(step: "Step", rules: Iterable[TimerRule], *, in_state: str | None) -> None:
    for rule in rules:
        due_at = moment_after(step.session, step.company.timezone, rule, step.at)
        _add(step, rule, in_state, due_at)


def _add(step: "Step", rule: TimerRule, in_state: str | None, due_at: datetime) -> None:
    step.session.add(
        Timer(
            subject=step.event.subject,
            subject_id=step.event.subject_id,
            workflow_version_id=step.event.workflow_version_id,
            name=rule.name,
            in_state=in_state,
            entry_seq=step.event.seq,
            due_at=due_at,
        )
    )


def moment_after(
    session: Session, zone: str, rule: TimerRule, since: datetime, *, repeat: bool = False
) -> datetime:
    """Return when a timer counted from ``since`` is due, by its clock."""
    duration = (rule.repeat if repeat else rule.after) or rule.after
    return calendar(session, zone).add(since, duration, rule.clock)
