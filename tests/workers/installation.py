"""A small installation made of real processes: queue server, workers, clocks, a mail server."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from app import clock, outbox
from app.db import db, transaction
from app.models import OutboxMessage
from app.process.children import die_with
from app.tenancy import company_scope
from tests.harness.databases import settings_for
from tests.harness.mailboxes import Mailbox
from tests.harness.queues import QueueServer
from tests.harness.servers import ROOT
from tests.harness.world import World, make_world


class Installation:
    """One company on a database of its own, and the processes that serve it."""

    def __init__(self, folder: Path, database: Mapping[str, str], mailbox: Mailbox) -> None:
        from wsgi import create_app

        self.queue = QueueServer()
        self.queue.start()
        self.mailbox = mailbox
        self._environment = {
            "REDIS_URL": self.queue.url, "MAIL_SERVER": mailbox.host,
            "MAIL_PORT": str(mailbox.port), "SECRET_KEY": "0Aa1Bb2Cc3" * 4, **database,
        }  # fmt: skip
        self._folder = folder
        self.app: Flask = create_app(settings_for(folder, **self._environment))
        self._processes: list[subprocess.Popen[bytes]] = []
        with self.app.app_context():
            self.world: World = make_world(db.session(), preset="hybrid")
            db.session.remove()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be in the app, and in the company."""
        with self.app.app_context(), company_scope(db.session(), self.world.company_id):
            yield

    def start(self, command: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Start ``worker`` or ``clock`` as its users do."""
        parent = os.getpid()
        shared = {"APP_ENV": "test", "VAR_DIR": str(self._folder)}
        with (self._folder / f"{command}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", command],
                cwd=ROOT,
                env={**os.environ, **shared, **self._environment, **environment},
                stdout=log,
                stderr=log,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509  nothing is left behind
            )
        self._processes.append(process)
        return process

    def promise(self, count: int, key: str = "m") -> None:
        """Promise letters to the customer, each in a transaction of its own, as steps do."""
        for number in range(count):
            with self.inside(), transaction() as session:
                outbox.post(session, self._letter(f"{key}.{number}"), at=clock.now())

    def promise_at_once(self, count: int, key: str = "m") -> None:
        """Promise many letters in one transaction."""
        with self.inside(), transaction() as session:
            for number in range(count):
                outbox.post(session, self._letter(f"{key}.{number}"), at=clock.now())

    def rows(self) -> list[OutboxMessage]:
        """Return what is in the outbox."""
        with self.inside():
            return list(db.session.scalars(select(OutboxMessage)))

    def unsent(self) -> int:
        return sum(row.sent_at is None for row in self.rows())

    def end_leases(self) -> None:
        """Do what a minute does to the rows of a worker that died; none may be alive."""
        held = update(OutboxMessage).where(OutboxMessage.claimed_until.is_not(None))
        with self.inside(), transaction() as session:
            session.execute(held.values(claimed_until=clock.now()))

    def message_ids(self) -> list[str]:
        """Return the Message-IDs that arrived, in order."""
        return [str(each.message["Message-ID"]) for each in self.mailbox.deliveries]

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
                process.wait(20)
        with self.app.app_context():
            db.engine.dispose()
        self.queue.close()

    def logs(self) -> str:
        return "\n".join(file.read_text() for file in self._folder.glob("*.log"))

    def wait_until(self, is_done: Callable[[], Any], seconds: float = 180) -> None:
        """Wait for something the processes do."""
        deadline = time.monotonic() + seconds
        while not is_done():
            assert time.monotonic() < deadline, f"it did not happen:\n{self.logs()}"
            time.sleep(0.1)

    def _letter(self, key: str) -> outbox.Promise:
        return outbox.Promise(
            key=key,
            topic="message",
            payload={"message": "news"},
            recipient=f"customer:{self.world.customer.id}",
        )
