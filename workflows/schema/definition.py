"""The whole document, and the questions it answers about itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from workflows.schema.base import (
    MAX_FIELDS,
    MAX_STATES,
    MAX_TESTS,
    MAX_TIMERS,
    MAX_TRANSITIONS,
    Lang,
    MessageKey,
    Name,
    Part,
    RoleKind,
    Subject,
    Text,
)
from workflows.schema.fields import FormField, RequestField
from workflows.schema.steps import EffectUse, State, Submit, Timer, TopTimer, Transition
from workflows.schema.words import Case, Message


class Role(Part):
    """Who acts: a customer, a member of staff, or the system itself."""

    kind: RoleKind


class Definition(Part):
    """One way of taking a request (or of running a job, an estimate, an invoice)."""

    schema_: Literal[1] = Field(alias="schema")
    workflow: Name
    title: Text
    subject: Subject
    languages: tuple[Lang, ...] = Field(min_length=1, max_length=20)
    initial: Name | None = None
    roles: dict[Name, Role] = Field(min_length=1, max_length=20)
    request_form: tuple[RequestField, ...] = Field(default=(), max_length=MAX_FIELDS)
    submit: Submit
    states: tuple[State, ...] = Field(min_length=1, max_length=MAX_STATES)
    timers: tuple[TopTimer, ...] = Field(default=(), max_length=MAX_TIMERS)
    transitions: tuple[Transition, ...] = Field(default=(), max_length=MAX_TRANSITIONS)
    messages: Annotated[dict[MessageKey, Message], Field(max_length=200)] = Field(
        default_factory=dict
    )
    tests: tuple[Case, ...] = Field(default=(), max_length=MAX_TESTS)

    @cached_property
    def _states(self) -> dict[str, State]:
        return {state.name: state for state in self.states}

    @cached_property
    def _by_source(self) -> dict[str, tuple[Transition, ...]]:
        found: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            for source in transition.source:
                found.setdefault(source, []).append(transition)
        return {source: tuple(moves) for source, moves in found.items()}

    @cached_property
    def _by_trigger(self) -> dict[str, tuple[Transition, ...]]:
        found: dict[str, list[Transition]] = {}
        for transition in self.transitions:
            found.setdefault(transition.trigger, []).append(transition)
        return {trigger: tuple(moves) for trigger, moves in found.items()}

    def state(self, name: str) -> State:
        """Return the state of that name. Raises KeyError."""
        return self._states[name]

    def has_state(self, name: str) -> bool:
        """Return True when the definition knows the state."""
        return name in self._states

    def transitions_from(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that leave a state, in the document's order."""
        return self._by_source.get(state, ())

    def transitions_of(self, trigger: str) -> tuple[Transition, ...]:
        """Return the transitions a trigger may take, from whatever state."""
        return self._by_trigger.get(trigger, ())

    def candidates(self, state: str, trigger: str) -> tuple[Transition, ...]:
        """Return the transitions a trigger may take from a state, in the document's order."""
        return tuple(t for t in self.transitions_of(trigger) if state in t.source)

    def message(self, key: str) -> Message:
        """Return the message of that key. Raises KeyError."""
        return self.messages[key]

    def role_kind(self, role: str) -> RoleKind | None:
        """Return what kind of role that is, None when the definition doesn't have it."""
        known = self.roles.get(role)
        return known.kind if known else None

    @cached_property
    def own_fields(self) -> tuple[FormField, ...]:
        """Return the company's own questions on the request form (``request.extra.NAME``)."""
        return tuple(item for item in self.request_form if isinstance(item, FormField))

    def timers_in(self, state: str) -> tuple[Timer, ...]:
        """Return the timers that start when a state is entered."""
        return self._states[state].timers

    def effect_uses(self) -> Iterator[tuple[tuple[str | int, ...], EffectUse]]:
        """Yield every use of an effect with its path in the document."""
        for number, use in enumerate(self.submit.effects):
            yield ("submit", "effects", number), use
        for path, timer in self.all_timers():
            for number, use in enumerate(timer.effects):
                yield (*path, "effects", number), use
        for index, transition in enumerate(self.transitions):
            for number, use in enumerate(transition.effects):
                yield ("transitions", index, "effects", number), use

    def all_timers(self) -> Iterator[tuple[tuple[str | int, ...], Timer]]:
        """Yield every timer, those in states first, with its path in the document."""
        for index, state in enumerate(self.states):
            for number, timer in enumerate(state.timers):
                yield ("states", index, "timers", number), timer
        for number, top in enumerate(self.timers):
            yield ("timers", number), top

    def as_data(self) -> dict[str, Any]:
        """Return the document as plain data, without what was left at its default."""
        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return data

    def canonical(self) -> str:
        """Return the one JSON text of this document: sorted keys, no spaces."""
        return json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """Return the sha256 of the canonical text, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
