"""Single values of a definition as a reader of differences sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app import languages
from workflows import names
from workflows.phrases import NOTHING, Own, Phrase
from workflows.problems import N_
from workflows.schema import Definition

# Parts whose old and new value are both said.
SHOWN: Final[Mapping[str, str]] = {
    "subject": N_("what it is about"),
    "languages": N_("languages"),
    "initial": N_("first state"),
    "roles": N_("who may take it"),
    "kind": N_("kind"),
    "source": N_("possible in"),
    "dest": N_("leads to"),
    "waiting_on": N_("whose turn"),
    "outcome": N_("how it ended"),
    "style": N_("look of the button"),
    "undo": N_("time to take it back"),
    "form": N_("form"),
    "type": N_("kind of answer"),
    "min_length": N_("fewest letters"),
    "max_length": N_("most letters"),
    "minimum": N_("smallest value"),
    "maximum": N_("largest value"),
    "max": N_("most of them"),
    "options": N_("what is offered"),
    "sources": N_("what is offered"),
    "allow": N_("what is offered"),
    "needs": N_("what must be given"),
    "mode": N_("how it is asked"),
    "suggestions": N_("suggestions"),
    "after": N_("comes after"),
    "repeat": N_("comes again every"),
    "times": N_("how many times"),
    "clock": N_("counted hours"),
    "fire": N_("takes the step"),
    "states": N_("counts in"),
}
# Parts of which it is enough to know that they changed.
ONLY_CHANGED: Final[Mapping[str, str]] = {
    "visible_if": N_("when it is shown"),
    "given": N_("what it starts from"),
    "when": N_("its steps"),
    "then": N_("what it expects"),
}


def plain_value(part: str, value: Any, of: Definition) -> object:
    """Return a value in words: states, steps and roles by what people call them."""
    if value is None or value in ((), ""):
        return NOTHING
    if isinstance(value, list | tuple):
        return tuple(plain_value(part, one, of) for one in value)
    say = _SAY.get(part)
    if say is not None:
        return say(value, of)
    return value


def _from(table: Mapping[str, str]) -> Callable[[Any, Definition], Phrase | Own]:
    return lambda value, _of: names.named(table, str(value))


def _state(value: Any, of: Definition) -> Own:
    return names.state(of, str(value))


_SAY: Final[Mapping[str, Callable[[Any, Definition], object]]] = {
    "subject": _from(names.SUBJECTS),
    "languages": lambda value, _of: languages.SHIPPED.get(value, value),
    "initial": _state,
    "source": _state,
    "dest": _state,
    "states": _state,
    "roles": _from(names.ROLES),
    "waiting_on": _from(names.ROLES),
    "kind": _from(names.VALUES),
    "outcome": _from(names.VALUES),
    "style": _from(names.VALUES),
    "clock": _from(names.VALUES),
    "options": _from(names.VALUES),
    "sources": _from(names.VALUES),
    "allow": _from(names.VALUES),
    "needs": _from(names.VALUES),
    "mode": _from(names.VALUES),
    "suggestions": _from(names.VALUES),
    "type": _from(names.TYPES),
    "form": _from(names.FORMS),
    "fire": lambda value, of: names.step(of, str(value)),
    "undo": lambda value, _of: names.duration(value),
    "after": lambda value, _of: names.duration(value),
    "repeat": lambda value, _of: names.duration(value),
}
