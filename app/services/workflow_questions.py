"""The request form by form: the product's own questions with their options, the company's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import N_
from app.services.workflow_facts import Facts
from app.services.workflow_fields import (
    FORM_TYPES,
    Around,
    field_tree,
    known_again,
    write_field,
)
from app.services.workflow_forms import put
from app.services.workflow_tree import Pen, Tree, is_on, items, many, text, words

Data = dict[str, Any]
OWN: Final = "own"
# Of each built-in question: what may be chosen, and whether one of it must be.
CHOICES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "kind": ("options", ("one_time", "recurring", "issue", "service_change")),
    "service": ("sources", ("category", "catalog", "bookable", "free_text")),
    "location": ("allow", ("on_file", "once", "add")),
    "contact": ("allow", ("account", "choose", "add")),
}
MODES: Final = ("single", "window", "dates", "datetime")
_COUNTS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "description": (("min_length", 5000), ("max_length", 5000)),
    "preferred_dates": (("max", 10),),
    "photos": (("max", 20),),
}
FactsBefore = Callable[[int], Facts]


@dataclass(frozen=True)
class Known:
    """What the form page may offer: what a question may hang on, by its place, and the zone."""

    facts: FactsBefore
    zone: str


def form_tree(data: Mapping[str, Any], known: Known) -> Tree:
    """Return the request form of a document as the page shows it."""
    return {
        "items": [
            _tree(one, number, known) for number, one in enumerate(data.get("request_form", []))
        ]
    }


def write_form(pen: Pen, tree: Tree, known: Known) -> None:
    """Write the questions of a page into the document, in the page's order."""
    before = pen.data.get("request_form", [])
    own = known_again(before)
    built_in = {one["field"]: one for one in before if "field" in one}
    made: list[Data] = []
    for number, one in enumerate(items(tree, "items")):
        name = text(one, "field")
        if name and name != OWN:
            made.append(_built_in(pen, one, number, dict(built_in.get(name, {"field": name}))))
            continue
        taken = [*own, *(each.get("name", "") for each in made)]
        around = Around(known.facts(number), known.zone, taken, FORM_TYPES)
        was = own.get(text(one, "name"))
        found = write_field(pen, one, f"items.{number}", was, around)
        if found is not None:
            made.append(found)
    put(pen.data, "request_form", made)


def unused(tree: Tree) -> list[str]:
    """Return the built-in questions the page does not ask yet."""
    asked = {text(one, "field") for one in items(tree, "items")}
    return [name for name in _ALL if name not in asked]


_ALL: Final = (
    "kind", "location", "service", "category", "description", "urgency", "preferred_dates",
    "contact", "notes", "photos",
)  # fmt: skip


def add(tree: Tree, name: str) -> None:
    """Put one more question at the end of the page's form."""
    if name in unused(tree):
        part = CHOICES.get(name)
        first: Tree = {part[0]: [part[1][0]]} if part else {}
        tree.setdefault("items", []).append({"field": name, **first})
    elif name == OWN:
        tree.setdefault("items", []).append({"field": OWN, "type": "text"})


def _tree(one: Mapping[str, Any], number: int, known: Known) -> Tree:
    if "field" not in one:
        around = Around(known.facts(number), known.zone, types=FORM_TYPES)
        return {"field": OWN, **field_tree(one, around)}
    tree: Tree = {"field": one["field"], "required": "1" if one.get("required") else ""}
    for name in ("label", "help"):
        tree[name] = dict(one.get(name) or {})
    part = CHOICES.get(one["field"])
    if part:
        default = part[1][:1] if one["field"] != "service" else ()
        tree[part[0]] = list(one.get(part[0], default))
    tree["needs"] = list(one.get("needs", []))
    for name, _most in _COUNTS.get(one["field"], ()):
        tree[name] = str(one[name]) if one.get(name) is not None else ""
    tree["mode"] = one.get("mode", "single")
    tree["day_part"] = "1" if one.get("day_part") else ""
    return tree


def _built_in(pen: Pen, tree: Tree, number: int, made: Data) -> Data:
    path, name = f"items.{number}", made["field"]
    for part in ("label", "help"):
        put(made, part, words(tree, part, pen.languages))
    put(made, "required", is_on(tree, "required"))
    offered = CHOICES.get(name)
    if offered:
        chosen = [one for one in offered[1] if one in many(tree, offered[0])]
        if not chosen:
            pen.complain(f"{path}.{offered[0]}", N_("Choose at least one."))
        made[offered[0]] = chosen
    if name == "service":
        put(made, "needs", [one for one in made["sources"] if one in many(tree, "needs")])
    for part, most in _COUNTS.get(name, ()):
        _put_count(pen, made, tree, part, f"{path}.{part}", most)
    if name == "preferred_dates":
        mode = text(tree, "mode")
        put(made, "mode", mode if mode in MODES[1:] else None)
        put(made, "day_part", is_on(tree, "day_part"))
    return made


def _put_count(pen: Pen, made: Data, tree: Tree, part: str, path: str, most: int) -> None:
    given = text(tree, part)
    made.pop(part, None)
    if not given:
        return
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= most):
        pen.complain(path, N_("Write a number from %(low)s to %(high)s."), low=1, high=most)
        return
    made[part] = int(given)
