"""``python -m app.process``: the whole demo on one machine, until told to stop."""

import argparse
import fcntl
import hashlib
import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import config
from app.gateways import queue
from app.process import schema
from app.process.children import Program, die_with
from app.process.greeting import greet
from app.process.supervisor import Supervisor

READY_WITHIN_S: Final = 60.0


class CannotStart(Exception):
    """Something is in the way; the sentence says what to do."""


def main() -> int:
    """Start everything, say where it is, watch it, stop it. Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.process", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="stop when the caller ends")
    if parser.parse_args().with_parent:
        die_with(os.getppid())
    try:
        settings = config.load()
        with _sole_use(settings.var_dir), _socket_folder() as folder:
            return _Demo(settings, folder).run()
    except (config.ConfigError, CannotStart) as error:
        print(error, file=sys.stderr)
        return 1


class _Demo:
    """The programs of one machine: queue server, web, worker, clock."""

    def __init__(self, settings: config.Settings, folder: Path) -> None:
        self.settings = settings
        self._socket = folder / "queue.sock"
        self._queue_url = settings.redis_url or f"unix://{self._socket}"
        self._environment = config.child_environment(
            APP_ENV=settings.app_env,
            VAR_DIR=str(settings.var_dir),
            PORT=str(settings.port),
            REDIS_URL=self._queue_url,
            PYTHONUNBUFFERED="1",
        )

    def run(self) -> int:
        """Return 0 when told to stop."""
        _check_port(self.settings.port)
        with (
            Supervisor(_say).on_duty() as supervisor,
            queue.published(self.settings.var_dir, self._queue_url),
        ):
            self._start_queue(supervisor)
            if self._prepare(supervisor):
                self._serve(supervisor)
            _say("Stopping ...")
        _say("Stopped.")
        return 0

    def _serve(self, supervisor: Supervisor) -> None:
        settings = "python:app.process.gunicorn"
        web = self._program("web", sys.executable, "-m", "gunicorn", "-c", settings)
        supervisor.start(web)
        # The pages first: three starts at once would share the cores and all be late.
        is_ready = self._wait(supervisor, self._is_ready)
        supervisor.start(self._flask("worker"), self._flask("clock"))
        if not supervisor.is_stopping:
            _say(greet(self.settings, is_ready=is_ready))
        supervisor.watch_until(lambda: False)

    def _wait(self, supervisor: Supervisor, is_there: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + READY_WITHIN_S
        supervisor.watch_until(lambda: is_there() or time.monotonic() > deadline)
        return time.monotonic() <= deadline

    def _start_queue(self, supervisor: Supervisor) -> None:
        if self.settings.redis_url:
            return
        data = self.settings.var_dir / "queue"
        data.mkdir(mode=0o700, exist_ok=True)
        server = self._program("queue", *queue.server_command(self._socket, data))
        supervisor.start(server)
        if not self._wait(supervisor, lambda: queue.is_up(self._queue_url)):
            raise CannotStart(f"The queue server does not start; see {server.log}")

    def _prepare(self, supervisor: Supervisor) -> bool:
        """Return False when asked to stop meanwhile."""
        url = self.settings.database_url
        steps = [] if schema.is_current(url) else [self._flask("db", "upgrade")]
        note, database = self.settings.var_dir / "demo.loaded", _fingerprint(url)
        is_loaded = note.is_file() and note.read_text(encoding="ascii") == database
        if self.settings.is_demo and not is_loaded:
            _say("Loading the demo companies ...")
            steps.append(self._flask("demo", "load"))
        for step in steps:
            code = supervisor.finish(step)
            if code is None:
                return False
            if code != 0:
                raise CannotStart(f"'{step.name}' failed; see {step.log}")
        if self.settings.is_demo:
            note.write_text(_fingerprint(url), encoding="ascii")
        return True

    def _flask(self, *words: str) -> Program:
        return self._program(
            "-".join(words), sys.executable, "-m", "flask", "--app", "wsgi", *words
        )

    def _program(self, name: str, *command: str) -> Program:
        return Program(
            name=name,
            command=command,
            environment=self._environment,
            log=self.settings.var_dir / "log" / f"{name}.log",
        )

    def _is_ready(self) -> bool:
        address = f"http://127.0.0.1:{self.settings.port}/readyz"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def _sole_use(var_dir: Path) -> Iterator[None]:
    var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var_dir / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Callout is running already with {var_dir}. Stop it, or say VAR_DIR=elsewhere."
            ) from None
        yield


@contextmanager
def _socket_folder() -> Iterator[Path]:
    # Not under VAR_DIR: a socket's path ends at 108 bytes. mkdtemp lets only us in.
    folder = Path(tempfile.mkdtemp(prefix="callout-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fingerprint(database_url: str) -> str:
    """Name a database, and for a file the file itself: a removed one is loaded anew."""
    file = Path(database_url.removeprefix("sqlite:///"))
    inode = file.stat().st_ino if file.is_file() else 0
    return hashlib.sha256(f"{database_url} {inode}".encode()).hexdigest()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"Port {port} is taken. Say PORT=8001, for example.") from None


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
