"""Where in a definition a path leads, in words: the state, the step, the question, the part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workflows import names
from workflows.difference_parts import TEXTS
from workflows.phrases import Phrase
from workflows.problems import N_
from workflows.schema import Definition


@dataclass(frozen=True)
class Place:
    """A page of the editor, the thing on it (a name or a number), and what people call it."""

    page: str  # state, step, form, timers, message, submit, basics, tests
    which: str
    part: str  # the rest of the path: fields.0.label
    phrase: Phrase


_PARTS: Final[Mapping[str, str]] = {
    "fields": N_("a question"),
    "conditions": N_("a condition"),
    "validators": N_("a check of the answers"),
    "effects": N_("what happens then"),
    "timers": N_("a deadline or reminder"),
    "choices": N_("an answer"),
    "visible_if": N_("when it is shown"),
    "waiting_on": N_("whose turn"),
    "source": N_("where it may be taken"),
    "dest": N_("where it leads"),
    "roles": N_("who may take it"),
}
_BASICS: Final = ("title", "languages", "roles", "initial", "workflow", "subject")


def place_of(path: str, definition: Definition) -> Place | None:
    """Return where a problem's path leads, None for the whole document."""
    head, _, rest = path.partition(".")
    if head == "messages":
        return _message(rest, definition)
    if head == "submit":
        return Place("submit", "", rest, _with_part(Phrase(N_("Handing in")), rest))
    if head in _BASICS:
        return Place("basics", "", path, Phrase(N_("The workflow")))
    number, _, part = rest.partition(".")
    if not number.isdecimal():
        return Place("form", "", "", Phrase(N_("The form"))) if head == "request_form" else None
    return _numbered(head, int(number), part, definition)


def _numbered(head: str, number: int, part: str, definition: Definition) -> Place | None:
    items = getattr(definition, head, ())
    if number >= len(items):
        return None
    item = items[number]
    if head == "states":
        said = Phrase(N_("State “%(name)s”"), {"name": names.state(definition, item.name)})
        return Place("state", item.name, part, _with_part(said, part))
    if head == "transitions":
        said = Phrase(N_("Step “%(name)s”"), {"name": names.label_of(item)})
        return Place("step", str(number), part, _with_part(said, part))
    if head == "request_form":
        said = Phrase(N_("Question “%(name)s”"), {"name": names.question(item)})
        return Place("form", str(number), part, _with_part(said, part))
    if head == "timers":
        return Place("timers", str(number), part, Phrase(N_("A reminder for several states")))
    return Place("tests", str(number), part, Phrase(N_("A test of the workflow")))


def _message(rest: str, definition: Definition) -> Place:
    # A message's own name may hold a dot, so the longest known one is it.
    fits = [key for key in definition.messages if rest == key or rest.startswith(f"{key}.")]
    key = max(fits, key=len, default=rest)
    said = Phrase(N_("Message “%(name)s”"), {"name": names.message(definition, key)})
    return Place("message", key, rest[len(key) + 1 :], said)


def _with_part(said: Phrase, part: str) -> Phrase:
    pieces = [piece for piece in part.split(".") if not piece.isdecimal()]
    # From the outer to the inner: a question, an answer, the name.
    words = [_PARTS.get(piece) or TEXTS.get(piece) for piece in pieces]
    known = tuple(Phrase(word) for word in words if word)
    if not known:
        return said
    return Phrase(N_("%(thing)s, %(part)s"), {"thing": said, "part": known})
