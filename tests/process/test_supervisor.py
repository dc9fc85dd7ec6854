"""The supervisor starts, watches, restarts and stops, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.process.supervisor import Backoff

SLEEP = "import time; time.sleep(60)"
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('deaf', flush=True)
time.sleep(60)
"""
# Leaves a grandchild in a session of its own behind, as a queue worker does with a running job.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'],
                         start_new_session=True)
open(os.environ['FOLDER'] + '/grandchild', 'w').write(str(child.pid) + '.')
time.sleep(60)
"""


class Stand:
    """A supervisor process and what it says of its programs."""

    def __init__(self, folder: Path, **programs: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.process.standins", str(folder)]
            + [f"{name}={code}" for name, code in programs.items()],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.expect(lambda: set(self.pids()) == set(programs))

    def pids(self) -> dict[str, int]:
        file = self.folder / "pids.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def expect(self, is_true: Callable[[], object], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_true():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    def grandchild(self) -> int:
        file = self.folder / "grandchild"
        self.expect(lambda: file.exists() and file.read_text().endswith("."))
        return int(file.read_text()[:-1])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Callable[..., Stand]]:
    stands: list[Stand] = []

    def make(**programs: str) -> Stand:
        stands.append(Stand(tmp_path, **programs))
        return stands[-1]

    yield make
    for each in stands:
        if each.process.poll() is None:
            each.stop()
        assert each.process.stdout
        each.process.stdout.close()


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_ends_every_program(stand, number):
    running = stand(web=SLEEP, worker=SLEEP)
    pids = running.pids().values()

    running.stop(number)

    assert running.process.returncode == 0
    assert not any(map(is_alive, pids))


def test_a_killed_program_is_started_again(stand):
    running = stand(web=SLEEP, worker=SLEEP)
    before = running.pids()

    os.kill(before["worker"], signal.SIGKILL)
    running.expect(lambda: running.pids().get("worker", before["worker"]) != before["worker"])

    assert running.pids()["web"] == before["web"]
    assert "worker ended (signal 9); starting it again" in running.stop()


def test_a_program_that_fails_is_quoted(stand):
    running = stand(web="import time; time.sleep(0.5); raise SystemExit('no such port')")
    running.expect(lambda: "no such port" in (running.folder / "web.log").read_text())
    running.expect(lambda: running.pids().get("web") is None)

    said = running.stop()

    assert "web ended (exit code 1)" in said
    assert "no such port" in said


def test_a_program_that_does_not_listen_is_killed(stand):
    running = stand(web=DEAF)
    running.expect(lambda: "deaf" in (running.folder / "web.log").read_text())
    pid = running.pids()["web"]

    said = running.stop()

    assert "web did not stop in time" in said
    assert not is_alive(pid)


def test_grandchildren_are_not_left_behind(stand):
    running = stand(worker=PARENT)
    grandchild = running.grandchild()

    running.stop()

    assert not is_alive(grandchild)


def test_the_grandchild_of_a_killed_program_is_not_left_behind(stand):
    running = stand(worker=PARENT)
    grandchild = running.grandchild()
    os.kill(running.pids()["worker"], signal.SIGKILL)

    running.stop()

    assert not is_alive(grandchild)


def test_programs_end_when_the_supervisor_itself_is_killed(stand):
    running = stand(web=SLEEP, worker=SLEEP)
    pids = running.pids().values()

    running.stop(signal.SIGKILL)

    running.expect(lambda: not any(map(is_alive, pids)))


def test_waiting_doubles_up_to_a_limit():
    backoff = Backoff(first_s=0.5, limit_s=3.0)

    assert [backoff.after(failures) for failures in (1, 2, 3, 4, 4000)] == [0.5, 1.0, 2.0, 3.0, 3.0]
