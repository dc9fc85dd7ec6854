"""Conditions as rows (field, operator, value; all or any; one group inside), instead of CEL."""

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
    "is_true", "is_false", "in_future", "in_past", "older_than",
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
_NOW: Final = re.compile(rf"{_PATH} (?P<sign>[<>]) now")
_OLDER: Final = re.compile(rf'{_PATH} < now - duration\("(?P<hours>\d{{1,6}})h"\)')
_BARE: Final = re.compile(rf"(?P<no>!?){_PATH}")
_PIECE: Final = re.compile(rf"{_TEXT}| && | \|\| |.")


@dataclass(frozen=True)
class Row:
    """One line of the builder."""

    field: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True)
class Group:
    """Several rows that count as one."""

    join: Join
    rows: tuple[Row, ...]


Item = Row | Group


def to_expression(rows: Sequence[Item], join: Join = "all") -> str:
    """Return the condition the rows mean. Raises BadExpression for a field that is no path."""
    expression = _JOINS[join].join(_clause(row) for row in rows)
    CONDITIONS.compile(expression)
    return expression


def to_rows(expression: str) -> tuple[Join, list[Item]] | None:
    """Return the rows of a condition, None for one that rows can't show."""
    clauses, joins = _split(expression)
    rows = [row for row in map(_item, clauses) if row is not None]
    groups = sum(isinstance(row, Group) for row in rows)
    if len(joins) > 1 or len(rows) != len(clauses) or groups > 1:
        return None
    return ("any" if _JOINS["any"] in joins else "all"), rows


def _split(expression: str) -> tuple[list[str], set[str]]:
    """Return the clauses and the signs that join them.

    Signs inside quotes and brackets join nothing.
    """
    clauses, joins, depth = [""], set(), 0
    for piece in _PIECE.findall(expression):
        depth += (piece == "(") - (piece == ")")
        if piece in _JOINS.values() and depth == 0:
            joins.add(piece)
            clauses.append("")
        else:
            clauses[-1] += piece
    return clauses, joins


def _clause(row: Item) -> str:
    if isinstance(row, Group):
        return f"({_JOINS[row.join].join(_clause(one) for one in row.rows)})"
    if re.fullmatch(_PATH, row.field) is None:
        raise BadExpression("'%(sign)s' has no place in a condition.", sign=row.field[:20])
    if row.operator in _SIGNS:
        return f"{row.field} {_SIGNS[row.operator]} {_literal(row.value)}"
    if row.operator == "contains":
        return f"{row.field}.contains({_literal(row.value)})"
    if row.operator == "older_than":
        return f'{row.field} < now - duration("{_hours(row.value)}h")'
    return _WITHOUT_VALUE[row.operator](row.field)


_WITHOUT_VALUE: Final[Mapping[str, Callable[[str], str]]] = {
    "is_blank": lambda path: f"{path} == null",
    "is_filled": lambda path: f"{path} != null",
    "is_true": lambda path: f"{path} == true",
    "is_false": lambda path: f"{path} == false",
    "in_future": lambda path: f"{path} > now",
    "in_past": lambda path: f"{path} < now",
}


def _hours(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1_000_000:
        raise BadExpression("'%(sign)s' has no place in a condition.", sign=str(value)[:20])
    return value


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f'timestamp("{moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}")'
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return json.dumps(value or "", ensure_ascii=False)


def _item(clause: str) -> Item | None:
    if clause.startswith("(") and clause.endswith(")"):
        inner, joins = _split(clause[1:-1])
        rows = [row for row in map(_row, inner) if row is not None]
        if len(joins) != 1 or len(rows) != len(inner):
            return None
        return Group("any" if _JOINS["any"] in joins else "all", tuple(rows))
    return _row(clause)


def _row(clause: str) -> Row | None:
    for pattern, read in _READERS:
        match = pattern.fullmatch(clause)
        if match:
            return read(match)
    return None


def _blank(match: re.Match[str]) -> Row:
    return Row(match["path"], "is_blank" if match["sign"] == "==" else "is_filled")


def _compared(match: re.Match[str]) -> Row:
    value = _read(match["value"])
    if match["sign"] == "==" and isinstance(value, bool):
        return Row(match["path"], "is_true" if value else "is_false")
    return Row(match["path"], _OPERATORS[match["sign"]], value)


def _bare(match: re.Match[str]) -> Row | None:
    """A fact that is yes or no may stand alone: «facts.slot_free», «!facts.slot_free»."""
    is_flag = match["path"].startswith(("facts.", "customer.", "job.", "estimate.", "request."))
    return Row(match["path"], "is_false" if match["no"] else "is_true") if is_flag else None


_OPERATORS: Final[Mapping[str, Operator]] = {
    "==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least",
}  # fmt: skip
_READERS: Final[Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], Row | None]]]] = (
    (_BLANK, _blank),
    (_CONTAINED, lambda match: Row(match["path"], "contains", _read(match["value"]))),
    (_NOW, lambda match: Row(match["path"], "in_future" if match["sign"] == ">" else "in_past")),
    (_OLDER, lambda match: Row(match["path"], "older_than", int(match["hours"]))),
    (_COMPARED, _compared),
    (_BARE, _bare),
)


def _read(text: str) -> Value:
    if text.startswith("timestamp("):
        return datetime.fromisoformat(json.loads(text[10:-1]))
    value: Value = json.loads(text)
    return value
