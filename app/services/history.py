"""What happened to a record: its events and the messages that went out, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, OutboxMessage, Subject
from app.services.typed_data import KEPT
from workflows import engine, undo, versions
from workflows.schema import Definition
from workflows.tones import tone_of

# Steps no definition has.
_OURS: Final[Mapping[str, Literal["moved", "undone", "kept"]]] = {
    KEPT: "kept",
    engine.MOVED: "moved",
    undo.UNDONE: "undone",
}


@dataclass(frozen=True)
class Entry:
    """One line of a timeline. ``label`` and ``state`` are the definition's words by language."""

    at: datetime
    kind: Literal["submitted", "step", "undone", "reminder", "moved", "kept", "message"]
    tone: str
    actor_name: str = ""
    actor_kind: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)
    customer_state: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    message: OutboxMessage | None = None


def of(session: Session, subject: Subject) -> list[Entry]:
    """Return everything that happened, oldest first, for staff."""
    entries = [_step(session, event, to_staff=True) for event in events(session, subject)]
    entries += _messages(session, subject)
    return sorted(entries, key=lambda entry: entry.at)


def steps(session: Session, subject: Subject) -> list[Entry]:
    """Return the steps that stand, oldest first; ``said`` holds only what a customer may read."""
    return [_step(session, event) for event in undo.standing(events(session, subject))]


def events(session: Session, subject: Subject) -> Sequence[Event]:
    """Return the audit rows of a record, oldest first."""
    statement = select(Event).where(
        Event.subject == subject.subject_name, Event.subject_id == subject.id
    )
    return session.scalars(statement.order_by(Event.seq)).all()


def _step(session: Session, event: Event, *, to_staff: bool = False) -> Entry:
    definition = versions.load(session, event.workflow_version_id)
    state = definition.state(event.to_state)
    return Entry(
        at=event.at,
        kind=_kind(event, definition),
        tone=tone_of(event.subject, state),
        actor_name=event.actor_name,
        actor_kind=event.actor_ref.partition(":")[0],
        label=_label(event, definition),
        state=state.label,
        customer_state=state.customer_label,
        said=_said(event, definition, to_staff=to_staff),
    )


def _kind(
    event: Event, definition: Definition
) -> Literal["submitted", "step", "undone", "reminder", "moved", "kept"]:
    if event.from_state is None:
        return "submitted"
    if event.trigger in _OURS:
        return _OURS[event.trigger]
    return "step" if definition.transitions_of(event.trigger) else "reminder"


def _label(event: Event, definition: Definition) -> Mapping[str, str]:
    if event.trigger == engine.MOVED:
        return {**event.input.get("note", {})}
    undone = event.trigger == undo.UNDONE
    found = definition.transitions_of(event.input.get("step", "") if undone else event.trigger)
    return found[0].label if found else {}


def _said(event: Event, definition: Definition, *, to_staff: bool) -> dict[str, Any]:
    """Return what a customer may read of a step; staff read all that was written."""
    if event.trigger == KEPT:
        return {name: made["words"] for name, made in event.input.items()}
    shown = {
        field.name
        for transition in definition.transitions_of(event.trigger)
        for field in transition.fields
        if field.visible_to_customer or (to_staff and field.type in ("text", "long_text"))
    }
    return {name: value for name, value in event.input.items() if name in shown and value}


def _messages(session: Session, subject: Subject) -> list[Entry]:
    statement = select(OutboxMessage).where(
        OutboxMessage.subject == subject.subject_name, OutboxMessage.subject_id == subject.id
    )
    tones = {"sent": "neutral", "waiting": "neutral", "retrying": "waiting", "gave_up": "lost"}
    return [
        Entry(at=row.sent_at or row.created_at, kind="message", tone=tones[row.status], message=row)
        for row in session.scalars(statement.order_by(OutboxMessage.id))
    ]
