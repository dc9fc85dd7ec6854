"""The questions a company added to its request form: which a list can be narrowed by, and how."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement

from app.models import Request
from workflows.schema import Definition, FormField

YES_NO: Final = ("yes", "no")
# Of the other types only a person's eye can tell whether two answers are alike.
_FILTERED: Final = ("choice", "bool", "text", "long_text", "number", "date")
LONGEST: Final = 100


def filtered(definition: Definition) -> Sequence[FormField]:
    """Return the own questions that a list of requests can be narrowed by."""
    return [field for field in definition.own_fields if field.type in _FILTERED]


def conditions(definition: Definition, wanted: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return what requests must have answered; blank and unknown names ask nothing."""
    known = {field.name: field for field in filtered(definition)}
    return [
        _answered(known[name], text.strip()[:LONGEST])
        for name, text in wanted.items()
        if name in known and text.strip()
    ]


def _answered(field: FormField, text: str) -> ColumnElement[bool]:
    answer = Request.extra[field.name]
    found: ColumnElement[bool] = answer.as_string() == text
    if field.type == "bool":
        found = answer.as_boolean().is_(text == YES_NO[0])
    if field.type in ("text", "long_text"):
        found = answer.as_string().icontains(text, autoescape=True)
    return found
