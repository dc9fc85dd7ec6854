"""When a question is shown, as the page's script reads it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.condition_rows import Group, Item, Row, to_expression, to_rows
from workflows.conditions import CONDITIONS

_ASKED = "input."


def shown_when(expression: str, facts: Mapping[str, Any]) -> str:
    """Return JSON that says on which answers a question is shown.

    What asks about anything else is answered here. Blank for a condition rows can't show: the
    question then always stands there, and the server decides whether its answer counts.
    """
    found = to_rows(expression)
    if found is None:
        return ""
    join, rows = found
    return json.dumps({"join": join, "rows": [_item(row, facts) for row in rows]})


def _item(item: Item, facts: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(item, Group):
        return {"join": item.join, "rows": [_item(row, facts) for row in item.rows]}
    if not item.field.startswith(_ASKED):
        return {"holds": CONDITIONS.evaluate(to_expression([item]), facts).holds}
    return {
        "field": item.field.removeprefix(_ASKED),
        "operator": item.operator,
        "value": _value(item),
    }


def _value(row: Row) -> Any:
    return row.value.isoformat() if isinstance(row.value, datetime) else row.value
