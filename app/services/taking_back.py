"""Steps taken back by whoever took them, while nobody has been told."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.actor import Actor
from app.errors import NotFound
from app.models import Estimate, Job, Request
from workflows import engine
from workflows.effects import Step

MODELS: Final[dict[str, type[Any]]] = {"request": Request, "job": Job, "estimate": Estimate}


def take_back(
    session: Session,
    noun: str,
    record_id: int,
    actor: Actor,
    *,
    expected_event: int | None,
    at: datetime,
) -> Step:
    """Undo the newest step of a record. Raises NotFound, and TransitionBlocked when too late."""
    if noun not in MODELS:
        raise NotFound(noun, record_id)
    model = MODELS[noun]
    statement = select(model).where(model.id == record_id).options(joinedload(model.customer))
    record = engine.lock(session, statement, model)
    order = engine.Order("", actor, expected_event=expected_event)
    return engine.take_back(session, record, order, at=at)
