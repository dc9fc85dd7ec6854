"""How long the door takes to answer, and how much it asks of the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pytest
from sqlalchemy import event

from app.db import engine
from app.web.pace import evenly
from tests.portal import doors
from tests.web.test_staff_access import sign_in


@pytest.mark.feature("A09")
def test_a_short_way_takes_as_long_as_a_long_one():
    started_s = time.monotonic()

    with pytest.raises(ValueError, match="even so"), evenly(0.05):
        raise ValueError("even so")

    assert time.monotonic() - started_s >= 0.05


@pytest.mark.long
@pytest.mark.feature("A09")
def test_the_time_an_answer_takes_does_not_tell_who_is_a_customer(client, world, monkeypatch):
    monkeypatch.setattr("app.services.access.MAILS_AN_HOUR", 10_000)
    monkeypatch.setattr("app.web.limits.allows", lambda *_: True)
    took: dict[str, list[float]] = {doors.EMAIL: [], "carlo@customer.example": []}

    form = client.page("/p/acme/login").form("Send me a link")
    for _ in range(60):
        for email, times in took.items():
            started_s = time.monotonic()
            client.post(form.action, data=form.filled(email=email))
            times.append(time.monotonic() - started_s)

    known, unknown = (median(times) for times in took.values())
    assert abs(known - unknown) < 0.01


def test_knowing_who_is_signed_in_takes_one_question(app, client, world, database_kind):
    doors.sign_in(client, world)
    sign_in(client, "dispatcher@acme.example")

    for address in (f"/p/{world.slug}/login", "/admin/login"):
        with _statements(app) as asked:
            client.get(address)
        # PostgreSQL is told the company first, for its own wall between them.
        assert len(asked) == (1 if database_kind == "sqlite" else 2), asked


def test_a_portal_known_already_is_found_without_looking_across_companies(app, client, world):
    client.get(f"/p/{world.slug}/login")

    with _statements(app) as asked:
        client.get(f"/p/{world.slug}/login")

    assert not any("ROLE" in statement for statement in asked), asked


@contextmanager
def _statements(app) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    with app.app_context():
        event.listen(engine(), "before_cursor_execute", note)
        yield asked
        event.remove(engine(), "before_cursor_execute", note)
