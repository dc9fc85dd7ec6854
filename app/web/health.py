"""Whether this process is alive, and whether it can serve."""

import shutil
from typing import Final

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.db import db
from app.gateways import queue
from app.models import OutboxMessage
from app.services import slots
from app.tenancy import all_companies

bp = Blueprint("health", __name__)
MIN_FREE_BYTES: Final = 100 * 1024 * 1024


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer at once, without asking anybody."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Answer 200 while pages can be served, 503 when not.

    A queue server that is down is told but keeps nobody from being served: what it would ring
    for is in the database and goes out later. The same holds for a channel that is paused.
    """
    database, oldest_s, paused = _database()
    settings = current_app.config["SETTINGS"]
    free = shutil.disk_usage(settings.var_dir).free
    can_serve = database and free >= MIN_FREE_BYTES
    queue_up = queue.is_up(settings.redis_url or queue.published_address(settings.var_dir))
    report = {
        "status": ("ok" if queue_up and not paused else "degraded") if can_serve else "down",
        "database": "up" if database else "down",
        "queue": "up" if queue_up else "down",
        "oldest_waiting_message_s": oldest_s,
        "paused_channels": paused,
        "free_disk_bytes": free,
    }
    return jsonify(report), 200 if can_serve else 503


def _database() -> tuple[bool, int | None, list[str]]:
    """Return whether it answers, for how long a message waits, and which channels are paused."""
    session = db.session()
    statement = (
        select(OutboxMessage.due_at)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.gave_up_at.is_(None))
        .order_by(OutboxMessage.due_at)
        .limit(1)
    )
    try:
        with all_companies(session):
            oldest = session.scalars(statement).first()
            paused = sorted(slots.pauses(session, at=clock.now()))
    except SQLAlchemyError:
        session.rollback()
        return False, None, []
    if oldest is None:
        return True, None, paused
    return True, max(0, int((clock.now() - oldest).total_seconds())), paused
