"""Alive is not the same as able to serve."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app import clock, outbox
from app.services import slots
from app.tenancy import all_companies
from app.web import health


def test_alive_asks_nobody(client, monkeypatch):
    monkeypatch.setattr(health, "_database", None)

    assert client.get("/healthz").json == {"status": "ok"}


def test_ready_tells_what_waits(client, world):
    at = clock.now() - timedelta(minutes=5)
    outbox.post(world.enter(), outbox.Promise("late", "message", {}), at=at)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"], answer.json["queue"]) == (
        "ok",
        "up",
        "up",
    )
    assert answer.json["oldest_waiting_message_s"] >= 300
    assert answer.json["free_disk_bytes"] > 0


def test_pages_are_served_while_the_queue_server_is_down(client, world, queue_server):
    queue_server.stop()
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["status"]) == (200, "degraded")
        assert client.get("/p/acme/login").status_code == 200
    finally:
        queue_server.start()


def test_without_a_database_nothing_can_be_served(client, monkeypatch):
    def fail(_session):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(health, "all_companies", fail)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json["database"]) == (503, "down")


def test_a_full_disk_is_told_before_it_hurts(client, monkeypatch):
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**62)

    assert client.get("/readyz").status_code == 503


@pytest.mark.feature("A10")
def test_limits_hold_while_the_queue_server_is_down(client, world, queue_server):
    from tests.portal import doors

    queue_server.stop()
    try:
        for _ in range(12):
            assert doors.ask(client, world).status_code == 303
    finally:
        queue_server.start()

    assert len(world.enter().scalars(doors.portal_links()).all()) == 10


def test_a_paused_channel_is_told(client, session):
    with all_companies(session):
        slots.pause(session, "email", "Refused.", until=clock.now() + timedelta(minutes=1))
        session.commit()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["paused_channels"] == ["email"]
