"""The decision itself, without a database: may this step be taken, and with which values?

Buttons, steps and the simulator ask the same questions here, so a button never lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from workflows.conditions import CONDITIONS, BadExpression, Outcome
from workflows.fields import Wrong, is_blank
from workflows.inputs import clean_input
from workflows.problems import N_
from workflows.schema import Condition, Definition, Transition, Validator

_AT_HAND = frozenset({"now", "actor.role"})
RefusalCode = Literal["unknown", "role", "state", "condition", "field", "validator"]


@dataclass(frozen=True)
class Snapshot:
    """What is known of a record when a step is considered.

    ``facts`` is nested: ``{"request": {...}, "customer": {...}, "facts": {"slot_free": True}}``;
    what is missing is null. ``now`` and ``actor.role`` are filled in from here.
    """

    state: str
    role: str
    facts: Mapping[str, Any]
    at: datetime
    zone: str = "UTC"

    def context(self, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the facts as conditions see them, with a form's values as ``input``."""
        actor = {"role": self.role, **(self.facts.get("actor") or {})}
        return {**self.facts, "now": self.at, "actor": actor, "input": given or {}}


@dataclass(frozen=True)
class Refusal:
    """Why not. ``texts`` are the owner's words by language; without them ``msgid`` speaks.

    ``error`` is what went wrong while evaluating, for the audit, never for the customer.
    """

    code: RefusalCode
    msgid: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    field: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Refusals:
    """Why a step is not taken: every reason of the first check that failed. None: it may be."""

    reasons: tuple[Refusal, ...] = ()

    def __len__(self) -> int:
        return len(self.reasons)

    def __iter__(self) -> Iterator[Refusal]:
        return iter(self.reasons)

    def __getitem__(self, index: int) -> Refusal:
        return self.reasons[index]

    @property
    def code(self) -> RefusalCode:
        """Return the code of the first reason."""
        return self.reasons[0].code


@dataclass(frozen=True)
class Decision:
    """A step that may be taken, with its checked values (``input.*``, nested by form)."""

    transition: Transition
    input: Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One button: live when ``refusal`` is None, otherwise grey with its reason."""

    transition: Transition
    refusal: Refusal | None


def options(definition: Definition, snapshot: Snapshot) -> list[Option]:
    """Return the buttons a role has in a state, one a trigger, in the document's order."""
    found: dict[str, Option] = {}
    context = snapshot.context()
    for transition in definition.transitions_from(snapshot.state):
        known = found.get(transition.trigger)
        if snapshot.role not in transition.roles or (known and known.refusal is None):
            continue
        refusal = next(_failing(transition.conditions, context), None)
        if known is None or refusal is None:
            found[transition.trigger] = Option(transition, refusal)
    return list(found.values())


def decide(
    definition: Definition, snapshot: Snapshot, trigger: str, given: Mapping[str, Any]
) -> Decision | Refusals:
    """Return the step to take, or why it can't be taken.

    Checked in order: the trigger is known, the role has it, the state has it, conditions,
    fields, validators. Of several transitions the first whose conditions hold is taken.
    ``given`` holds submitted texts or typed values; what no field asks for is dropped.
    """
    chosen = choose(definition, snapshot, trigger)
    if isinstance(chosen, Refusals):
        return chosen
    cleaned = clean_input(chosen, given, snapshot.context(), zone=snapshot.zone)
    if cleaned.wrong:
        return Refusals(tuple(_field_refusal(*item) for item in cleaned.wrong.items()))
    values = cleaned.values
    invalid = tuple(_invalid(chosen, snapshot.context(values)))
    return Refusals(invalid) if invalid else Decision(chosen, values)


def may_submit(definition: Definition, snapshot: Snapshot) -> Refusals:
    """Return why this role may not take the first step now; empty when it may."""
    if snapshot.role not in definition.submit.roles:
        return Refusals((Refusal("role", N_("Your role may not do this.")),))
    return Refusals(tuple(_failing(definition.submit.conditions, snapshot.context())))


def choose(definition: Definition, snapshot: Snapshot, trigger: str) -> Transition | Refusals:
    """Return the transition a trigger takes now, its form left aside, or why there is none."""
    known = definition.transitions_of(trigger)
    if not known:
        return Refusals((Refusal("unknown", N_("There is no such step.")),))
    mine = [t for t in known if snapshot.role in t.roles]
    if not mine:
        return Refusals((Refusal("role", N_("Your role may not do this.")),))
    here = [t for t in mine if snapshot.state in t.source]
    if not here:
        return Refusals((_wrong_state(definition, snapshot),))
    return _first_that_holds(here, snapshot.context())


def _first_that_holds(
    candidates: list[Transition], context: Mapping[str, Any]
) -> Transition | Refusals:
    first_reasons: tuple[Refusal, ...] = ()
    for transition in candidates:
        reasons = tuple(_failing(transition.conditions, context))
        if not reasons:
            return transition
        first_reasons = first_reasons or reasons
    return Refusals(first_reasons)


def _wrong_state(definition: Definition, snapshot: Snapshot) -> Refusal:
    state, label = snapshot.state, {}
    if definition.has_state(state):
        known = definition.state(state)
        label = known.customer_label if snapshot.role == "customer" else known.label
    english = label.get("en") or next(iter(label.values()), state)
    params = {"state": english, "state_texts": label}
    return Refusal("state", N_("Not possible while %(state)s."), params)


def _failing(conditions: tuple[Condition, ...], context: Mapping[str, Any]) -> Iterator[Refusal]:
    for condition in conditions:
        outcome = CONDITIONS.evaluate(condition.expression, context)
        if not outcome.holds:
            yield Refusal("condition", texts=condition.message, error=outcome.error)


def _field_refusal(name: str, why: Wrong) -> Refusal:
    return Refusal("field", why.msgid, why.params, field=name)


def _invalid(transition: Transition, context: Mapping[str, Any]) -> Iterator[Refusal]:
    for validator in transition.validators:
        if _is_blank_at(context["input"], validator.field):
            continue  # an optional field left blank has nothing to check
        outcome = CONDITIONS.evaluate(validator.expression, context)
        if not outcome.holds:
            yield _validator_refusal(validator, outcome)


def _validator_refusal(validator: Validator, outcome: Outcome) -> Refusal:
    return Refusal("validator", texts=validator.message, field=validator.field, error=outcome.error)


def _is_blank_at(given: Any, path: str) -> bool:
    for part in path.split("."):
        given = given.get(part) if isinstance(given, Mapping) else None
    return is_blank(given)


def needed_facts(definition: Definition, state: str, trigger: str | None = None) -> frozenset[str]:
    """Return the facts conditions read when leaving a state, so that only they are fetched.

    With a trigger its validators and fields are counted too. The clock, the role and the form's
    own values are not named: they are at hand.
    """
    found: set[str] = set()
    for transition in definition.transitions_from(state):
        if trigger is not None and transition.trigger != trigger:
            continue
        found.update(_paths(condition.expression for condition in transition.conditions))
        if trigger is not None:
            found.update(_paths(item.expression for item in transition.validators))
            found.update(_paths(item.visible_if or "true" for item in transition.fields))
    return frozenset(found - _AT_HAND)


def submit_facts(definition: Definition) -> frozenset[str]:
    """Return the paths the conditions of the first step read."""
    return frozenset(_paths(item.expression for item in definition.submit.conditions))


def _paths(expressions: Iterator[str]) -> Iterator[str]:
    for expression in expressions:
        try:
            paths = CONDITIONS.compile(expression).paths
            yield from (path for path in paths if not path.startswith("input."))
        except BadExpression:
            continue  # the verifier has refused it already
