"""Why a step is not taken, as the error that entrances turn into an answer."""

from typing import Any, NoReturn, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import N_, DomainError, Forbidden, Invalid, NotFound, TransitionBlocked
from app.models import Event, Subject
from workflows import rules

Error = TypeVar("Error", bound=DomainError)


def last_event(session: Session, subject: Subject) -> Event | None:
    """Return the newest event of a record."""
    statement = select(Event).where(
        Event.subject == subject.subject_name,
        Event.subject_id == subject.id,
        Event.seq == subject.event_seq,
    )
    return session.scalars(statement).one_or_none()


def refuse_changed(session: Session, subject: Subject) -> NoReturn:
    """Raise TransitionBlocked: somebody else was first."""
    raise TransitionBlocked(
        N_("This changed since you opened it."), event=last_event(session, subject)
    )


def as_error(session: Session, subject: Subject, refusals: rules.Refusals) -> DomainError:
    """Return the error that says what the first failed check found."""
    first = refusals.reasons[0]
    if first.code in ("field", "validator"):
        return Invalid({_field(r): _in_words(DomainError, r) for r in refusals.reasons})
    if first.code == "unknown":
        return NotFound("transition")
    if first.code == "role":
        return _in_words(Forbidden, first)
    return _in_words(TransitionBlocked, first, event=last_event(session, subject))


def _field(refusal: rules.Refusal) -> str:
    """Return the form's name of the field: ``job.starts_at`` is ``starts_at`` there."""
    return (refusal.field or "").rpartition(".")[2]


def _in_words(make: type[Error], refusal: rules.Refusal, **rest: Any) -> Error:
    return make(refusal.msgid, texts=refusal.texts, **refusal.params, **rest)
