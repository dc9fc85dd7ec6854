"""The bell: rung after a commit, once a batch, and never at anybody's expense."""

import socket
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock, outbox
from app.db import db, transaction
from app.gateways import queue
from app.workers import doorbell
from tests.harness.servers import free_port


@pytest.fixture
def waiting(world, queue_server):
    """Return how many jobs wait for a worker."""
    outbox.take_bell(world.session)  # founding the company invited its owner

    def count() -> int:
        with queue_server.client as client:
            return int(queue.open_queue(client, doorbell.JOB).count)

    queue_server.empty()
    return count


def commit(world, *, after=None, fails=False) -> None:
    world.enter()
    with transaction() as session:
        promise = outbox.Promise(key="k", topic="message", payload={}, after=after)
        outbox.post(session, promise, at=clock.now())
        if fails:
            raise ZeroDivisionError


def test_a_commit_that_promised_something_rings(world, waiting):
    commit(world)

    assert waiting() == 1


def test_many_commits_ring_once_until_a_worker_comes(world, waiting):
    for number in range(5):
        world.enter()
        with transaction() as session:
            promise = outbox.Promise(key=f"k{number}", topic="message", payload={})
            outbox.post(session, promise, at=clock.now())

    assert waiting() == 1


def test_what_is_due_later_rings_nobody_now(world, waiting):
    commit(world, after=clock.now() + timedelta(hours=1))

    assert waiting() == 0


def test_what_was_undone_rings_nobody(world, waiting):
    with pytest.raises(ZeroDivisionError):
        commit(world, fails=True)

    assert waiting() == 0


def test_a_commit_that_promised_nothing_rings_nobody(world, waiting):
    with transaction():
        db.session().connection()

    assert waiting() == 0


def test_a_queue_server_that_is_away_is_not_asked_again_and_again(settings):
    bell = doorbell.Doorbell(replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}"))

    assert not bell.ring()

    assert bell._resting_until_s > time.monotonic()


def test_a_queue_server_that_hangs_costs_one_short_wait(settings):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        bell = doorbell.Doorbell(replace(settings, redis_url=f"redis://127.0.0.1:{port}"))
        begun_s = time.monotonic()

        rung = [bell.ring() for _ in range(20)]

    assert rung == [False] * 20
    assert time.monotonic() - begun_s < 4 * doorbell.ANSWER_S


def test_a_bell_without_any_queue_server_is_silent(settings):
    bell = doorbell.Doorbell(replace(settings, redis_url=None))

    assert not bell.ring()


def test_once_the_server_is_back_the_bell_rings(settings, queue_server):
    bell = doorbell.Doorbell(settings)
    queue_server.stop()
    assert not bell.ring()
    queue_server.start()

    bell._resting_until_s = 0.0  # a while later

    assert bell.ring()
