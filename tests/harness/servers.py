"""The whole product as its real processes: supervisor, queue, web, worker, clock."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.process.children import children_of, die_with

ROOT: Final = Path(__file__).parents[2]
READY_WITHIN_S: Final = 180.0
# How a program is known by its command line.
_COMMANDS: Final = {
    "queue": "-server unixsocket",
    "web": "-m gunicorn",
    "worker": "--app wsgi worker",
    "clock": "--app wsgi clock",
}


class LiveServer:
    """A running Callout at ``url`` with files in ``var_dir``."""

    def __init__(self, var_dir: Path, environment: Mapping[str, str]) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "APP_ENV": "demo", "DEMO_PASSWORD": "a-password-for-tests",
            "VAR_DIR": str(var_dir), "PORT": str(self.port), **environment,
        }  # fmt: skip
        self.process = self._start()

    @property
    def password(self) -> str:
        return self.environment["DEMO_PASSWORD"]

    def wait_until_ready(self) -> "LiveServer":
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.is_ready():
            assert self.process.poll() is None, f"it ended:\n{self.logs()}"
            assert time.monotonic() < deadline, f"it does not get ready:\n{self.logs()}"
            time.sleep(0.1)
        return self

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def restart(self) -> None:
        """Stop everything and start it again on the same files and port."""
        self.stop()
        self.process = self._start()
        self.wait_until_ready()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the supervisor to stop; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def pid(self, name: str) -> int:
        """Return the process id of ``queue``, ``web``, ``worker`` or ``clock``."""
        for pid in children_of(self.process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
            if _COMMANDS[name] in command:
                return pid
        raise AssertionError(f"no {name} runs:\n{self.logs()}")

    def flask(self, *words: str) -> str:
        """Run a command beside the server; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def logs(self) -> str:
        """Return what all its programs wrote."""
        files = [self.var_dir / "supervisor.log", *sorted(self.var_dir.glob("log/*.log"))]
        return "\n".join(f"== {file.name}\n{file.read_text()}" for file in files if file.exists())

    def _start(self) -> "subprocess.Popen[bytes]":
        self.var_dir.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with (self.var_dir / "supervisor.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.process"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509  nothing is left behind
            )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
