"""Fires what is due, each timer in a transaction of its own."""

from app import clock
from app.db import db, transaction
from app.errors import DomainError
from app.services import timers as firing
from app.tenancy import all_companies, company_scope
from workflows import timers

BATCH = 100


def fire_due() -> int:
    """Fire every timer that is due, earliest first; return how many fired.

    Several processes may do this at once: each timer is claimed under a lock.
    """
    fired = 0
    while batch := _due():
        for company_id, timer_id in batch:
            with company_scope(db.session(), company_id):
                fired += _fire(timer_id)
    return fired


def _fire(timer_id: int) -> bool:
    try:
        with transaction() as session:
            return firing.fire(session, timer_id, at=clock.now())
    except DomainError:
        # What it was to do is not possible any more. Its turn is over all the same: left as it
        # is, it would stand before every other timer for ever.
        with transaction() as session:
            timers.claim(session, timer_id, at=clock.now())
        return False


def _due() -> list[tuple[int, int]]:
    session = db.session()
    with all_companies(session):
        found = timers.due(session, at=clock.now(), limit=BATCH)
    session.rollback()
    return found
