"""Fields by form: a step's own questions, and a company's own on the request form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.errors import N_
from app.services.workflow_facts import Facts
from app.services.workflow_forms import new_name, put
from app.services.workflow_rules import rule_tree, write_rule
from app.services.workflow_tree import Pen, Tree, is_on, items, text, words

Data = dict[str, Any]
# What a customer can't answer on the request form is offered to the team only.
STEP_TYPES: Final = (
    "text", "long_text", "number", "money", "date", "datetime", "window", "bool", "choice",
    "file", "user", "service", "location",
)  # fmt: skip
FORM_TYPES: Final = (
    "text", "long_text", "number", "money", "date", "datetime", "window", "bool", "choice",
    "location",
)  # fmt: skip
_LETTERS: Final = ("min_length", "max_length")
_LIMITS: Final = ("minimum", "maximum")


@dataclass(frozen=True)
class Around:
    """What stands around a field: what it may hang on, the company's zone, names that are used."""

    facts: Facts
    zone: str
    taken: Sequence[str] = ()
    types: Sequence[str] = field(default=STEP_TYPES)


def field_tree(one: Mapping[str, Any], around: Around) -> Tree:
    """Return a field as the form shows it."""
    tree: Tree = {"name": one["name"], "type": one["type"], "label": dict(one["label"])}
    tree["help"] = dict(one.get("help") or {})
    for flag in ("required", "visible_to_customer"):
        tree[flag] = "1" if one.get(flag) else ""
    for name in (*_LETTERS, "max"):
        tree[name] = "" if one.get(name) is None else str(one[name])
    for name in _LIMITS:
        tree[name] = _shown(one["type"], one.get(name))
    tree["suggestions"] = one.get("suggestions") or ""
    tree["choices"] = [
        {"value": choice["value"], "label": dict(choice["label"])}
        for choice in one.get("choices", [])
    ]
    tree["rule"] = rule_tree(one.get("visible_if"), around.facts, around.zone)
    return tree


def write_field(pen: Pen, tree: Tree, path: str, was: Data | None, around: Around) -> Data | None:
    """Return the field a form describes, None for one that was left blank."""
    label = words(tree, "label", pen.languages)
    if not label:
        if was is not None or any(text(tree, name) for name in ("type_chosen", "required")):
            pen.complain(f"{path}.label.{pen.languages[0]}", N_("Please fill this in."))
        return was
    made: Data = dict(was or {"name": new_name(next(iter(label.values())), around.taken)})
    kind = text(tree, "type")
    made["type"] = kind if kind in around.types else (was or {}).get("type", "text")
    made["label"] = label
    put(made, "help", words(tree, "help", pen.languages))
    for flag in ("required", "visible_to_customer"):
        put(made, flag, is_on(tree, flag))
    _put_limits(pen, made, tree, path)
    put(made, "suggestions", text(tree, "suggestions") if _is_text(made) else None)
    put(made, "choices", _choices(pen, tree, path) if made["type"] == "choice" else None)
    if made["type"] == "choice" and not made.get("choices"):
        made["type"] = "text"  # until there is something to choose
    rule_of = tree.get("rule")
    rule = rule_of if isinstance(rule_of, dict) else {}
    put(made, "visible_if", write_rule(pen, rule, f"{path}.rule", around.facts, around.zone))
    return made


def known_again(fields: Iterable[Mapping[str, Any]]) -> dict[str, Data]:
    """Return the fields of a document by their names."""
    return {str(one["name"]): dict(one) for one in fields if "name" in one}


def _is_text(made: Data) -> bool:
    return made["type"] in ("text", "long_text")


def _put_limits(pen: Pen, made: Data, tree: Tree, path: str) -> None:
    is_number = made["type"] in ("number", "money")
    for name in _LETTERS:
        _set(made, name, _count(pen, tree, path, name) if _is_text(made) else None)
    for name in _LIMITS:
        _set(made, name, _limit(pen, made["type"], tree, path, name) if is_number else None)


def _set(made: Data, name: str, value: Any) -> None:
    if value is None:
        made.pop(name, None)
    else:
        made[name] = value  # nought is a limit too


def _count(pen: Pen, tree: Tree, path: str, name: str) -> int | None:
    given = text(tree, name)
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= 6):
        pen.complain(f"{path}.{name}", N_("Write a whole number."))
        return None
    return int(given)


def _limit(pen: Pen, kind: str, tree: Tree, path: str, name: str) -> int | float | None:
    given = text(tree, name)
    if not given:
        return None
    try:
        number = Decimal(given.replace(",", "."))
        if not number.is_finite() or abs(number) >= 10**10:
            raise InvalidOperation
    except InvalidOperation:
        pen.complain(f"{path}.{name}", N_("Write a number."))
        return None
    if kind == "money":
        return int(number * 100)
    return int(number) if number == number.to_integral_value() else float(number)


def _shown(kind: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{Decimal(str(value)) / 100:.2f}" if kind == "money" else str(value)


def _choices(pen: Pen, tree: Tree, path: str) -> list[Data]:
    found: list[Data] = []
    for one in items(tree, "choices"):
        label = words(one, "label", pen.languages)
        if label:
            taken = [each["value"] for each in found]
            known = text(one, "value")
            value = known if known and known not in taken else ""
            found.append(
                {"value": value or new_name(next(iter(label.values())), taken), "label": label}
            )
    if not found:
        pen.complain(f"{path}.choices", N_("Write at least one answer to choose."))
    return found
