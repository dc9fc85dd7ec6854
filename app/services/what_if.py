"""What if a draft had been in force: real histories taken again, without any effect."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import N_
from app.models import Company, Event, Request
from app.services import under_way, what_was_asked, workflow_drafts
from workflows import names, timers, undo, versions
from workflows.calendars import Calendar
from workflows.phrases import Own, Phrase
from workflows.replay import FactsAt, Replayed, Taken, fails, replay
from workflows.schema import Definition, EffectUse
from workflows.schema import Timer as TimerRule

DAYS: Final = 90
_ENDS_ELSEWHERE: Final = N_("It would stand in “%(state)s” instead.")
_TIMER_FIRST: Final = N_("This would have come first: %(timer)s.")
_NOT_HANDED_IN: Final = N_("It could not have been handed in: %(why)s")
_ASKED_MORE: Final = N_("It would have been asked for: %(questions)s.")
_MESSAGE: Final = "send_message"


@dataclass(frozen=True)
class Difference:
    """One record that would not have ended as it did, and why."""

    record_id: int
    state: str
    would_be: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """Return why, to be said in anybody's language."""
        return Phrase(self.msgid, self.params)


@dataclass(frozen=True)
class Tally:
    """Mails caused by steps, and by timers."""

    mails: int = 0
    reminders: int = 0


@dataclass(frozen=True)
class Comparison:
    """How many end the same, which differ, and what would have been sent."""

    records: int
    differences: Sequence[Difference]
    before: Tally
    after: Tally
    asked_more: Sequence[Difference] = ()  # they end the same, after more questions

    @property
    def same(self) -> int:
        """Return how many end as they did."""
        return self.records - len(self.differences)


@dataclass(frozen=True)
class _Past:
    """One record's history: the steps, when each was taken, where it stands now."""

    record_id: int
    state: str
    is_decided: bool
    steps: Sequence[Taken]
    moments: Sequence[datetime]  # of submitting, then of each step
    sent: Tally


def compare(
    session: Session, actor: Actor, key: str, draft: Definition, *, at: datetime, days: int = DAYS
) -> Comparison:
    """Take the records of the last ``days`` through a draft; nothing is written.

    Roles, forms and timers are looked at anew, and of the conditions those that are new and ask
    about what is still known. Raises Forbidden, NotFound.
    """
    workflow_drafts.check_owner(actor)
    company = session.get_one(Company, actor.company_id)
    published = versions.current(session, company, key)
    calendar = timers.calendar(session, company.timezone)
    found: list[Difference] = []
    asked_more: list[Difference] = []
    before, after = Tally(), Tally()
    pasts = list(_histories(session, key, draft.subject, since=at - timedelta(days=days)))
    looks = what_was_asked.looks_at_requests(draft, published)
    rows = what_was_asked.by_id(session, {past.record_id for past in pasts}) if looks else {}
    for past in pasts:
        known = _facts_of(session, company, past, rows.get(past.record_id))
        again = replay(draft, past.steps, known)
        reminders, first = _timers(draft, again, past, calendar, at)
        before = _plus(before, past.sent)
        after = _plus(after, Tally(_mails(draft, again), reminders))
        shut, more = _handing_in(draft, past, published, rows.get(past.record_id), known)
        why = shut or _difference(draft, past, again, first)
        if why is not None:
            found.append(why)
        elif more is not None:
            asked_more.append(more)
    return Comparison(len(pasts), found, before, after, asked_more)


def _facts_of(
    session: Session, company: Company, past: _Past, row: Request | None
) -> FactsAt | None:
    """Return what was known of a request at each of its steps, None when nobody will ask."""
    if row is None or not past.moments:
        return None

    def known(number: int) -> Mapping[str, Any]:
        role = past.steps[number].role if number >= 0 else "customer"
        moment = past.moments[min(number + 1, len(past.moments) - 1)]
        return what_was_asked.known_of(session, row, company, role, moment)

    return known


def _handing_in(
    draft: Definition, past: _Past, published: Definition, row: Request | None,
    known: FactsAt | None,
) -> tuple[Difference | None, Difference | None]:  # fmt: skip
    """Return what would have kept it from being handed in, and what it lacks an answer to."""
    if row is None or known is None:
        return None, None
    facts = known(-1)
    held = {one.expression for one in published.submit.conditions}
    failed = fails(draft.submit.conditions, held, facts)
    nowhere = Difference(past.record_id, past.state, "", _NOT_HANDED_IN)
    if failed is not None:
        return replace(nowhere, params={"why": Own(failed.message)}), None
    wanted = what_was_asked.missing(draft, row, facts)
    if not wanted:
        return None, None
    params = {"questions": tuple(wanted)}
    return None, Difference(past.record_id, past.state, past.state, _ASKED_MORE, params)


