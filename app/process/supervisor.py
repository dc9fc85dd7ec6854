"""Keeps a few programs running: starts, watches, restarts and stops them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Final

from app.process.children import Child, Program, adopt_orphans, children_of, reap

TICK_S: Final = 0.05
STEADY_S: Final = 30.0
_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Backoff:
    """How long to wait before starting a program again that keeps ending."""

    first_s: float = 0.5
    limit_s: float = 30.0

    def after(self, failures: int) -> float:
        """Return the seconds to wait after so many ends in a row."""
        return min(self.first_s * 2.0 ** min(failures - 1, 30), self.limit_s)


class _Slot:
    """One program's place: the child in it, or when the next one is due."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.child: Child | None = None
        self.started_s = 0.0
        self.due_s = 0.0
        self.failures = 0

    def begin(self, child: Child) -> None:
        self.child = child
        self.started_s = time.monotonic()

    def note_end(self, backoff: Backoff) -> float:
        """Empty the place; return the seconds until the next start."""
        lasted_s = time.monotonic() - self.started_s
        self.failures = 1 if lasted_s >= STEADY_S else self.failures + 1
        self.child = None
        wait_s = backoff.after(self.failures)
        self.due_s = time.monotonic() + wait_s
        return wait_s


class Supervisor:
    """Runs programs in their order and stops them in the opposite one.

    It reaps every child of this process, so nothing else in the process may wait for one.
    """

    def __init__(self, say: Callable[[str], None], backoff: Backoff | None = None) -> None:
        self._say = say
        self._backoff = backoff or Backoff()
        self._slots: list[_Slot] = []
        self._children: dict[int, Child] = {}
        self._stopping = False

    @property
    def is_stopping(self) -> bool:
        """Return True once somebody asked us to stop."""
        return self._stopping

    @contextmanager
    def on_duty(self) -> Iterator["Supervisor"]:
        """Listen to stop signals inside the block, and leave no process behind at its end."""
        adopt_orphans()
        before = {number: signal.signal(number, self._hear) for number in _STOP_SIGNALS}
        try:
            yield self
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self, *programs: Program) -> None:
        """Start programs and keep them running from now on."""
        for program in programs:
            slot = _Slot(program)
            self._slots.append(slot)
            slot.begin(self._run(program))

    def finish(self, program: Program) -> int | None:
        """Run a program to its end; return its exit code, None when we were asked to stop."""
        child = self._run(program)
        while not self._stopping:
            self._tend()
            if child.exit_code is not None:
                return child.exit_code
            time.sleep(TICK_S)
        self._end(child)
        return None

    def watch_until(self, is_done: Callable[[], bool]) -> bool:
        """Tend the programs until ``is_done``; return False when asked to stop before."""
        while not self._stopping:
            self._tend()
            if is_done():
                return True
            time.sleep(TICK_S)
        return False

    def stop(self) -> None:
        """Stop everything, last started first, then whatever a child of ours left behind."""
        self._stopping = True
        for slot in reversed(self._slots):
            if slot.child:
                self._end(slot.child)
        self._slots.clear()
        self._sweep_up()

    def pids(self) -> dict[str, int]:
        """Return the process id of each program that runs."""
        return {slot.program.name: slot.child.pid for slot in self._slots if slot.child}

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _run(self, program: Program) -> Child:
        child = Child(program)
        self._children[child.pid] = child
        return child

    def _tend(self) -> None:
        self._reap()
        for slot in self._slots:
            if slot.child and slot.child.exit_code is not None:
                self._note_end(slot, slot.child, slot.child.exit_code)
            elif slot.child is None and time.monotonic() >= slot.due_s:
                slot.begin(self._run(slot.program))

    def _note_end(self, slot: _Slot, child: Child, code: int) -> None:
        child.kill()  # what it left in its group would keep its port
        wait_s = slot.note_end(self._backoff)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self._say(f"{slot.program.name} ended ({how}); starting it again in {wait_s:g} s.")
        if code > 0:
            self._say(child.last_words())

    def _reap(self) -> None:
        for pid, code in reap():
            if child := self._children.pop(pid, None):
                child.note_exit(code)

    def _end(self, child: Child) -> None:
        child.ask_to_stop()
        if not self._wait_until(lambda: child.exit_code is not None, child.program.grace_s):
            self._say(f"{child.program.name} did not stop in time; killing it.")
        child.kill()  # and whatever it left in its group
        self._wait_until(lambda: child.exit_code is not None, 2.0)

    def _sweep_up(self) -> None:
        for pid in children_of(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._wait_until(lambda: not children_of(os.getpid()), 2.0)

    def _wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not is_done() and time.monotonic() < deadline:
            self._reap()
            time.sleep(TICK_S)
        return is_done()
