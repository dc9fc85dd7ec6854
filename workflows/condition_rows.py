"""Conditions as rows (field, operator, value; all or any): what owners write instead of CEL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from workflows.conditions import CONDITIONS, BadExpression

Value = str | int | float | bool | datetime | None
Join = Literal["all", "any"]
Operator = Literal[
    "is", "is_not", "less", "at_most", "more", "at_least", "contains", "is_blank", "is_filled",
    "is_true", "is_false",
]  # fmt: skip

_SIGNS: Final[Mapping[str, str]] = {
    "is": "==", "is_not": "!=", "less": "<", "at_most": "<=", "more": ">", "at_least": ">=",
}  # fmt: skip
_JOINS: Final[Mapping[Join, str]] = {"all": " && ", "any": " || "}
_PATH = r"(?P<path>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"
_TEXT = r'"(?:[^"\\]|\\.)*"'
_VALUE = rf"(?P<value>timestamp\({_TEXT}\)|{_TEXT}|-?\d+(?:\.\d+)?|true|false)"
_COMPARED: Final = re.compile(rf"{_PATH} (?P<sign>==|!=|<=|>=|<|>) {_VALUE}")
_CONTAINED: Final = re.compile(rf"{_PATH}\.contains\({_VALUE}\)")
_BLANK: Final = re.compile(rf"{_PATH} (?P<sign>==|!=) null")
_PIECE: Final = re.compile(rf"{_TEXT}| && | \|\| |.")


@dataclass(frozen=True)
class Row:
    """One line of the builder."""

    field: str
    operator: Operator
    value: Value = None


def to_expression(rows: Sequence[Row], join: Join = "all") -> str:
    """Return the condition the rows mean. Raises BadExpression for a field that is no path."""
    expression = _JOINS[join].join(_clause(row) for row in rows)
    CONDITIONS.compile(expression)
    return expression


def to_rows(expression: str) -> tuple[Join, list[Row]] | None:
    """Return the rows of a condition, None for one that rows can't show."""
    clauses, joins = _split(expression)
    rows = [row for row in map(_row, clauses) if row is not None]
    if len(joins) > 1 or len(rows) != len(clauses):
        return None
    return ("any" if _JOINS["any"] in joins else "all"), rows


def _split(expression: str) -> tuple[list[str], set[str]]:
    """Return the clauses and the signs that join them; signs inside quotes join nothing."""
    clauses, joins = [""], set()
    for piece in _PIECE.findall(expression):
        if piece in _JOINS.values():
            joins.add(piece)
            clauses.append("")
        else:
            clauses[-1] += piece
    return clauses, joins


def _clause(row: Row) -> str:
    if re.fullmatch(_PATH, row.field) is None:
        raise BadExpression("'%(sign)s' has no place in a condition.", sign=row.field[:20])
    if row.operator in _SIGNS:
        return f"{row.field} {_SIGNS[row.operator]} {_literal(row.value)}"
    if row.operator == "contains":
        return f"{row.field}.contains({_literal(row.value)})"
    return _WITHOUT_VALUE[row.operator](row.field)


_WITHOUT_VALUE: Final[Mapping[str, Callable[[str], str]]] = {
    "is_blank": lambda path: f"{path} == null",
    "is_filled": lambda path: f"{path} != null",
    "is_true": lambda path: f"{path} == true",
    "is_false": lambda path: f"{path} == false",
}


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f'timestamp("{moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}")'
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return json.dumps(value or "", ensure_ascii=False)


def _row(clause: str) -> Row | None:
    blank = _BLANK.fullmatch(clause)
    if blank:
        return Row(blank["path"], "is_blank" if blank["sign"] == "==" else "is_filled")
    contained = _CONTAINED.fullmatch(clause)
    if contained:
        return Row(contained["path"], "contains", _read(contained["value"]))
    compared = _COMPARED.fullmatch(clause)
    if compared is None:
        return None
    value = _read(compared["value"])
    if compared["sign"] == "==" and isinstance(value, bool):
        return Row(compared["path"], "is_true" if value else "is_false")
    return Row(compared["path"], _OPERATORS[compared["sign"]], value)


_OPERATORS: Final[Mapping[str, Operator]] = {
    "==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least",
}  # fmt: skip


def _read(text: str) -> Value:
    if text.startswith("timestamp("):
        return datetime.fromisoformat(json.loads(text[10:-1]))
    value: Value = json.loads(text)
    return value
