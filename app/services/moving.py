"""Taking records over to a version that was published, batch by batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import locked
from app.models import Publication, Subject
from app.services import mailed_answers, under_way
from workflows import engine, versions

BATCH: Final = 200


@dataclass(frozen=True)
class _Done:
    moved: int
    kept: int
    last_id: int


def unfinished(session: Session) -> list[tuple[int, int]]:
    """Return (company id, publication id) of what is not done; the caller is in «all»."""
    statement = (
        select(Publication.company_id, Publication.id)
        .where(Publication.done_at.is_(None))
        .order_by(Publication.id)
    )
    return [(row.company_id, row.id) for row in session.execute(statement)]


def move_batch(session: Session, publication_id: int, *, at: datetime, limit: int = BATCH) -> int:
    """Take the next records over; return how many were looked at, 0 when it is done.

    The publication's row is held until the caller commits, so two workers take turns; whoever
    dies leaves everything as it was before the batch.
    """
    row = session.scalars(
        locked(select(Publication).where(Publication.id == publication_id)).execution_options(
            populate_existing=True
        )
    ).one()
    if row.done_at is not None:
        return 0
    found = _next(session, row, limit)
    if not found:
        row.done_at = at
        return 0
    done = _move(session, row, found, at)
    row.moved, row.kept, row.last_id = row.moved + done.moved, row.kept + done.kept, done.last_id
    return len(found)


def _next(session: Session, row: Publication, limit: int) -> list[Any]:
    definition = versions.load(session, row.workflow_version_id)
    model = under_way.MODELS[definition.subject]
    statement = (
        select(model)
        .where(model.id > row.last_id, model.outcome.is_(None))
        .where(
            model.workflow_version_id.in_(under_way.older(row.key, than=row.workflow_version_id))
        )
        .where(model.state.in_(list(row.plan["states"])))
        .order_by(model.id)
        .limit(limit)
    )
    return list(
        session.scalars(locked(statement).execution_options(populate_existing=True)).unique()
    )


def _move(session: Session, row: Publication, found: list[Any], at: datetime) -> _Done:
    """Move what can be moved, state by state; the rest stays under the version it has."""
    definition = versions.load(session, row.workflow_version_id)
    number = versions.number(session, row.workflow_version_id)
    moved = 0
    for name in dict.fromkeys(subject.state for subject in found):
        group: list[Subject] = [subject for subject in found if subject.state == name]
        answer = row.plan["states"][name]
        if not definition.has_state(answer["move_to"]):
            continue
        told = {"version": number, "note": answer.get("note") or {}}
        order = engine.Order(engine.MOVED, _actor(row), told)
        target = engine.Target(row.workflow_version_id, answer["move_to"], row.plan["timers"])
        taken = engine.repin(session, group, target, order, at=at)
        moved += len(taken)
        if row.plan.get("links") == "end":
            mailed_answers.end(session, group, at=at)
    return _Done(moved, len(found) - moved, max(subject.id for subject in found))


def _actor(row: Publication) -> Actor:
    kind, _, number = row.actor_ref.partition(":")
    if kind != "staff":
        return Actor("system", None, row.company_id, "system", row.actor_name)
    return Actor("staff", int(number), row.company_id, "owner", row.actor_name)
