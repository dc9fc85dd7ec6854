"""The clock process: rings for what is due, delivers when nobody else does, fires timers."""

import os
import secrets
import signal
import socket
import threading
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

import structlog
from flask import current_app
from sqlalchemy.exc import OperationalError

from app import clock
from app.db import db, transaction
from app.services import delivery, slots
from app.tenancy import all_companies
from app.workers import delivery as deliveries
from app.workers import doorbell, moving, tidying, timers

TICK_S: Final = 2.0
# Two clocks would ring twice and sweep twice: one has the turn, the other stands by.
TURN: Final = timedelta(seconds=20)
TIDY_EVERY: Final = timedelta(hours=1)
# Due for longer and still there: the bell rings, but no worker comes.
LATE: Final = timedelta(seconds=30)
FEW: Final = 10
_log: Final = structlog.get_logger(__name__)


class Clock:
    """One clock process, known by a name of its own."""

    def __init__(self) -> None:
        self._name = f"{socket.gethostname()[:30]}.{os.getpid()}.{secrets.token_hex(4)}"
        self._turn_until: datetime | None = None
        self._tidied_at: datetime | None = None

    def tick(self) -> bool:
        """Do what is due if the turn is ours; return whether it was."""
        now = clock.now()
        if not self._has_turn(now):
            return False
        _sweep(now)
        timers.fire_due()
        moving.move_due()
        if self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY:
            tidying.tidy_media(at=now)
            self._tidied_at = now
        return True

    def leave(self) -> None:
        """Let another clock go on at once."""
        if self._turn_until is not None:
            self._take(clock.now(), timedelta())

    def _has_turn(self, now: datetime) -> bool:
        if self._turn_until is None or self._turn_until - now < TURN / 2:
            self._turn_until = now + TURN if self._take(now, TURN) else None
        return self._turn_until is not None

    def _take(self, now: datetime, length: timedelta) -> bool:
        with all_companies(db.session()), transaction() as session:
            return slots.take(session, slots.CLOCK, self._name, at=now, until=now + length)


def run() -> None:
    """Tick until told to stop."""
    stop = threading.Event()

    def hear(number: int, frame: FrameType | None) -> None:
        stop.set()
        deliveries.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, hear)
    ours = Clock()
    while not stop.is_set():
        with current_app.app_context():
            _tick(ours)
        stop.wait(TICK_S)
    ours.leave()


def _tick(ours: Clock) -> None:
    """Tick; a database that is away for a while is waited for like anybody else."""
    try:
        ours.tick()
    except OperationalError as error:
        _log.error("database lost", reason=type(error.orig).__name__)
        db.session.rollback()


def _sweep(now: datetime) -> None:
    """Ring again for whatever is due: a queue that was emptied loses nothing."""
    session = db.session()
    with all_companies(session):
        is_due = delivery.is_any_due(session, at=now)
        is_late = is_due and delivery.is_delayed(session, at=now, after=LATE)
    session.close()
    if is_due and (not doorbell.of_this_app().ring() or is_late):
        deliveries.deliver_few(FEW)
