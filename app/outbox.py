"""Promises: rows that say what must happen outside once the step is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models import OutboxMessage

_RING = "doorbell"
_HOLD = "outbox_hold"


@dataclass(frozen=True)
class Promise:
    """One outside effect; ``key`` is unique in the company, so that twice means once."""

    key: str
    topic: str
    payload: dict[str, Any]
    subject: str | None = None
    subject_id: int | None = None
    recipient: str | None = None
    channel: str = "email"
    after: datetime | None = field(default=None)  # not before this moment


def post(session: Session, promise: Promise, *, at: datetime) -> OutboxMessage:
    """Write a promise into the open transaction and have the bell rung after the commit."""
    row = OutboxMessage(
        key=promise.key,
        topic=promise.topic,
        payload=promise.payload,
        subject=promise.subject,
        subject_id=promise.subject_id,
        recipient=promise.recipient,
        channel=promise.channel,
        created_at=at,
        due_at=max(filter(None, (promise.after or at, session.info.get(_HOLD)))),
        attempts=0,
    )
    session.add(row)
    if row.due_at <= at:
        ring_after(session)
    return row


@contextmanager
def held(session: Session, until: datetime | None) -> Iterator[None]:
    """Keep back until a moment whatever is posted inside, by steps within the step too."""
    before = session.info.get(_HOLD)
    session.info[_HOLD] = until or before
    try:
        yield
    finally:
        session.info[_HOLD] = before


def ring_after(session: Session) -> None:
    """Have the bell rung after the commit: something is due."""
    session.info[_RING] = True


def take_bell(session: Session) -> bool:
    """Return True once after something due was posted: the entrance rings the queue then."""
    return bool(session.info.pop(_RING, False))
