"""What has happened to a record since somebody saw it, apart from what changes nothing for them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Event, Subject
from app.services.moves import Submission
from workflows import engine, undo, versions


def since(session: Session, subject: Subject, seen: int) -> Sequence[Event]:
    """Return the steps after event number ``seen``, oldest first.

    Left out is what decides nothing: reminders, notes, being opened for review, and a new
    version of the workflow that left the record where it was.
    """
    statement = select(Event).where(
        Event.subject == subject.subject_name,
        Event.subject_id == subject.id,
        Event.seq > seen,
    )
    rows = session.scalars(statement.order_by(Event.seq)).all()
    return [row for row in rows if _is_news(session, row)]


def catch_up(session: Session, subject: Subject, submission: Submission) -> Submission:
    """Return a form as one of now when nothing has happened since it was opened but a reminder.

    Source: feature 49, whoever opens a request and approves at once is not too late.
    """
    seen = submission.expected_event
    if seen is None or seen >= subject.event_seq or since(session, subject, seen):
        return submission
    return replace(submission, expected_event=subject.event_seq)


def _is_news(session: Session, event: Event) -> bool:
    if event.trigger in (engine.MOVED, undo.UNDONE) or event.from_state is None:
        return event.from_state != event.to_state
    known = versions.load(session, event.workflow_version_id).transitions_of(event.trigger)
    return any(not each.when_opened for each in known)
