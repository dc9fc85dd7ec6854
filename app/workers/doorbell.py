"""Rings a worker when a commit left something to deliver; never slows or fails who committed."""

import time
from typing import Final

from flask import Flask, current_app
from redis import Redis
from sqlalchemy.orm import Session

import config
from app import outbox
from app.db import after_commit
from app.errors import GatewayError
from app.gateways import queue

JOB: Final = "app.workers.delivery.answer"
# Whoever waits here is a person's request. The sweeper finds what no bell was rung for.
ANSWER_S: Final = 0.3
REST_S: Final = 1.0
_NAME: Final = "doorbell"


class Doorbell:
    """One process's bell. While the queue server is away nobody waits for it twice in a row."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings
        self._client: Redis | None = None
        self._resting_until_s = 0.0

    def ring(self) -> bool:
        """Return True when a worker will come; never raises."""
        begun_s = time.monotonic()
        if begun_s < self._resting_until_s:
            return False
        try:
            client = self._client = self._client or self._connected()
            queue.ring(client, JOB)
        except GatewayError:
            self._client = None  # our own server may come back at another address
            took_s = time.monotonic() - begun_s
            # One that hangs costs each of us its silence, so it is left alone for longer.
            self._resting_until_s = time.monotonic() + max(REST_S, 20 * took_s)
            return False
        return True

    def _connected(self) -> Redis:
        settings = self._settings
        url = settings.redis_url or queue.published_address(settings.var_dir)
        if url is None:
            raise GatewayError("No queue server is running.", down=True)
        return queue.connect(url, answer_s=ANSWER_S)


def init_app(app: Flask) -> None:
    """Hang the bell: from now on every commit that posted something due rings it."""
    app.extensions[_NAME] = Doorbell(app.config["SETTINGS"])
    after_commit(_ring_if_due)


def of_this_app() -> Doorbell:
    """Return the bell of the current app."""
    bell: Doorbell = current_app.extensions[_NAME]
    return bell


def _ring_if_due(session: Session) -> None:
    if outbox.take_bell(session):
        of_this_app().ring()
