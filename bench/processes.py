"""Programs under measurement: started, waited for, stopped, and what processor time they took."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.process.children import children_of, die_with

ROOT: Final = Path(__file__).parents[1]
START_WITHIN_S: Final = 180.0
_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")


class WebServer:
    """Gunicorn serving one application on a port of its own."""

    def __init__(self, words: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.port = int(environment["PORT"])
        settings = [f"{name}={value}" for name, value in environment.items()]
        command = ["env", *settings, sys.executable, "-m", "gunicorn", *words]
        parent = os.getpid()
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=out,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - nothing is left behind
            )  # fmt: skip
        self._log = log

    @property
    def pid(self) -> int:
        """Return the id of the process whose children serve."""
        return self._process.pid

    def wait(self, path: str) -> None:
        """Return once ``path`` is answered at all. Raises RuntimeError with the log."""
        deadline = time.monotonic() + START_WITHIN_S
        while not self._answers(path):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text(errors="replace")[-4000:])
            time.sleep(0.1)

    def close(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(20)

    def _answers(self, path: str) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).close()
        except OSError:
            return False
        return True


def cpu_s(pid: int) -> float:
    """Return the processor seconds a process, its children and its dead children have taken."""
    return _own(pid) + sum(_own(child) for child in children_of(pid))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime, stime, cutime, cstime: fields 14 to 17 counted from the process id
    return sum(int(field) for field in fields[11:15]) / _TICKS_A_SECOND
