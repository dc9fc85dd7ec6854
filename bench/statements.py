"""How many statements a page takes: counted inside this process, through the whole product."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.database import OWNER_EMAIL, PASSWORD, Database

_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def of_approval(database: Database, answers: dict[str, str]) -> int:
    """Return what one approval takes, from the sign-in check to the commit."""
    client, token = _signed_in(database)
    for request_id in database.take(2):  # the first one loads definitions, which stay loaded
        form = {**answers, "csrf_token": token, "expected_event": "1", "form_key": f"s{request_id}"}
        with _counted() as seen:
            answer = client.post(f"/admin/requests/{request_id}/approve", data=form)
        assert answer.status_code == 303, answer.text
    return len(seen)


def of_queue_page(database: Database) -> int:
    """Return what the queue page takes, sign-in check included."""
    client, _ = _signed_in(database)
    client.get("/admin/requests/")
    with _counted() as seen:
        client.get("/admin/requests/")
    return len(seen)


def _signed_in(database: Database) -> tuple[FlaskClient, str]:
    client = database.app.test_client()
    token = _TOKEN.findall(client.get("/admin/login").text)[0]
    who = {"email": OWNER_EMAIL, "password": PASSWORD, "csrf_token": token}
    answer = client.post("/admin/login", data=who)
    assert answer.status_code == 303, answer.text
    return client, _TOKEN.findall(client.get("/admin/requests/").text)[0]


@contextmanager
def _counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*words: object) -> None:
        seen.append(str(words[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
