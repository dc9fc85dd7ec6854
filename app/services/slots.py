"""Turns that one process has, and channels nobody should try now; writers are in «all»."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import is_sqlite
from app.models import Slot

CLOCK: Final = "clock"
_PAUSE: Final = "pause"


def take(session: Session, name: str, holder: str, *, at: datetime, until: datetime) -> bool:
    """Return True when the turn is ours until then: it was free, or ours before."""
    free = or_(Slot.until <= at, Slot.holder == holder)
    return _put(session, {"name": name, "holder": holder, "until": until, "note": None}, free)


def pause(session: Session, channel: str, reason: str, *, until: datetime) -> None:
    """Keep everybody from trying a channel that is down, until a moment."""
    _put(session, {"name": channel, "holder": _PAUSE, "until": until, "note": reason})


def pauses(session: Session, *, at: datetime) -> dict[str, str]:
    """Return the channels that nobody should try now, each with the reason."""
    return {row.name: row.note or "" for row in session.execute(paused(at))}


def paused(at: datetime) -> Select[str, str | None]:
    """Return the statement that finds what is paused: name and note."""
    return select(Slot.name, Slot.note).where(Slot.holder == _PAUSE, Slot.until > at)


def resume(session: Session, *, at: datetime) -> None:
    """End all pauses: somebody has mended something and wants to see."""
    session.execute(
        update(Slot).where(Slot.holder == _PAUSE).values(until=at),
        execution_options={"synchronize_session": False},
    )


def _put(session: Session, row: dict[str, Any], when: ColumnElement[bool] | None = None) -> bool:
    """Write a slot in one statement, so that of two at once exactly one has it."""
    insert = (sqlite if is_sqlite(session) else postgresql).insert(Slot)
    change = {name: value for name, value in row.items() if name != "name"}
    statement = insert.values(**row).on_conflict_do_update(
        index_elements=[Slot.name], set_=change, where=when
    )
    written = session.connection().execute(statement.returning(Slot.name))
    return written.first() is not None
