"""The steps of a definition, changed by form: who, from where to where, what is asked and sent."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from app.errors import N_, Invalid, NotFound
from app.services.form import Raw
from app.services.workflow_forms import (
    Data,
    every,
    field,
    last,
    new_name,
    put,
    required,
    sources,
    triggers,
    words,
)
from workflows.condition_rows import Operator, Row, to_expression
from workflows.conditions import BadExpression

STYLES: Final = ("secondary", "primary", "danger")
TYPES: Final = (
    "text",
    "long_text",
    "number",
    "money",
    "date",
    "datetime",
    "bool",
    "choice",
    "file",
)
_OPERATORS: Final[tuple[str, ...]] = get_args(Operator)
_WITHOUT_VALUE: Final = ("is_blank", "is_filled", "is_true", "is_false")


def step_at(data: Data, number: int) -> Data:
    """Return a step by its place. Raises NotFound."""
    ways: list[Data] = data.get("transitions", [])
    if not 0 <= number < len(ways):
        raise NotFound("step", number)
    return ways[number]


def put_step(data: Data, raw: Raw, number: int | None = None) -> int:
    """Change a step, or add one at the end; return its place. Raises Invalid, NotFound."""
    label = required(raw, "label", data)
    came_from, roles = every(raw, "source"), every(raw, "roles")
    if not came_from:
        raise Invalid({"source": N_("Choose where the step may be taken.")})
    if not roles:
        raise Invalid({"roles": N_("Choose who may take the step.")})
    ways = data.setdefault("transitions", [])
    if number is None:
        ways.append({"trigger": new_name(next(iter(label.values())), triggers(data))})
        number = len(ways) - 1
    way = step_at(data, number)
    way |= {"label": label, "source": came_from, "dest": last(raw, "dest"), "roles": roles}
    style = last(raw, "style")
    put(way, "style", style if style in STYLES[1:] else None)
    put(way, "silent", last(raw, "silent") == "1")
    put(way, "bulk", last(raw, "bulk") == "1")
    put(way, "confirm", words(raw, "confirm", data["languages"]))
    _put_fields(data, raw, way)
    _put_conditions(data, raw, way)
    _put_messages(data, raw, way)
    return number


def remove_step(data: Data, number: int) -> None:
    """Take a step out, and the tests that take it. Raises NotFound."""
    trigger = step_at(data, number)["trigger"]
    del data["transitions"][number]
    if trigger not in triggers(data):
        kept = [one for one in data.get("tests", []) if not _takes(one, trigger)]
        put(data, "tests", kept)


def step_values(way: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step as the form shows it."""
    found: dict[str, Any] = {
        "source": sources(way), "dest": way["dest"], "roles": list(way["roles"]),
        "style": way.get("style", "secondary"), "silent": way.get("silent", False),
        "bulk": way.get("bulk", False),
    }  # fmt: skip
    for part in ("label", "confirm"):
        found |= {f"{part}_{code}": text for code, text in (way.get(part) or {}).items()}
    for number, one in enumerate(way.get("fields", [])):
        found |= {f"f{number}_{code}": text for code, text in one["label"].items()}
        found |= {
            f"f{number}_required": one.get("required", False),
            f"f{number}_visible": one.get("visible_to_customer", False),
        }
    return found


def _put_fields(data: Data, raw: Raw, way: Data) -> None:
    kept = []
    for number, one in enumerate(way.get("fields", [])):
        if last(raw, f"f{number}_drop") == "1":
            continue
        said = words(raw, f"f{number}", data["languages"])
        one["label"] = said or one["label"]
        put(one, "required", last(raw, f"f{number}_required") == "1")
        put(one, "visible_to_customer", last(raw, f"f{number}_visible") == "1")
        kept.append(one)
    if words(raw, "field", data["languages"]):
        kept.append(field(raw, "field", data["languages"], [one["name"] for one in kept]))
    put(way, "fields", kept)


def _put_conditions(data: Data, raw: Raw, way: Data) -> None:
    dropped = set(every(raw, "drop_condition"))
    kept = [one for n, one in enumerate(way.get("conditions", [])) if str(n) not in dropped]
    fact, operator = last(raw, "fact"), last(raw, "operator")
    if fact:
        said = words(raw, "why", data["languages"])
        if not said:
            raise Invalid({f"why_{data['languages'][0]}": N_("Say why it is not possible then.")})
        kept.append({"if": _expression(fact, operator, last(raw, "value")), "message": said})
    put(way, "conditions", kept)


def _expression(fact: str, operator: str, value: str) -> str:
    if operator not in _OPERATORS:
        raise Invalid({"operator": N_("Choose one of the answers.")})
    typed: Any = None if operator in _WITHOUT_VALUE else _typed(value)
    try:
        return to_expression([Row(fact, operator, typed)])  # type: ignore[arg-type]  # checked
    except BadExpression as error:
        raise Invalid({"fact": N_("This can't be compared.")}) from error


def _typed(value: str) -> str | float | int:
    try:
        return int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        return value


def _put_messages(data: Data, raw: Raw, way: Data) -> None:
    dropped = set(every(raw, "drop_effect"))
    kept = [one for n, one in enumerate(way.get("effects", [])) if str(n) not in dropped]
    message = last(raw, "send")
    if message:
        if message not in data.get("messages", {}):
            raise Invalid({"send": N_("Choose what is sent.")})
        kept.append({"send_message": {"message": message, "to": last(raw, "send_to")}})
    put(way, "effects", kept)


def _takes(case: Mapping[str, Any], trigger: str) -> bool:
    return any(trigger in step for step in case.get("when", []))
