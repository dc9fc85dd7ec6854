"""What would have become of a record under another definition: its history, taken again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows import machine
from workflows.inputs import clean_input
from workflows.problems import N_
from workflows.schema import Definition, Transition


@dataclass(frozen=True)
class Taken:
    """One step of a record's history."""

    trigger: str
    role: str
    dest: str
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Replayed:
    """Where a history leads; ``stuck_at`` counts from 0, ``msgid`` says why it went no further."""

    state: str
    stuck_at: int | None = None
    msgid: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    ways: tuple[Transition, ...] = ()  # those that were taken again

    @property
    def is_complete(self) -> bool:
        """Return True when every step could be taken again."""
        return self.stuck_at is None

    @property
    def sentence(self) -> str:
        """Return in English why it went no further."""
        return self.msgid % self.params


def replay(definition: Definition, history: Iterable[Taken]) -> Replayed:
    """Take the steps of a history through a definition, without the first.

    Roles, sources and forms are checked anew. Conditions are not: what they asked about then is
    not known now, so the way that was taken is taken again where it still exists.
    """
    here = str(definition.initial)
    ways: list[Transition] = []
    for number, step in enumerate(history):
        move = _way(definition, here, step)
        if move is None:
            params = {"trigger": step.trigger, "role": step.role, "state": here}
            return Replayed(here, number, _NO_WAY, params, tuple(ways))
        wrong = clean_input(move, step.input, {}, zone="UTC").wrong
        if wrong:
            params = {"trigger": step.trigger, "field": ", ".join(wrong)}
            return Replayed(here, number, _NEW_FIELD, params, tuple(ways))
        here = machine.step(definition, here, move)
        ways.append(move)
    return Replayed(here, ways=tuple(ways))


_NO_WAY = N_("'%(trigger)s' is not possible for %(role)s in '%(state)s'.")
_NEW_FIELD = N_("'%(trigger)s' needs another answer for: %(field)s.")


def _way(definition: Definition, here: str, step: Taken) -> Transition | None:
    ways = [way for way in definition.candidates(here, step.trigger) if step.role in way.roles]
    same = [way for way in ways if way.dest == step.dest]
    return next(iter(same or ways), None)
