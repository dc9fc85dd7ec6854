"""The one place that reads the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return this moment: aware, UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def freeze(at: datetime) -> Iterator[datetime]:
    """Stop the clock at ``at`` (aware) inside the block; nesting sets it anew."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _frozen.reset(token)
