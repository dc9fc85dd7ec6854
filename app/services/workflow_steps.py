"""The steps of a definition by form: who, from where to where, what is asked, checked and done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import N_, NotFound
from app.services.workflow_effects import Offer, put_effects, uses
from app.services.workflow_facts import Facts
from app.services.workflow_fields import Around, field_tree, known_again, write_field
from app.services.workflow_forms import Data, new_name, put, sources, triggers
from app.services.workflow_rules import rule_tree, write_rule
from app.services.workflow_timers import duration_tree, write_duration
from app.services.workflow_tree import Pen, Tree, is_on, items, many, part, text, words

STYLES: Final = ("secondary", "primary", "danger")
_FLAGS: Final = ("silent", "bulk", "when_opened")


@dataclass(frozen=True)
class Known:
    """What a step's form may choose from: facts before and with its answers, effects, the zone."""

    facts: Facts
    answers: Facts  # the facts, and the answers of this very form
    effects: Mapping[str, Offer]
    zone: str


def step_at(data: Data, number: int) -> Data:
    """Return a step by its place. Raises NotFound."""
    ways: list[Data] = data.get("transitions", [])
    if not 0 <= number < len(ways):
        raise NotFound("step", number)
    return ways[number]


def step_tree(way: Mapping[str, Any], known: Known) -> Tree:
    """Return a step of a document as the form shows it."""
    around = Around(known.answers, known.zone)
    tree: Tree = {
        "source": sources(way), "dest": way["dest"], "roles": list(way["roles"]),
        "style": way.get("style", "secondary"), "form": way.get("form", ""),
        "undo": duration_tree(way.get("undo")),
        "fields": [field_tree(one, around) for one in way.get("fields", [])],
        "conditions": condition_trees(way, "conditions", known.facts, known.zone),
        "validators": condition_trees(way, "validators", known.answers, known.zone),
        "effects": uses(way),
    }  # fmt: skip
    for name in _FLAGS:
        tree[name] = "1" if way.get(name) else ""
    for name in ("label", "confirm", "help"):
        tree[name] = dict(way.get(name) or {})
    return tree


def write_step(pen: Pen, tree: Tree, known: Known, number: int | None = None) -> int:
    """Change a step, or add one at the end; return its place. Raises NotFound."""
    label = words(tree, "label", pen.languages)
    ways = pen.data.setdefault("transitions", [])
    if not label:
        pen.complain(f"label.{pen.languages[0]}", N_("Please fill this in."))
    if number is None:
        trigger = new_name(next(iter(label.values()), "step"), triggers(pen.data))
        ways.append({"trigger": trigger})
        number = len(ways) - 1
    way = step_at(pen.data, number)
    way |= {"label": label, "source": many(tree, "source"), "dest": text(tree, "dest")}
    way["roles"] = many(tree, "roles")
    for name, message in _NEEDED.items():
        if not way[name]:
            pen.complain(name, message)
    _put_looks(pen, way, tree)
    _put_fields(pen, way, tree, known)
    put_conditions(pen, way, tree, known.facts, known.zone)
    _put_validators(pen, way, tree, known)
    put_effects(pen, way, tree, "", known.effects)
    return number


_NEEDED: Final = {
    "source": N_("Choose where the step may be taken."),
    "roles": N_("Choose who may take the step."),
    "dest": N_("Choose where the step leads."),
}


def remove_step(data: Data, number: int) -> None:
    """Take a step out, and the tests that take it. Raises NotFound."""
    trigger = step_at(data, number)["trigger"]
    del data["transitions"][number]
    if trigger not in triggers(data):
        kept = [one for one in data.get("tests", []) if not _takes(one, trigger)]
        put(data, "tests", kept)


def condition_trees(of: Mapping[str, Any], name: str, facts: Facts, zone: str) -> list[Tree]:
    """Return conditions or checks of a part of the document as the form shows them."""
    return [
        {
            "rule": rule_tree(one["if"], facts, zone),
            "message": dict(one["message"]),
            "field": one.get("field", ""),
        }
        for one in of.get(name, [])
    ]


def put_conditions(pen: Pen, of: Data, tree: Tree, facts: Facts, zone: str) -> None:
    """Write the conditions of a form into a part of the document."""
    put(of, "conditions", list(_conditions(pen, tree, "conditions", facts, zone)))


def _put_looks(pen: Pen, way: Data, tree: Tree) -> None:
    style = text(tree, "style")
    put(way, "style", style if style in STYLES[1:] else None)
    put(way, "form", text(tree, "form"))
    put(way, "undo", write_duration(pen, part(tree, "undo"), "undo"))
    for name in _FLAGS:
        put(way, name, is_on(tree, name))
    for name in ("confirm", "help"):
        put(way, name, words(tree, name, pen.languages))


def _put_fields(pen: Pen, way: Data, tree: Tree, known: Known) -> None:
    before = known_again(way.get("fields", []))
    made: list[Data] = []
    for number, one in enumerate(items(tree, "fields")):
        taken = [*before, *(each["name"] for each in made)]
        around = Around(known.answers, known.zone, taken)
        was = before.get(text(one, "name"))
        found = write_field(pen, one, f"fields.{number}", was, around)
        if found is not None:
            made.append(found)
    put(way, "fields", made)


def _conditions(pen: Pen, tree: Tree, name: str, facts: Facts, zone: str) -> list[Data]:
    found = []
    for number, one in enumerate(items(tree, name)):
        path = f"{name}.{number}"
        expression = write_rule(pen, part(one, "rule"), f"{path}.rule", facts, zone)
        said = words(one, "message", pen.languages)
        if expression is None and not said:
            continue
        if expression is None:
            pen.complain(f"{path}.rule.rows.0.field", N_("Choose what is looked at."))
        elif not said:
            message = N_("Say why it is not possible then.")
            pen.complain(f"{path}.message.{pen.languages[0]}", message)
        if expression is not None and said:
            found.append({"if": expression, "message": said, "field": text(one, "field")})
    for one in found if name == "conditions" else ():
        del one["field"]
    return found


def _put_validators(pen: Pen, way: Data, tree: Tree, known: Known) -> None:
    found = _conditions(pen, tree, "validators", known.answers, known.zone)
    for number, one in enumerate(found):
        if not one["field"]:
            message = N_("Choose beside which question it is said.")
            pen.complain(f"validators.{number}.field", message)
    put(way, "validators", found)


def _takes(case: Mapping[str, Any], trigger: str) -> bool:
    return any(trigger in step for step in case.get("when", []))
