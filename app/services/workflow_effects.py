"""What a step, a timer or handing in does, by form: effects, their parameters, new messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from app.errors import N_
from app.services.workflow_forms import FIRST_MAIL, new_name, put
from app.services.workflow_tree import Pen, Tree, items, many, text
from workflows import fact_names, names, registry
from workflows.catalogue import RECIPIENTS, EffectSpec, SendMessage
from workflows.phrases import Own, Phrase
from workflows.schema import Definition, Transition
from workflows.vocabulary import known_facts

Data = dict[str, Any]
NEW: Final = "+"  # among the messages: one that is yet to be written
_ORDER: Final = (
    "customer",
    "dispatchers",
    "reviewers",
    "owners",
    "office",
    "technician",
    "company",
)


@dataclass(frozen=True)
class Parameter:
    """One thing an effect wants to know; with ``many`` several answers are fine."""

    name: str
    words: Phrase | Own
    choices: Sequence[tuple[str, Phrase | Own]]
    many: bool = False
    required: bool = False


@dataclass(frozen=True)
class Offer:
    """One effect that may be chosen there, with what it wants to know."""

    name: str
    words: Phrase | Own
    parameters: Sequence[Parameter]


def offers(definition: Definition, way: Transition | None = None) -> dict[str, Offer]:
    """Return the effects that records of this kind can have, by name."""
    unbound = registry.unbound()
    return {
        spec.name: Offer(
            spec.name, names.named(names.EFFECTS, spec.name), _parameters(definition, spec, way)
        )
        for spec in registry.effects().values()
        if (spec.subjects is None or definition.subject in spec.subjects)
        and spec.name not in unbound
    }


def effect_tree(use: Mapping[str, Any]) -> Tree:
    """Return an effect of a document as the form shows it."""
    name, params = next(iter(use.items()))
    tree: Tree = {"name": name, **(params or {})}
    if isinstance(tree.get("to"), str):
        tree["to"] = [tree["to"]]
    return tree


def write_effects(
    pen: Pen, trees: Sequence[Tree], path: str, known: Mapping[str, Offer]
) -> list[Data]:
    """Return the effects a form describes; a message that is new is added to the document."""
    found = []
    for number, tree in enumerate(trees):
        name = text(tree, "name")
        if not name:
            continue
        offer = known.get(name)
        if offer is None:
            pen.complain(f"{path}.{number}.name", N_("Choose one of the answers."))
            continue
        found.append({name: _write(pen, tree, f"{path}.{number}", offer)})
    return found


def uses(data: Mapping[str, Any]) -> list[Tree]:
    """Return the effects of a part of the document as the form shows them."""
    return [effect_tree(use) for use in data.get("effects", [])]


def put_effects(pen: Pen, part: Data, tree: Tree, path: str, known: Mapping[str, Offer]) -> None:
    """Write the effects of a form into a part of the document."""
    put(part, "effects", write_effects(pen, items(tree, "effects"), f"{path}effects", known))


def _write(pen: Pen, tree: Tree, path: str, offer: Offer) -> Data:
    made: Data = {}
    for one in offer.parameters:
        allowed = {value for value, _ in one.choices}
        given = [value for value in many(tree, one.name) if value in allowed]
        if one.name == "message" and NEW in given:
            given = [_new_message(pen, text(tree, "title"), path)]
        if one.required and not given:
            pen.complain(f"{path}.{one.name}", N_("Choose one of the answers."))
        if given:
            made[one.name] = given if one.many and len(given) > 1 else given[0]
            if one.name == "actions":
                made[one.name] = given
    return made


def _new_message(pen: Pen, title: str, path: str) -> str:
    """Add a message with first words in every language, to be written out on its own page."""
    messages = pen.data.setdefault("messages", {})
    if not title:
        pen.complain(f"{path}.title", N_("Give the new message a subject."))
        return ""
    taken = [key.rpartition(".")[2] for key in messages]
    key = f"own.{new_name(title, taken)}"
    bodies = {code: FIRST_MAIL.get(code, FIRST_MAIL["en"])[1] for code in pen.languages}
    if pen.data["subject"] != "request":
        bodies = dict.fromkeys(pen.languages, "{{portal.link}}")
    messages[key] = {
        "email": {code: {"subject": title, "body": body} for code, body in bodies.items()}
    }
    return key


def _parameters(
    definition: Definition, spec: EffectSpec, way: Transition | None
) -> list[Parameter]:
    found = []
    for field_name, field in spec.params.model_fields.items():
        name = field.alias or field_name
        choices = _choices(definition, spec, field_name, way)
        found.append(
            Parameter(
                name,
                names.named(names.PARAMETERS, name),
                choices,
                many=name in ("to", "actions"),
                required=field.is_required(),
            )
        )
    return found


def _choices(
    definition: Definition, spec: EffectSpec, name: str, way: Transition | None
) -> Sequence[tuple[str, Phrase | Own]]:
    annotation = spec.params.model_fields[name].annotation
    if get_origin(annotation) is Literal:
        return [(one, names.named(names.VALUES, one)) for one in get_args(annotation)]
    if name in spec.params.references:
        return _references(definition, spec.params.references[name], way)
    if spec.params is SendMessage:
        return _of_message(definition, name)
    triggers = dict.fromkeys(one.trigger for one in definition.transitions)
    return [(one, names.step(definition, one)) for one in triggers]


def _of_message(definition: Definition, name: str) -> Sequence[tuple[str, Phrase | Own]]:
    if name == "message":
        known = [(key, names.message(definition, key)) for key in definition.messages]
        return [*known, (NEW, Phrase(N_("A new message …")))]
    if name == "to":
        ordered = sorted(RECIPIENTS, key=lambda one: _ORDER.index(one) if one in _ORDER else 99)
        return [(one, names.named(names.RECIPIENTS, one)) for one in ordered]
    ways = (one for one in definition.transitions if "customer" in one.roles)
    triggers = dict.fromkeys(one.trigger for one in ways)
    return [(one, names.step(definition, one)) for one in triggers]


def _references(
    definition: Definition, wanted: str | None, way: Transition | None
) -> Sequence[tuple[str, Phrase | Own]]:
    form = registry.forms().get(way.form) if way and way.form else None
    if wanted is None:
        return [(f"input.{form.key}", names.named(names.FORMS, form.name))] if form else []
    facts = known_facts(definition, way)
    return [
        (path, fact_names.fact(definition, path, way))
        for path, kind in facts.items()
        if kind == wanted
    ]
