"""Delivers what is due: by the queue's bell, by hand, or by the clock when nobody else does."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from flask import current_app

import config
from app import clock
from app.db import db, transaction
from app.gateways.mail import MailLine, MailServer
from app.gateways.sms import SmsLine
from app.services import delivery, slots
from app.tenancy import all_companies
from app.workers import doorbell, moving
from app.workers.courier import Courier, Line, Tally

# One bell's worth of work: well below the queue's own limit, which would cut a letter in half.
ROUND_S: Final = 60.0
# Set when this process is told to stop: the letter in hand is finished, the rest given back.
stopping: Final = threading.Event()


def answer() -> None:
    """Deliver what is due; the queue calls this when the bell rings."""
    ends_s = time.monotonic() + ROUND_S
    with current_app.app_context(), _courier(lambda: time.monotonic() > ends_s) as courier:
        while (claimed := courier.carry_batch()) and not _is_over(ends_s):
            if claimed == delivery.BATCH:
                doorbell.of_this_app().ring()  # there is more than one can carry
        if _is_over(ends_s) and not stopping.is_set():
            doorbell.of_this_app().ring()
        moving.move_due()  # the clock goes on with what is left


def deliver_due() -> Tally:
    """Deliver everything due, once, at somebody's wish: pauses end, for something was mended."""
    with all_companies(db.session()), transaction() as session:
        slots.resume(session, at=clock.now())
    with _courier() as courier:
        while courier.carry_batch():
            pass
    return courier.tally


def deliver_few(limit: int) -> Tally:
    """Deliver up to ``limit`` messages that are due."""
    with _courier() as courier:
        courier.carry_batch(limit)
    return courier.tally


def lines(settings: config.Settings) -> Mapping[str, Line]:
    """Return the ways out that the settings name, by channel."""
    found: dict[str, Line] = {}
    if settings.mail_server:
        found["email"] = MailLine(_mail_server(settings, settings.mail_server))
    if settings.sms_url:
        found["sms"] = SmsLine(settings.sms_url)
    return found


def _mail_server(settings: config.Settings, host: str) -> MailServer:
    return MailServer(
        host=host,
        port=settings.mail_port,
        sender=settings.mail_default_sender,
        username=settings.mail_username,
        password=settings.mail_password,
        use_tls=settings.mail_use_tls,
        our_name=urlsplit(settings.public_url).hostname or "localhost",
    )


@contextmanager
def _courier(is_over: Callable[[], bool] = lambda: False) -> Iterator[Courier]:
    courier = Courier(lines(current_app.config["SETTINGS"]), lambda: stopping.is_set() or is_over())
    try:
        yield courier
    finally:
        courier.close()


def _is_over(ends_s: float) -> bool:
    return stopping.is_set() or time.monotonic() > ends_s
