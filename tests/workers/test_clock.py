"""The clock: one has the turn, what is due is rung for, and nothing waits for a missing worker."""

import os
import re
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy.exc import OperationalError

from app import clock
from app.gateways import queue
from app.gateways.media import open_store
from app.models import KeptMail
from app.services import media
from app.workers import clock as clock_process
from app.workers import doorbell, tidying
from app.workers.clock import LATE, TURN, Clock


@pytest.fixture
def noon():
    with clock.freeze(clock.now().replace(microsecond=0)) as at:
        yield at


@pytest.fixture
def ticking(app, queue_server):
    """Make clocks; the queue is empty."""
    queue_server.empty()
    with app.app_context():
        yield Clock


def jobs_waiting(queue_server) -> int:
    with queue_server.client as client:
        return int(queue.open_queue(client, doorbell.JOB).count)


def test_of_two_clocks_one_ticks(ticking, noon):
    first, second = ticking(), ticking()

    assert [first.tick(), second.tick(), first.tick()] == [True, False, True]


def test_a_clock_that_died_is_followed_by_the_other(ticking, noon):
    first, second = ticking(), ticking()
    first.tick()

    with clock.freeze(noon + TURN):
        assert second.tick()
        assert not first.tick()


def test_a_clock_that_is_stopped_hands_over_at_once(ticking, noon):
    first, second = ticking(), ticking()
    first.tick()

    first.leave()

    assert second.tick()


def test_what_is_due_is_rung_for_again_after_the_queue_was_emptied(
    post, ticking, queue_server, noon
):
    post.promise()
    queue_server.empty()

    ticking().tick()

    assert jobs_waiting(queue_server) == 1
    assert post.statuses() == ["waiting"]


def test_what_no_worker_comes_for_the_clock_delivers_itself(post, ticking, noon, world):
    post.promise(2)

    with clock.freeze(noon + LATE * 2):
        ticking().tick()

    assert post.statuses() == ["sent", "sent"]
    assert world.enter().query(KeptMail).count() == 2


def test_a_database_that_is_away_for_a_moment_does_not_end_the_clock(ticking, monkeypatch):
    ours = ticking()
    lost = OperationalError("SELECT", {}, Exception("gone"))
    monkeypatch.setattr(ours, "tick", Mock(side_effect=[lost, True]))

    clock_process._tick(ours)
    clock_process._tick(ours)

    assert ours.tick.call_count == 2


def test_with_nothing_due_nobody_is_rung(post, ticking, queue_server, noon):
    ticking().tick()

    assert jobs_waiting(queue_server) == 0


@pytest.mark.feature("D20")
def test_photos_whose_request_never_came_are_thrown_away_after_a_day(app, world, noon):
    store = open_store(app.config["SETTINGS"].media_url)
    kept, lost = (f"c{world.company_id}/ab/{name}.jpg" for name in ("kept", "lost"))
    old = (noon - media.UNCLAIMED - timedelta(minutes=1)).timestamp()
    for key in (kept, lost):
        store.put(key, b"pixels")
        os.utime(store.root / key, (old, old))
    store.put(f"c{world.company_id}/ab/fresh.jpg", b"pixels")
    request = world.hand_in()
    world.session.flush()
    photo = media.StoredPhoto(kept, kept, "sha", 6, 1, 1, "a.jpg")
    media.attach(world.session, request, [photo], at=noon)
    world.session.commit()

    with app.app_context():
        assert tidying.tidy_media(at=noon) == 1

    left = {path.name for path in (store.root / f"c{world.company_id}/ab").iterdir()}
    assert left == {"kept.jpg", "fresh.jpg"}


def test_the_command_delivers_what_is_due_and_says_so(post, runner):
    post.promise(2)

    answer = runner.invoke(args=["outbox", "deliver"])

    assert re.match(r"2 delivered", answer.output)
    assert post.statuses() == ["sent", "sent"]
