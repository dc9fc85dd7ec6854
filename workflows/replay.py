"""What would have become of a record under another definition: its history, taken again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows import machine, names
from workflows.conditions import CONDITIONS, BadExpression
from workflows.fields import Cleaned
from workflows.inputs import clean_input
from workflows.phrases import ENGLISH, Own, Phrase, say
from workflows.problems import N_
from workflows.schema import Condition, Definition, Transition

# What was true then is known to be true now: what a customer asked for and wrote does not change.
KNOWN_LATER = (
    "request.kind", "request.urgency", "request.service", "request.category",
    "request.description", "request.notes", "request.location", "request.contact_name",
    "request.contact_email", "request.contact_phone", "request.submitted_at",
    "request.preferred_at", "request.preferred_times", "request.photos", "request.extra.",
    "customer.", "company.", "actor.role", "actor.kind", "job.title", "job.description",
    "job.priority", "job.is_visit", "input.", "now",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """One step of a record's history; ``held`` are the conditions that were asked then."""

    trigger: str
    role: str
    dest: str
    input: Mapping[str, Any] = field(default_factory=dict)
    held: Collection[str] = ()


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
        return say(Phrase(self.msgid, self.params), ENGLISH)


FactsAt = Callable[[int], Mapping[str, Any]]


def replay(
    definition: Definition, history: Iterable[Taken], facts: FactsAt | None = None
) -> Replayed:
    """Take the steps of a history through a definition, without the first.

    Roles, sources and forms are checked anew. Of the conditions those are asked that are new and
    look at nothing but what is still known; ``facts`` returns what was true at a step's number.
    """
    here = str(definition.initial)
    ways: list[Transition] = []
    for number, step in enumerate(history):
        move = _way(definition, here, step)
        if move is None:
            params: dict[str, object] = {
                "trigger": names.step(definition, step.trigger),
                "role": names.named(names.ROLES, step.role),
                "state": names.state(definition, here),
            }
            return Replayed(here, number, _NO_WAY, params, tuple(ways))
        known = facts(number) if facts else {}
        given = clean_input(move, step.input, known, zone="UTC")
        why = _refused(move, step, given, known)
        if why is not None:
            msgid, said = why
            params = {"trigger": names.label_of(move), **said}
            return Replayed(here, number, msgid, params, tuple(ways))
        here = machine.step(definition, here, move)
        ways.append(move)
    return Replayed(here, ways=tuple(ways))


_NO_WAY = N_("“%(trigger)s” would not have been possible in “%(state)s” for: %(role)s.")
_NEW_FIELD = N_("“%(trigger)s” would have needed another answer for: %(field)s.")
_NOT_THEN = N_("“%(trigger)s” would not have been possible: %(why)s")


def is_known_later(expression: str) -> bool:
    """Return True for a condition that looks at nothing but what is still known."""
    try:
        paths = CONDITIONS.compile(expression).paths
    except BadExpression:
        return False
    return all(_is_known(path) for path in paths)


def fails(conditions: Iterable[Condition], held: Collection[str], facts: Mapping[str, Any]) -> Any:
    """Return the first new condition that would not have held, None when all would."""
    for one in conditions:
        new = one.expression not in held and is_known_later(one.expression)
        if new and not CONDITIONS.evaluate(one.expression, facts).holds:
            return one
    return None


def _is_known(path: str) -> bool:
    return any(path == known or (known[-1] == "." and path[: len(known)] == known)
               for known in KNOWN_LATER)  # fmt: skip


def _refused(
    move: Transition, step: Taken, given: Cleaned, known: Mapping[str, Any]
) -> tuple[str, dict[str, object]] | None:
    if given.wrong:
        labels = {one.name: names.label_of(one) for one in move.fields}
        return _NEW_FIELD, {"field": tuple(labels.get(name, Own({}, name)) for name in given.wrong)}
    if not known:
        return None
    failed = fails(move.conditions, step.held, {**known, "input": given.values})
    return (_NOT_THEN, {"why": Own(failed.message)}) if failed else None


def _way(definition: Definition, here: str, step: Taken) -> Transition | None:
    ways = [way for way in definition.candidates(here, step.trigger) if step.role in way.roles]
    same = [way for way in ways if way.dest == step.dest]
    return next(iter(same or ways), None)
