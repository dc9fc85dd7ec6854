"""The state machine proper: ``transitions`` steps, and does nothing else.

Text from a definition never becomes a callback: machines are built from names, sources and
destinations only, and the library's lookup of callbacks by name is shut.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NoReturn

from transitions import EventData, Machine, MachineError, Transition

from workflows.schema import Definition
from workflows.schema import Transition as Move

_LIMIT: Final = 256


class NoSuchStep(ValueError):
    """The definition has no such step from that state."""


class BareTransition(Transition):
    """A transition without callbacks: it sets the state, and there is nothing else to run."""

    def execute(self, event_data: EventData) -> bool:
        """Set the destination."""
        event_data.machine.set_state(str(self.dest), event_data.model)
        return True


class ShutMachine(Machine):
    """A machine that never turns a name into a function."""

    transition_cls = BareTransition

    @staticmethod
    def resolve_callable(func: Any, event_data: Any) -> NoReturn:
        """Refuse: nothing in a definition names a function."""
        raise TypeError("a workflow has no callbacks")


class _Marker:
    """Stands for a record during one step, then is thrown away."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def step(definition: Definition, state: str, move: Move) -> str:
    """Return the state a transition leads to from ``state``. Raises NoSuchStep."""
    event = _machine(_Key(definition)).events.get(_event_name(move.trigger, move.dest))
    if event is None:
        raise NoSuchStep(f"{move.trigger} does not lead to {move.dest}")
    marker = _Marker(state)
    try:
        event.trigger(marker)
    except (MachineError, ValueError) as error:
        raise NoSuchStep(f"{move.trigger} is not possible while {state}") from error
    return marker.state


class _Key:
    """A definition known by its digest, so that equal versions share one machine."""

    __slots__ = ("definition",)

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __hash__(self) -> int:
        return hash(self.definition.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.definition.digest == other.definition.digest


@lru_cache(maxsize=_LIMIT)
def _machine(key: _Key) -> ShutMachine:
    definition = key.definition
    return ShutMachine(
        model=None,
        states=[state.name for state in definition.states],
        initial=definition.initial,
        transitions=[
            {"trigger": _event_name(t.trigger, t.dest), "source": list(t.source), "dest": t.dest}
            for t in definition.transitions
        ],
        auto_transitions=False,
        send_event=True,
        queued=False,
    )


def _event_name(trigger: str, dest: str) -> str:
    """One trigger may lead to several states; the machine's events are told apart by both."""
    return f"{trigger}>{dest}"
