"""The real processes, and what they are there for: whatever dies, nothing is lost or doubled."""

import os
import secrets
import signal
import time
from collections import Counter

import pytest

from app import clock
from app.db import transaction
from app.services import requests
from tests.workers.installation import Installation


@pytest.fixture
def place(tmp_path, fresh_database, mailbox):
    found = Installation(tmp_path, fresh_database, mailbox)
    yield found
    found.close()


def submit(place):
    """Hand in a request as the portal does; return how long the person waited."""
    world, begun_s = place.world, time.monotonic()
    with place.inside(), transaction() as session:
        form = requests.HandedIn(world.answers(), secrets.token_hex(8))
        requests.submit(session, world.customer, world.customer.id, form, at=clock.now())
    return time.monotonic() - begun_s


def test_a_worker_answers_the_bell_without_a_clock(place):
    place.start("worker")
    place.wait_until(lambda: place.unsent() == 0 or place.promise(1, secrets.token_hex(4)))

    place.promise(1, "rung")

    place.wait_until(lambda: place.unsent() == 0, 10)
    assert len(place.mailbox.to("carla@customer.example")) >= 1


@pytest.mark.feature(105)
def test_a_stopped_queue_server_loses_none_of_fifty_submissions(place):
    place.start("worker")
    place.start("clock")
    place.wait_until(lambda: place.unsent() == 0)
    place.queue.stop()

    waited_s = [submit(place) for _ in range(50)]
    place.queue.start()

    place.wait_until(lambda: place.unsent() == 0)
    thanked = place.mailbox.to("carla@customer.example")
    assert len(thanked) == 50
    assert max(Counter(place.message_ids()).values()) == 1
    assert sorted(waited_s)[-2] < 1  # the first may find out that nobody answers


def test_a_queue_server_that_hangs_keeps_nobody_waiting(place):
    place.promise(1)
    hung = place.queue._process.pid
    os.kill(hung, signal.SIGSTOP)
    try:
        waited_s = [submit(place) for _ in range(5)]
    finally:
        os.kill(hung, signal.SIGCONT)

    assert waited_s[0] < 2
    assert max(waited_s[1:]) < 1


def test_a_queue_that_was_emptied_is_rung_again(place):
    place.promise(5)
    place.queue.empty()

    place.start("worker")
    place.start("clock")

    place.wait_until(lambda: place.unsent() == 0)
    assert max(Counter(place.message_ids()).values()) == 1


def test_without_any_worker_the_clock_delivers(place):
    place.queue.stop()
    place.promise(3)

    place.start("clock")

    place.wait_until(lambda: place.unsent() == 0)
    assert len(place.mailbox.to("carla@customer.example")) == 3


@pytest.mark.parametrize(
    ("failpoint", "copies"), [("before_smtp=kill", {1}), ("after_smtp=kill", {1, 2})]
)
def test_a_worker_killed_in_the_middle_repeats_at_most_the_one_in_hand(place, failpoint, copies):
    place.promise(5)
    doomed = place.start("worker", FAILPOINTS=failpoint)
    doomed.wait(60)
    assert doomed.returncode == -signal.SIGKILL

    place.end_leases()
    place.start("worker")
    place.start("clock")

    place.wait_until(lambda: place.unsent() == 0)
    counts = Counter(place.message_ids())
    assert len(counts) == len(place.rows())
    assert set(counts.values()) == copies
    assert sum(counts.values()) <= len(counts) + 1


def test_a_worker_told_to_stop_finishes_its_letter_and_gives_back_the_rest(place):
    worker = place.start("worker")
    place.wait_until(lambda: place.unsent() == 0 or place.promise(1, secrets.token_hex(4)))
    place.mailbox.plan(then="slow")
    place.promise_at_once(20)
    place.wait_until(lambda: 0 < place.unsent() < 20)

    worker.terminate()

    assert worker.wait(10) == 0
    rows = place.rows()
    assert all(row.claimed_until is None for row in rows)
    assert sum(row.sent_at is not None for row in rows) == len(place.mailbox.deliveries)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_four_workers_deliver_a_thousand_letters_though_one_is_killed(place):
    place.promise_at_once(1000)
    workers = [place.start("worker") for _ in range(4)]
    place.start("clock")
    place.wait_until(lambda: len(place.mailbox.deliveries) > 300)

    workers[secrets.randbelow(4)].kill()

    place.wait_until(lambda: place.unsent() == 0, 300)
    counts = Counter(place.message_ids())
    assert len(counts) == len(place.rows())
    assert sum(counts.values()) <= len(counts) + 1
