"""One child process: how it starts, how it is told to stop, and that it can't outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_LOG_LIMIT: Final = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run. ``grace_s`` is how long it may take to stop before it is killed."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    grace_s: float = 10.0


class Child:
    """A running program, in a session of its own: Ctrl-C reaches it through us only."""

    def __init__(self, program: Program) -> None:
        self.program = program
        parent = os.getpid()
        _turn_over(program.log)
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                program.command,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),  # noqa: PLW1509  we have one thread
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Return how it ended (minus the signal's number if by one), None while it runs."""
        return self._process.returncode

    def ask_to_stop(self) -> None:
        """Send the polite signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it and what it started in its own group, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def note_exit(self, code: int) -> None:
        """Remember that it has been reaped with exit code ``code``."""
        self._process.returncode = code

    def last_words(self, lines: int = 5) -> str:
        """Return the end of its log."""
        text = self.program.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def die_with(parent: int) -> None:
    """Make the kernel send this process SIGTERM when ``parent`` ends, however it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before the kernel knew
        os.kill(os.getpid(), signal.SIGTERM)


def adopt_orphans() -> None:
    """Become the parent of grandchildren that lose theirs, so that none is left behind."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def children_of(parent: int) -> list[int]:
    """Return the ids of the processes that ``parent`` must answer for, adopted ones included."""
    found = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(pid) for pid in found.read_text().split()] if found.exists() else []


def reap() -> list[tuple[int, int]]:
    """Return (process id, exit code) of each child that has ended, without waiting."""
    ended: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, os.waitstatus_to_exitcode(status)))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":  # elsewhere only an unclean end of ours can leave some behind
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _turn_over(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
