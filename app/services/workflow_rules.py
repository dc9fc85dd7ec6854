"""Conditions of a workflow as a form shows them: rows, one group, or an expression kept as is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.errors import N_
from app.services.workflow_facts import Fact, Facts
from app.services.workflow_tree import Pen, Tree, items, part, text
from workflows.condition_rows import Group, Item, Join, Operator, Row, to_expression, to_rows
from workflows.conditions import BadExpression

WITHOUT_VALUE: Final = (
    "is_blank", "is_filled", "is_true", "is_false", "in_future", "in_past",
)  # fmt: skip
OPERATOR_WORDS: Final[Mapping[str, str]] = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "less": N_("is less than"),
    "at_most": N_("is at most"),
    "more": N_("is more than"),
    "at_least": N_("is at least"),
    "contains": N_("contains"),
    "is_blank": N_("is blank"),
    "is_filled": N_("is filled in"),
    "is_true": N_("yes"),
    "is_false": N_("no"),
    "in_future": N_("lies in the future"),
    "in_past": N_("lies in the past"),
    "older_than": N_("is longer ago than, in hours"),
    "before": N_("is before"),
    "after": N_("is after"),
}


def rule_tree(expression: str | None, facts: Facts, zone: str) -> Tree:
    """Return a condition as the form shows it; ``cel`` is set where rows can't show it."""
    if not expression:
        return {}
    found = to_rows(expression)
    if found is None:
        return {"was": expression, "cel": expression}
    join, rows = found
    tree: Tree = {"was": expression, "join": join, "rows": []}
    for row in rows:
        if isinstance(row, Group):
            inner = [_row_tree(one, facts, zone) for one in row.rows]
            tree["group"] = {"join": row.join, "rows": inner}
        else:
            tree["rows"].append(_row_tree(row, facts, zone))
    return tree


def write_rule(pen: Pen, tree: Tree, path: str, facts: Facts, zone: str) -> str | None:
    """Return the condition a form describes, None for none.

    What was written by hand, and what nobody changed, stays as it was written.
    """
    was = text(tree, "was")
    if text(tree, "cel"):
        return was or None
    rows: list[Item] = list(_rows(pen, items(tree, "rows"), f"{path}.rows", facts, zone))
    inner = part(tree, "group")
    grouped = tuple(_rows(pen, items(inner, "rows"), f"{path}.group.rows", facts, zone))
    if len(grouped) > 1:
        rows.append(Group(_join(inner), grouped))
    else:
        rows += grouped
    if not rows:
        return None
    if was and _means_the_same(was, _join(tree), rows):
        return was
    try:
        return to_expression(rows, _join(tree))
    except BadExpression:
        pen.complain(f"{path}.rows.0.field", N_("This can't be compared."))
        return None


def _means_the_same(was: str, join: Join, rows: Sequence[Item]) -> bool:
    known = to_rows(was)
    return known is not None and known[1] == list(rows) and (known[0] == join or len(rows) == 1)


def _join(tree: Tree) -> Join:
    return "any" if text(tree, "join") == "any" else "all"


def _rows(pen: Pen, trees: Sequence[Tree], path: str, facts: Facts, zone: str) -> list[Row]:
    found = []
    for number, tree in enumerate(trees):
        name = text(tree, "field")
        if not name:
            continue
        fact = facts.get(name)
        if fact is None:
            pen.complain(f"{path}.{number}.field", N_("Choose one of the answers."))
            continue
        operator = text(tree, "operator")
        if operator not in fact.operators:
            operator = fact.operators[0]
        value = _typed(pen, fact, operator, text(tree, "value"), f"{path}.{number}.value", zone)
        found.append(Row(name, _operator(operator), value))
    return found


def _operator(name: str) -> Operator:
    return name  # type: ignore[return-value]  # one of the fact's own


def _typed(pen: Pen, fact: Fact, operator: str, value: str, path: str, zone: str) -> Any:
    if operator in WITHOUT_VALUE:
        return None
    if not value:
        pen.complain(path, N_("Please fill this in."))
        return ""
    kind = "hours" if operator == "older_than" else fact.kind
    read = _READERS.get(kind)
    if read is None:
        return value
    try:
        return read(value, zone)
    except (ValueError, InvalidOperation):
        pen.complain(path, _ASK_FOR[kind])
        return 0


def _number(value: str, _zone: str) -> int | float:
    number = Decimal(value.replace(",", "."))
    if not number.is_finite() or abs(number) >= 10**12:
        raise ValueError(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _cents(value: str, zone: str) -> int:
    return round(Decimal(str(_number(value, zone))) * 100)


def _hours(value: str, _zone: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):
        raise ValueError(value)
    return int(value)


def _moment(value: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


_READERS: Final[Mapping[str, Any]] = {
    "number": _number, "money": _cents, "hours": _hours, "datetime": _moment,
}  # fmt: skip
_ASK_FOR: Final[Mapping[str, str]] = {
    "number": N_("Write a number."),
    "money": N_("Write an amount such as 12.50."),
    "hours": N_("Write a number of hours."),
    "datetime": N_("Write a date and a time such as 2030-01-31 14:30."),
}


def _row_tree(row: Row, facts: Facts, zone: str) -> Tree:
    fact = facts.get(row.field)
    value = row.value
    if isinstance(value, datetime):
        shown = value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    elif fact is not None and fact.kind == "money" and isinstance(value, int | float):
        shown = f"{Decimal(str(value)) / 100:.2f}"
    else:
        shown = "" if value is None else str(value)
    return {"field": row.field, "operator": row.operator, "value": shown}
