"""Faults switched on by name, so that tests can show what happens when a guard is gone."""

import os
import signal
import time

_active: dict[str, str] = {}


class FailpointRaised(RuntimeError):
    """A failpoint set to ``raise`` was reached."""


def arm(spec: str) -> None:
    """Switch on ``name=action`` pairs parted by commas; an empty text switches all off.

    Actions: ``on``, ``sleep:SECONDS``, ``kill``, ``raise``. Config accepts them in tests only.
    """
    _active.clear()
    for part in filter(None, spec.split(",")):
        name, _, action = part.strip().partition("=")
        _active[name] = action


def is_on(name: str) -> bool:
    """Return True when the failpoint is switched on."""
    return name in _active


def hit(name: str) -> None:
    """Do what the failpoint says, or nothing: the usual case."""
    action, _, value = _active.get(name, "").partition(":")
    if action == "sleep":
        time.sleep(float(value))
    elif action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise FailpointRaised(name)
