"""Narrowing the queue by the questions a company added to its form."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from admin_views.wording import words
from app.services import own_fields
from workflows.schema import Definition, FormField

PREFIX = "own_"  # an owner may call a question «status»
_INPUTS = {"number": "number", "date": "date"}


@dataclass(frozen=True)
class Filter:
    """One question as the list offers it; ``choices`` are the answers, if they are few."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]]
    input_type: str


def offered(definition: Definition) -> list[Filter]:
    """Return a filter for each question, with what is chosen now."""
    return [
        Filter(
            f"{PREFIX}{field.name}", words(field.label), chosen().get(field.name, ""),
            _choices(field), _INPUTS.get(field.type, "search"),
        )
        for field in own_fields.filtered(definition)
    ]  # fmt: skip


def chosen() -> dict[str, str]:
    """Return the answers looked for, by question."""
    found = request.args.items()
    return {
        name.removeprefix(PREFIX): text[: own_fields.LONGEST]
        for name, text in found
        if name.startswith(PREFIX) and text.strip()
    }


def kept() -> dict[str, str]:
    """Return what links to other parts of the list must carry along."""
    return {f"{PREFIX}{name}": text for name, text in chosen().items()}


def _choices(field: FormField) -> list[tuple[str, str]]:
    if field.type == "choice":
        return [(choice.value, words(choice.label)) for choice in field.choices]
    if field.type == "bool":
        return list(zip(own_fields.YES_NO, (_("Yes"), _("No")), strict=True))
    return []