def _histories(session: Session, key: str, subject: str, *, since: datetime) -> Iterator[_Past]:
    model = under_way.MODELS[subject]
    begun = model.submitted_at if subject == "request" else model.created_at
    chosen = (begun >= since, model.workflow_version_id.in_(under_way.older(key)))
    rows = session.execute(
        select(model.id, model.state, model.outcome).where(*chosen).order_by(model.id)
    ).all()
    statement = (
        select(
            Event.subject_id, Event.trigger, Event.from_state, Event.to_state, Event.actor_role,
            Event.at, Event.input, Event.effects, Event.workflow_version_id,
        )
        .where(Event.subject == subject, Event.subject_id.in_(select(model.id).where(*chosen)))
        .order_by(Event.subject_id, Event.seq)
    )  # fmt: skip
    events: dict[int, list[Any]] = defaultdict(list)
    for event in session.execute(statement):
        events[event.subject_id].append(event)
    for id_, state, outcome in rows:
        yield _past(session, id_, state, outcome is not None, events[id_])


def _past(session: Session, id_: int, state: str, is_decided: bool, events: Sequence[Any]) -> _Past:
    steps: list[Taken] = []
    moments: list[datetime] = []
    mails = reminders = 0
    for event in undo.standing(events):
        sent = sum(name.startswith(_MESSAGE) for name in event.effects)
        known = versions.load(session, event.workflow_version_id)
        if event.from_state is None:
            moments.append(event.at)
        elif known.transitions_of(event.trigger):
            steps.append(_taken(event, known))
            moments.append(event.at)
        else:  # a reminder, or a move to another version
            reminders, sent = reminders + sent, 0
        mails += sent
    return _Past(id_, state, is_decided, steps, moments, Tally(mails, reminders))


def _taken(event: Any, known: Definition) -> Taken:
    ways = known.transitions_of(event.trigger)
    held = {one.expression for way in ways for one in way.conditions}
    return Taken(event.trigger, event.actor_role, event.to_state, event.input, held)


def _difference(
    draft: Definition, past: _Past, again: Replayed, first: TimerRule | None
) -> Difference | None:
    if first is not None:
        said = {"timer": names.timer(draft, first)}
        why: tuple[str, Mapping[str, object]] = (_TIMER_FIRST, said)
    elif not again.is_complete:
        why = (again.msgid, again.params)
    elif again.state != past.state:
        why = (_ENDS_ELSEWHERE, {"state": names.state(draft, again.state)})
    else:
        return None
    return Difference(past.record_id, past.state, again.state, *why)


def _timers(
    draft: Definition, again: Replayed, past: _Past, calendar: Calendar, at: datetime
) -> tuple[int, TimerRule | None]:
    """Return how many reminders would have gone out, and a timer that would have moved it."""
    if not past.moments:
        return 0, None
    reminders = 0
    for state, since, until in _stays(draft, again, past, at):
        for rule in draft.timers_in(state):
            due_at = calendar.add(since, rule.after, rule.clock)
            if due_at >= until:
                continue
            if rule.fire is not None:
                return reminders, rule
            reminders += _rounds(rule, due_at, until, calendar)
        for top in draft.timers:
            due_at = calendar.add(past.moments[0], top.after, top.clock)
            if state in top.states and since <= due_at < until:
                reminders += _messages(top.effects)
    return reminders, None


def _stays(
    draft: Definition, again: Replayed, past: _Past, at: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield each state the record would have been in, from when, and until when."""
    here = str(draft.initial)
    for number, way in enumerate(again.ways, start=1):
        yield here, past.moments[number - 1], past.moments[number]
        here = way.dest
    if not draft.state(here).final:
        ended = past.moments[-1] if past.is_decided else at
        yield here, past.moments[len(again.ways)], ended


def _rounds(rule: TimerRule, due_at: datetime, until: datetime, calendar: Calendar) -> int:
    found, number = 0, 1
    while due_at < until and number <= rule.times:
        found += _messages(rule.effects)
        due_at = calendar.add(due_at, rule.repeat or rule.after, rule.clock)
        number += 1
    return found


def _mails(draft: Definition, again: Replayed) -> int:
    return _messages(draft.submit.effects) + sum(_messages(way.effects) for way in again.ways)


def _messages(uses: Sequence[EffectUse]) -> int:
    return sum(use.name == _MESSAGE for use in uses)


def _plus(one: Tally, other: Tally) -> Tally:
    return Tally(one.mails + other.mails, one.reminders + other.reminders)
