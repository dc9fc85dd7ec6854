"""What changed between two definitions: whole sentences in the words of the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from workflows import names
from workflows.difference_parts import Clause, clauses_of, own_field_clauses
from workflows.phrases import ENGLISH, Own, Phrase, say
from workflows.problems import N_
from workflows.schema import Definition, State, Transition

Kind = Literal["add", "del", "chg"]
Pairs = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference: a sentence, its parameters, and whether something came, went or changed."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    kind: Kind = "chg"

    @property
    def phrase(self) -> Phrase:
        """Return the sentence to be said in anybody's language."""
        return Phrase(self.msgid, self.params)

    @property
    def sentence(self) -> str:
        """Return the sentence in English."""
        return say(self.phrase, ENGLISH)


@dataclass(frozen=True)
class _Words:
    """The sentences about one kind of thing."""

    added: str
    removed: str
    moved: str
    where: str


_STATE: Final = _Words(
    N_("Added the state “%(name)s”."), N_("Removed the state “%(name)s”."),
    N_("The order of the states changed."), N_("State “%(name)s”: %(what)s."),
)  # fmt: skip
_STEP: Final = _Words(
    N_("Added the step “%(name)s” to “%(dest)s”."),
    N_("Removed the step “%(name)s” to “%(dest)s”."),
    N_("The order of the steps changed."), N_("Step “%(name)s”: %(what)s."),
)  # fmt: skip
_TIMER: Final = _Words(
    N_("Added for several states, %(name)s."), N_("Removed for several states, %(name)s."),
    N_("The order of the reminders changed."), N_("Reminder %(name)s: %(what)s."),
)  # fmt: skip
_QUESTION: Final = _Words(
    N_("The form now asks for “%(name)s”."), N_("The form no longer asks for “%(name)s”."),
    N_("The order of the questions changed."), N_("Question “%(name)s”: %(what)s."),
)  # fmt: skip
_ROLE: Final = _Words(
    N_("Added the role “%(name)s”."), N_("Removed the role “%(name)s”."),
    "", N_("Role “%(name)s”: %(what)s."),
)  # fmt: skip
_MESSAGE: Final = _Words(
    N_("Added the message “%(name)s”."), N_("Removed the message “%(name)s”."),
    "", N_("Message “%(name)s”: %(what)s."),
)  # fmt: skip
_TEST: Final = _Words(
    N_("Added the test “%(name)s”."), N_("Removed the test “%(name)s”."),
    "", N_("Test “%(name)s”: %(what)s."),
)  # fmt: skip
_WHOLE: Final = N_("The workflow: %(what)s.")
_SUBMIT: Final = N_("Handing in: %(what)s.")


def differences(before: Definition, after: Definition) -> list[Change]:
    """Return what a reader of both would notice, in the document's order; empty when equal."""
    return [
        *_said(_WHOLE, {}, clauses_of("whole", before, after, before, after)),
        *_said(_SUBMIT, {}, clauses_of("submit", before.submit, after.submit, before, after)),
        *_listed(_STATE, "state", _by_name(before.states), _by_name(after.states), before, after),
        *_listed(_STEP, "step", _by_move(before), _by_move(after), before, after),
        *_listed(_TIMER, "timer", _by_name(before.timers), _by_name(after.timers), before, after),
        *_listed(_QUESTION, "question", _asked(before), _asked(after), before, after),
        *_listed(_ROLE, "role", before.roles, after.roles, before, after),
        *_listed(_MESSAGE, "message", before.messages, after.messages, before, after),
        *_listed(_TEST, "test", _by_name(before.tests), _by_name(after.tests), before, after),
    ]  # fmt: skip


def _listed(
    words: _Words, what: str, old: Pairs, new: Pairs, before: Definition, after: Definition
) -> Iterator[Change]:
    for key in old:
        if key not in new:
            yield Change(words.removed, _NAME[what](key, old[key], before), "del")
    for key, item in new.items():
        if key not in old:
            yield Change(words.added, _NAME[what](key, item, after), "add")
            yield from _asked_anew(words, what, key, item, after)
        elif item != old[key]:
            found = list(clauses_of(what, old[key], item, before, after))
            yield from _said(words.where, _NAME[what](key, item, after), found)
    kept = [key for key in old if key in new]
    if words.moved and kept != [key for key in new if key in old]:
        yield Change(words.moved)


def _asked_anew(
    words: _Words, what: str, key: str, item: Any, after: Definition
) -> Iterator[Change]:
    """A new step's questions are worth a sentence of their own: somebody must answer them."""
    if what == "step":
        found = own_field_clauses((), item.fields, after, after)
        yield from _said(words.where, _NAME[what](key, item, after), found)


def _said(
    where: str, name: Mapping[str, object], clauses: Iterator[Clause] | Sequence[Clause]
) -> Iterator[Change]:
    for clause in clauses:
        yield Change(where, {**name, "what": clause.phrase}, clause.kind)


def _by_name(items: Sequence[Any]) -> dict[str, Any]:
    return {item.name: item for item in items}


def _by_move(definition: Definition) -> dict[str, Transition]:
    """Name each transition by its trigger and destination; a number tells equal ones apart."""
    found: dict[str, Transition] = {}
    for way in definition.transitions:
        base = f"{way.trigger}>{way.dest}"
        count = sum(1 for known in found if known == base or known.startswith(f"{base}#"))
        found[f"{base}#{count + 1}" if count else base] = way
    return found


def _asked(definition: Definition) -> dict[str, Any]:
    items = definition.request_form
    return {str(getattr(one, "field", None) or getattr(one, "name", "")): one for one in items}


def _state_name(_key: str, item: State, _of: Definition) -> dict[str, object]:
    return {"name": Own(item.label, item.name)}


def _step_name(_key: str, item: Transition, of: Definition) -> dict[str, object]:
    return {"name": names.label_of(item), "dest": names.state(of, item.dest)}


_NAME: Final[Mapping[str, Callable[[str, Any, Definition], dict[str, object]]]] = {
    "state": _state_name,
    "step": _step_name,
    "timer": lambda _key, item, of: {"name": names.timer(of, item)},
    "question": lambda _key, item, _of: {"name": names.question(item)},
    "role": lambda key, _item, _of: {"name": names.named(names.ROLES, key)},
    "message": lambda key, _item, of: {"name": names.message(of, key)},
    "test": lambda key, _item, _of: {"name": key},
}
