"""The audit chain: each event's digest covers the one before it, record by record."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.models import Event, Subject


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: moments in ISO 8601, money as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def digest(data: Any) -> str:
    """Return the sha256 of the one JSON text of ``data``, in hexadecimal."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(event: Event, ref: str) -> None:
    """Write the digests of an event whose other columns are set.

    ``ref`` stands for the record: its public id is known before the database gives it a number.
    """
    event.payload_digest = digest([event.input, event.actor_name])
    event.digest = digest(_header(event, ref))


def is_whole(events: Iterable[Event], subject: Subject) -> bool:
    """Return True when the record's events, oldest first, are complete and unchanged."""
    previous, seq = "", 0
    for event in events:
        seq += 1
        expected = digest(_header(event, subject.ref))
        if (event.seq, event.previous_digest, event.digest) != (seq, previous, expected):
            return False
        previous = event.digest
    return (seq, previous) == (subject.event_seq, subject.event_digest)


def _header(event: Event, ref: str) -> list[Any]:
    return [
        event.previous_digest,
        event.subject,
        ref,
        event.seq,
        event.trigger,
        event.from_state,
        event.to_state,
        event.actor_ref,
        event.at.isoformat(),
        event.payload_digest,
    ]
