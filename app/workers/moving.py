"""Moves records under way to newly published versions, a batch a transaction."""

import time
from typing import Final

from app import clock, failpoints
from app.db import db, transaction
from app.services import moving
from app.tenancy import all_companies, company_scope

# A turn of the clock does other things too; what is left is taken up the next time.
TURN_S: Final = 5.0


def move_due(*, within_s: float = TURN_S, batch: int = moving.BATCH) -> int:
    """Go on with every unfinished publication; return how many records were looked at.

    Several processes may do this at once: each batch holds the publication's row. What is left
    after ``within_s`` waits for the next turn.
    """
    ends_s = time.monotonic() + within_s
    looked_at = 0
    for company_id, publication_id in _unfinished():
        with company_scope(db.session(), company_id):
            while count := _batch(publication_id, batch):
                looked_at += count
                if time.monotonic() > ends_s:
                    return looked_at
    return looked_at


def _batch(publication_id: int, limit: int) -> int:
    with transaction() as session:
        count = moving.move_batch(session, publication_id, at=clock.now(), limit=limit)
        failpoints.hit("before_moved_commit")
    return count


def _unfinished() -> list[tuple[int, int]]:
    session = db.session()
    with all_companies(session):
        found = moving.unfinished(session)
    session.rollback()
    return found
