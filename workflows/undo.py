"""A step taken back while nobody has been told yet: whether it can be, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import ColumnElement, Date, and_, delete, func, inspect, or_, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.columns import UtcDateTime
from app.errors import N_, TransitionBlocked
from app.models import Event, OutboxMessage, Subject
from workflows import audit, registry, versions
from workflows.durations import parse_duration
from workflows.refusing import last_event
from workflows.schema import EffectUse, Transition

if TYPE_CHECKING:
    from workflows.effects import Step

UNDONE: Final = "workflow.undone"  # no trigger can have a dot, so no definition's step is called so
TOO_LATE: Final = N_("This can't be taken back any more.")
# A record's number and its chain of events go on, whatever is taken back.
_KEPT: Final = frozenset({
    "id", "company_id", "ref", "workflow_version_id", "state", "event_seq", "event_digest",
})  # fmt: skip
AnyEvent = TypeVar("AnyEvent", bound=Any)


@dataclass(frozen=True)
class Offer:
    """A step that could be taken back until a moment, and what has to be done for it."""

    event: Event
    transition: Transition
    until: datetime

    @property
    def inverses(self) -> tuple[EffectUse, ...]:
        """Return the effects that take back what the step made elsewhere, last first."""
        found = (registry.effects()[use.name].inverse for use in self.transition.effects)
        return tuple(EffectUse.model_validate({name: {}}) for name in found if name)[::-1]


def hold_until(transition: Transition, at: datetime) -> datetime | None:
    """Return how long a step's messages wait, None when they go at once."""
    if transition.undo is None:
        return None
    return at + timedelta(seconds=parse_duration(transition.undo).approximate_s)


def columns_of(subject: Subject) -> dict[str, Any]:
    """Return what a step may change of the record itself."""
    names = (each.key for each in inspect(type(subject)).column_attrs)
    return {name: getattr(subject, name) for name in names if name not in _KEPT}


def note_changes(step: Step, before: dict[str, Any]) -> None:
    """Remember in the step's event what the record was, and which records were made."""
    now = columns_of(step.subject)
    changed = {name: was for name, was in before.items() if now[name] != was}
    made = {noun: row.id for noun, row in step.made.items()}
    step.event.restores = {"columns": audit.plain(changed), "made": made}


def offer(session: Session, subject: Subject, actor: Actor, *, at: datetime) -> Offer | None:
    """Return how a record's newest step can be taken back by whoever took it, None if not.

    Only while its messages are held back, and only if all it did has an inverse.
    """
    definition = versions.load(session, subject.workflow_version_id)
    if not any(transition.undo for transition in definition.transitions):
        return None  # as nearly everywhere: not worth a query
    event = last_event(session, subject)
    if event is None or event.restores is None or event.actor_ref != actor.ref:
        return None
    for transition in definition.transitions_of(event.trigger):
        if event.from_state in transition.source and transition.dest == event.to_state:
            until = hold_until(transition, event.at)
            if until is not None and at < until and _has_inverses(transition):
                return Offer(event, transition, until)
    return None


def restore(step: Step, event: Event) -> None:
    """Put the record's columns back as they were before ``event``."""
    columns = inspect(type(step.subject)).columns
    for name, value in (event.restores or {}).get("columns", {}).items():
        setattr(step.subject, name, _typed(columns[name].type, value))


def withdraw_messages(session: Session, event: Event) -> None:
    """Delete what the step promised, and what the records it made did.

    Raises TransitionBlocked when something has gone out, or is going out now.
    """
    made = (event.restores or {}).get("made", {})
    rule = or_(
        # its own, and what the effects of the way back would have said
        *(OutboxMessage.key.startswith(_key(event, seq), autoescape=True) for seq in (0, 1)),
        *(_about(noun, id_) for noun, id_ in made.items()),
    )
    unsent = delete(OutboxMessage).where(
        rule, OutboxMessage.sent_at.is_(None), OutboxMessage.claimed_until.is_(None)
    )
    session.flush()
    session.execute(unsent, execution_options={"synchronize_session": False})
    if session.scalar(select(func.count(OutboxMessage.id)).where(rule)):
        raise TransitionBlocked(TOO_LATE, event=event)


def standing(events: Iterable[AnyEvent]) -> Sequence[AnyEvent]:
    """Return the events, oldest first, without steps that were taken back and their taking back."""
    found: list[AnyEvent] = []
    for event in events:
        if event.trigger == UNDONE:
            found.pop()
        else:
            found.append(event)
    return found


def _has_inverses(transition: Transition) -> bool:
    return all(
        use.name == "send_message" or registry.effects()[use.name].inverse
        for use in transition.effects
    )


def _key(event: Event, later: int) -> str:
    return f"{event.subject}:{event.subject_id}:{event.seq + later}:"


def _about(noun: str, id_: int) -> ColumnElement[bool]:
    return and_(OutboxMessage.subject == noun, OutboxMessage.subject_id == id_)


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
