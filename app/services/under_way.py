"""Records under way in a workflow: how many stand where, and who would notice a new version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.models import Customer, Estimate, Job, OutboxMessage, Request, Timer, WorkflowVersion
from workflows import versions
from workflows.durations import parse_duration
from workflows.schema import Definition, State
from workflows.schema import Timer as TimerRule
from workflows.tones import tone_of

MODELS: Final[Mapping[str, type[Any]]] = {
    "request": Request, "job": Job, "estimate": Estimate,
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The records in one state, by the version they follow."""

    name: str
    label: Mapping[str, str]
    tone: str
    by_version: Mapping[int, int]  # records by the id of their version
    is_gone: bool  # the draft has no such state

    @property
    def count(self) -> int:
        """Return how many records stand here."""
        return sum(self.by_version.values())


@dataclass(frozen=True)
class Notices:
    """Who would notice: customers, reminders, links in mails that went out."""

    customers: int
    timers: int
    sooner: int
    later: int
    called_off: int
    new_timers: int
    overdue: int
    next_due: datetime | None
    links_kept: int
    links_dead: int


def older(key: str, *, than: int | None = None) -> Select[int]:
    """Return a statement for the ids of a workflow's versions, without the one named."""
    statement = select(WorkflowVersion.id).where(WorkflowVersion.key == key)
    return statement if than is None else statement.where(WorkflowVersion.id != than)


def counts(session: Session, key: str, subject: str) -> dict[str, dict[int, int]]:
    """Return how many undecided records stand in each state, by version."""
    model = MODELS.get(subject)
    found: dict[str, dict[int, int]] = {}
    if model is None:
        return found
    statement = (
        select(model.state, model.workflow_version_id, func.count())
        .where(model.outcome.is_(None), model.workflow_version_id.in_(older(key)))
        .group_by(model.state, model.workflow_version_id)
    )
    for state, version_id, number in session.execute(statement):
        found.setdefault(state, {})[version_id] = number
    return found


def groups(session: Session, key: str, published: Definition, draft: Definition) -> list[Group]:
    """Return the states that hold records, in the published order, older ones behind."""
    found = counts(session, key, published.subject)
    order = [state.name for state in published.states if state.name in found]
    order += sorted(set(found) - set(order))
    return [_group(session, name, found[name], published, draft) for name in order]


def notices(
    session: Session, groups_: Sequence[Group], draft: Definition, *, at: datetime
) -> Notices:
    """Return who would notice if everything moved and kept its state."""
    waiting = list(_timer_groups(session, groups_, draft))
    kept, dead = _links(session, groups_, draft)
    due = [each.first for each in waiting if each.rule is not None]
    return Notices(
        customers=_customers(session, groups_, draft),
        timers=sum(each.count for each in waiting),
        sooner=sum(each.count for each in waiting if each.shift < 0),
        later=sum(each.count for each in waiting if each.shift > 0),
        called_off=sum(each.count for each in waiting if each.rule is None),
        new_timers=_new_timers(session, groups_, draft),
        overdue=_overdue(session, groups_, draft, at),
        next_due=min(due, default=None),
        links_kept=kept,
        links_dead=dead,
    )


def _group(
    session: Session, name: str, by_version: dict[int, int], published: Definition, new: Definition
) -> Group:
    state = published.state(name) if published.has_state(name) else None
    if state is None:
        state = versions.load(session, max(by_version)).state(name)
    return Group(
        name, state.label, tone_of(published.subject, state), by_version, not new.has_state(name)
    )


def _customers(session: Session, groups_: Sequence[Group], draft: Definition) -> int:
    """Return how many customers would read another word than they read now."""
    changed = [
        and_(model.workflow_version_id == version_id, model.state == group.name, *of_language)
        for group in groups_
        for version_id in group.by_version
        for model in (MODELS[draft.subject],)
        for of_language in _languages_changed(session, version_id, group.name, draft)
    ]
    if not changed:
        return 0
    model = MODELS[draft.subject]
    statement = (
        select(func.count(func.distinct(model.customer_id)))
        .join(Customer, and_(Customer.id == model.customer_id))
        .where(model.outcome.is_(None), or_(*changed))
    )
    return session.scalar(statement) or 0


