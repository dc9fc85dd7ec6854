"""Expressions: do they parse, and does everything they name exist where they stand?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache

from workflows.catalogue import FactType
from workflows.conditions import CONDITIONS, BadExpression
from workflows.conditions import Condition as Compiled
from workflows.problems import N_
from workflows.schema import Definition, FormField, Transition
from workflows.verifier.finding import Finding, Findings, Path, found
from workflows.vocabulary import FIELD_FACTS, input_facts, known_facts, sample_of

Known = Mapping[str, FactType]
_ASKED: Mapping[str, FactType] = {
    "kind": "text", "service": "text", "category": "text", "description": "text",
    "urgency": "text", "preferred_dates": "list", "location": "text", "contact": "text",
    "notes": "text", "photos": "list",
}  # fmt: skip


def expression_findings(definition: Definition) -> Findings:
    """Yield E13, E14 and E15 for conditions, validators and ``visible_if``."""
    facts = known_facts(definition)
    for path, expression, known in _expressions(definition, facts):
        yield from _check(path, expression, known)
    for index, transition in enumerate(definition.transitions):
        yield from _validated_fields(index, transition)


def _expressions(definition: Definition, facts: Known) -> Iterator[tuple[Path, str, Known]]:
    for number, one in enumerate(definition.submit.conditions):
        yield ("submit", "conditions", number, "if"), one.expression, facts
    yield from _shown_questions(definition, facts)
    for index, transition in enumerate(definition.transitions):
        path: Path = ("transitions", index)
        for number, one in enumerate(transition.conditions):
            yield (*path, "conditions", number, "if"), one.expression, facts
        yield from _shown_fields((*path, "fields"), transition.fields, facts)
        known = {**facts, **input_facts(transition)} if transition.validators else facts
        for number, check in enumerate(transition.validators):
            yield (*path, "validators", number, "if"), check.expression, known


def _shown_fields(
    path: Path, fields: tuple[FormField, ...], facts: Known
) -> Iterator[tuple[Path, str, Known]]:
    """A field may hang only on those before it, so no two can wait for each other."""
    before = dict(facts)
    for number, field in enumerate(fields):
        if field.visible_if is not None:
            yield (*path, number, "visible_if"), field.visible_if, dict(before)
        before[f"input.{field.name}"] = FIELD_FACTS[field.type]


def _shown_questions(definition: Definition, facts: Known) -> Iterator[tuple[Path, str, Known]]:
    before = dict(facts)
    for number, item in enumerate(definition.request_form):
        if not isinstance(item, FormField):
            before[f"input.{item.field}"] = _ASKED[item.field]
            continue
        if item.visible_if is not None:
            yield ("request_form", number, "visible_if"), item.visible_if, dict(before)
        before[f"input.{item.name}"] = FIELD_FACTS[item.type]


def _check(path: Path, expression: str, known: Known) -> Findings:
    try:
        compiled = CONDITIONS.compile(expression)
    except BadExpression as error:
        yield found("E13", path, error.msgid, **error.params)
        return
    unknown = sorted(compiled.paths - known.keys())
    for name in unknown:
        yield unknown_path(path, name, known)
    if not unknown:
        yield from _try_out(path, compiled, known)


def unknown_path(path: Path, name: str, known: Known) -> Finding:
    """Return the finding for a path that names nothing: E15 for a field, E14 for a fact."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if name.startswith("input."):
        return found(
            "E15",
            path,
            N_("'%(name)s' is no field of the form asked before this; add the field or correct "
               "the name."),
            name=name,
        )  # fmt: skip
    if close:
        msgid = N_("There is no fact '%(name)s'; did you mean '%(guess)s'?")
        return found("E14", path, msgid, name=name, guess=close[0])
    return found("E14", path, N_("There is no fact '%(name)s'; use a known one."), name=name)


def _try_out(path: Path, compiled: Compiled, known: Known) -> Findings:
    if not compiled.paths:
        yield found(
            "E13", path, N_("The condition asks about nothing, so it never changes; remove it.")
        )
        return
    kinds = tuple((name, known[name]) for name in sorted(compiled.paths))
    error = _error_with_samples(compiled.source, kinds)
    if error:
        yield found(
            "E13",
            path,
            N_("The condition compares things that can't be compared, or does not answer yes or "
               "no: %(said)s."),
            said=error.split(". ")[0][:120].rstrip("."),
        )  # fmt: skip


@lru_cache(maxsize=4096)
def _error_with_samples(source: str, kinds: tuple[tuple[str, FactType], ...]) -> str | None:
    """Evaluate once on values of the right types: a comparison that can't work shows here."""
    facts: dict[str, object] = {}
    for name, kind in kinds:
        _put(facts, name.split("."), sample_of(name, kind))
    error = CONDITIONS.evaluate(source, facts).error
    # A division by a sample may fail where real values would not.
    return None if error is None or error.startswith("ZeroDivisionError") else error


def _put(facts: dict[str, object], parts: list[str], value: object) -> None:
    for part in parts[:-1]:
        below = facts.get(part)
        if not isinstance(below, dict):
            below = facts[part] = {}
        facts = below
    facts[parts[-1]] = value


def _validated_fields(index: int, transition: Transition) -> Findings:
    asked = input_facts(transition)
    for number, check in enumerate(transition.validators):
        if f"input.{check.field}" not in asked:
            yield unknown_path(
                ("transitions", index, "validators", number, "field"),
                f"input.{check.field}",
                asked,
            )
