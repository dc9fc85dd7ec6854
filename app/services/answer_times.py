"""How long a company's answers to requests have been taking."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Request

_LOOKED_AT: Final = 50
_ENOUGH: Final = 5  # fewer say nothing about what is usual
_MOST: Final = 0.8  # «usually» means four times out of five


def usual(session: Session) -> timedelta | None:
    """Return the time in which most of the latest requests were answered, None for too few."""
    statement = (
        select(Request.submitted_at, Request.state_since)
        .where(Request.state.in_(("approved", "declined")))
        .order_by(Request.submitted_at.desc(), Request.id.desc())
        .limit(_LOOKED_AT)
    )
    waits = sorted(row.state_since - row.submitted_at for row in session.execute(statement))
    return waits[int(len(waits) * _MOST)] if len(waits) >= _ENOUGH else None
