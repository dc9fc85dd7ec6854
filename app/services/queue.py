"""The staff's queue of requests: what waits, how much, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from app.actor import STAFF_ROLES, Actor
from app.models import Request
from app.services.requests import check_may_review, with_names

COUNT_CAP: Final = 100  # a badge says 99+ beyond; counting further would cost every page
WAITING: Final = "waiting"
WITH_CUSTOMER: Final = "with_customer"
ALL: Final = "all"
Cursor = tuple[datetime, int]


@dataclass(frozen=True)
class QueuePage:
    """Some requests in order; ``next`` goes back in as ``after`` for those that follow."""

    rows: Sequence[Request]
    next: Cursor | None


def waits_for_us() -> ColumnElement[bool]:
    """Return the condition of the partial index: somebody on the team must act."""
    # Written into the statement, not bound: the planner matches the index by its text.
    roles: BindParameter[list[str]] = bindparam(
        "our_roles", list(STAFF_ROLES), expanding=True, literal_execute=True
    )
    return Request.waiting_on.in_(roles)


def waiting_count(session: Session, actor: Actor) -> int:
    """Return how many requests wait for the team, at most COUNT_CAP. Source: feature 37."""
    check_may_review(actor)
    return session.scalar(select(func.count()).select_from(_capped(WAITING, actor))) or 0


def counts(session: Session, actor: Actor, statuses: Sequence[str]) -> Mapping[str, int]:
    """Return how many requests each status has, each at most COUNT_CAP, in one statement."""
    check_may_review(actor)
    parts = [
        select(literal(status).label("status"), func.count().label("n")).select_from(
            _capped(status, actor)
        )
        for status in statuses
    ]
    return {row.status: row.n for row in session.execute(union_all(*parts))}


def page(
    session: Session,
    actor: Actor,
    *,
    status: str = WAITING,
    after: Cursor | None = None,
    limit: int = 30,
    answers: Sequence[ColumnElement[bool]] = (),
) -> QueuePage:
    """Return the queue by status: what waits oldest first, everything else newest first.

    ``answers`` narrow it down by a company's own questions; see ``own_fields``.
    """
    check_may_review(actor)
    oldest_first = status == WAITING
    place = tuple_(Request.submitted_at, Request.id)
    statement = select(Request).where(Request.company_id == actor.company_id, _has(status))
    statement = statement.where(*answers)
    if after:
        statement = statement.where(place > after if oldest_first else place < after)
    order: list[Any] = [Request.submitted_at, Request.id]
    if not oldest_first:
        order = [column.desc() for column in order]
    statement = with_names(statement.order_by(*order).limit(limit + 1))
    rows = session.scalars(statement).unique().all()
    last = rows[limit - 1] if len(rows) > limit else None
    return QueuePage(rows[:limit], (last.submitted_at, last.id) if last else None)


def neighbours(session: Session, request: Request, actor: Actor) -> tuple[int | None, int | None]:
    """Return the ids before and after a request among those waiting, oldest first."""
    here = (request.submitted_at, request.id)
    place = tuple_(Request.submitted_at, Request.id)
    mine = select(Request.id).where(Request.company_id == actor.company_id, waits_for_us())
    before = (
        mine.where(place < here).order_by(Request.submitted_at.desc(), Request.id.desc()).limit(1)
    )
    after = mine.where(place > here).order_by(Request.submitted_at, Request.id).limit(1)
    row = session.execute(select(before.scalar_subquery(), after.scalar_subquery())).one()
    return row[0], row[1]


def _has(status: str) -> ColumnElement[bool]:
    if status == WAITING:
        return waits_for_us()
    if status == WITH_CUSTOMER:
        return Request.waiting_on == "customer"
    return literal(True) if status == ALL else Request.state == status


def _capped(status: str, actor: Actor) -> Any:
    return (
        select(Request.id)
        .where(Request.company_id == actor.company_id, _has(status))
        .limit(COUNT_CAP)
        .subquery()
    )