def _languages_changed(
    session: Session, version_id: int, name: str, draft: Definition
) -> Iterator[tuple[Any, ...]]:
    before = versions.load(session, version_id).state(name).customer_label
    after = draft.state(name).customer_label if draft.has_state(name) else {}
    changed = {code for code in {*before, *after} if before.get(code) != after.get(code)}
    if changed == {*before, *after}:
        yield ()
    elif changed:
        yield (Customer.language.in_(changed),)


@dataclass(frozen=True)
class _Waiting:
    """Open timers of one rule: how many, the first one due, and how the draft shifts them."""

    rule: TimerRule | None
    count: int
    first: datetime
    shift: int


def _timer_groups(
    session: Session, groups_: Sequence[Group], draft: Definition
) -> Iterator[_Waiting]:
    model = MODELS[draft.subject]
    key = (Timer.workflow_version_id, Timer.in_state, Timer.name)
    statement = (
        select(*key, func.count(), func.min(Timer.due_at))
        .join(model, and_(model.id == Timer.subject_id, model.company_id == Timer.company_id))
        .where(Timer.subject == draft.subject, Timer.done_at.is_(None), model.outcome.is_(None))
        .where(model.workflow_version_id.in_({v for group in groups_ for v in group.by_version}))
        .group_by(*key)
    )
    for version_id, in_state, name, count, first in session.execute(statement):
        before = _rule(versions.load(session, version_id), in_state, name)
        after = _rule(draft, in_state, name)
        yield _Waiting(after, count, first, _shift(before, after))


def _rule(definition: Definition, in_state: str | None, name: str) -> TimerRule | None:
    if in_state is not None and not definition.has_state(in_state):
        return None
    rules = definition.timers_in(in_state) if in_state else definition.timers
    return next((rule for rule in rules if rule.name == name), None)


def _shift(before: TimerRule | None, after: TimerRule | None) -> int:
    if before is None or after is None:
        return 0
    return parse_duration(after.after).approximate_s - parse_duration(before.after).approximate_s


def _new_rules(
    session: Session, groups_: Sequence[Group], draft: Definition
) -> Iterator[tuple[Group, int, TimerRule]]:
    """Yield each rule that records of a version would get anew in the state they stand in."""
    for group in groups_:
        state: State | None = draft.state(group.name) if draft.has_state(group.name) else None
        for version_id in group.by_version if state else ():
            old = versions.load(session, version_id)
            for rule in state.timers if state else ():
                if _rule(old, group.name, rule.name) is None:
                    yield group, version_id, rule


def _new_timers(session: Session, groups_: Sequence[Group], draft: Definition) -> int:
    return sum(
        group.by_version[version_id] for group, version_id, _ in _new_rules(session, groups_, draft)
    )


def _overdue(session: Session, groups_: Sequence[Group], draft: Definition, at: datetime) -> int:
    """Return how many new timers would be due at once if counted from the state's entry."""
    model = MODELS[draft.subject]
    found = 0
    for group, version_id, rule in _new_rules(session, groups_, draft):
        length = timedelta(seconds=parse_duration(rule.after).approximate_s)
        statement = select(func.count()).where(
            model.outcome.is_(None),
            model.state == group.name,
            model.workflow_version_id == version_id,
            model.state_since < at - length,
        )
        found += session.scalar(statement.select_from(model)) or 0
    return found


def _links(session: Session, groups_: Sequence[Group], draft: Definition) -> tuple[int, int]:
    """Return how many one-click answers in mails would still do something, and how many not."""
    if draft.subject != "request" or not groups_:
        return 0, 0
    statement = (
        select(OutboxMessage.payload, Request.state, Request.workflow_version_id)
        .join(
            Request,
            and_(
                Request.id == OutboxMessage.subject_id,
                Request.company_id == OutboxMessage.company_id,
            ),
        )
        .where(OutboxMessage.subject == "request", Request.outcome.is_(None))
        .where(OutboxMessage.payload["actions"][0].as_string().is_not(None))
        .where(Request.workflow_version_id.in_({v for g in groups_ for v in g.by_version}))
    )
    kept = dead = 0
    for payload, state, version_id in session.execute(statement):
        for trigger in payload["actions"]:
            works_now = versions.load(session, version_id).candidates(state, trigger)
            works_then = draft.candidates(state, trigger)
            kept += bool(works_now and works_then)
            dead += bool(works_now and not works_then)
    return kept, dead
