"""A transition's own form, drawn from the fields its definition lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_views.wording import words
from app.models import Company, Location, Service, Staff, pick
from app.services.moves import Option
from workflows import versions
from workflows.schema import FormField

SUGGEST: Final = "_suggest_"  # a button of that name and a field's puts one text into it
_INPUT_TYPES: Final = {"date": "date", "datetime": "datetime-local", "window": "datetime-local"}
_WITH_DIGITS: Final = ("number", "money")


@dataclass(frozen=True)
class Drawn:
    """One field as a page draws it."""

    name: str
    kind: str
    label: str
    value: str = ""
    until: str = ""  # the other end of a window
    help: str = ""
    error: str | None = None
    required: bool = False
    read_by_customer: bool = False
    input_type: str = "text"
    digits: bool = False
    lang: str = ""
    shortest: int | None = None
    longest: int | None = None
    choices: Sequence[tuple[str, str]] = ()
    suggestions: Sequence[str] = field(default=())


def fields(
    session: Session, option: Option, record: Any, company: Company, typed: Any
) -> list[Drawn]:
    """Return a step's fields with what was typed, and what is wrong with it."""
    values: Mapping[str, Any] = typed.values if typed else {}
    errors: Mapping[str, str] = typed.errors if typed else {}
    return [
        _drawn(session, one, record, company, values, errors.get(one.name)) for one in option.fields
    ]


def tells_customer(session: Session, record: Any, trigger: str) -> bool:
    """Return True when taking the step writes to the customer."""
    definition = versions.load(session, record.workflow_version_id)
    return any(
        use.name == "send_message" and "customer" in _listed(use.params.get("to"))
        for transition in definition.candidates(record.state, trigger)
        for use in transition.effects
    )


def _drawn(
    session: Session, one: FormField, record: Any, company: Company,
    values: Mapping[str, Any], error: str | None,
) -> Drawn:  # fmt: skip
    reader = record.customer.language if one.visible_to_customer else ""
    texts = _suggestions(one, company)
    return Drawn(
        name=one.name,
        kind=_kind(one),
        label=words(one.label),
        value=_chosen_text(one, texts, reader, company) or _text(values.get(one.name)),
        until=_text(values.get(f"{one.name}_to")),
        help=words(one.help),
        error=error,
        required=one.required,
        read_by_customer=one.visible_to_customer,
        input_type=_INPUT_TYPES.get(one.type, "text"),
        digits=one.type in _WITH_DIGITS,
        lang=reader,
        shortest=one.min_length,
        longest=one.max_length,
        choices=_choices(session, one, record),
        suggestions=[words(text) for text in texts],
    )


def _kind(one: FormField) -> str:
    if one.type in ("choice", "user", "service", "location"):
        return "select"
    return one.type if one.type in ("long_text", "bool", "window") else "line"


def _suggestions(one: FormField, company: Company) -> list[dict[str, str]]:
    if not one.suggestions:
        return []
    key = one.suggestions.removesuffix("_reasons")
    found: list[dict[str, str]] = company.reasons.get(key) or []
    return found


def _chosen_text(
    one: FormField, texts: Sequence[dict[str, str]], reader: str, company: Company
) -> str:
    """Return the suggested text whose button was pressed, in the customer's language."""
    sent = request.form.get(f"{SUGGEST}{one.name}", "")
    if not (sent.isascii() and sent.isdigit() and int(sent) < len(texts)):
        return ""
    return pick(texts[int(sent)], reader, company.language)


def _choices(session: Session, one: FormField, record: Any) -> list[tuple[str, str]]:
    if one.type == "choice":
        return [(choice.value, words(choice.label)) for choice in one.choices]
    if one.type == "user":
        return _staff(session)
    if one.type == "location":
        statement = select(Location).where(
            Location.customer_id == record.customer_id, Location.archived_at.is_(None)
        )
        return [(str(row.id), str(row)) for row in session.scalars(statement)]
    if one.type == "service":
        offered = select(Service).where(Service.archived_at.is_(None)).order_by(Service.position)
        return [(str(row.id), words(row.name)) for row in session.scalars(offered)]
    return []


def _staff(session: Session) -> list[tuple[str, str]]:
    statement = (
        select(Staff)
        .where(Staff.disabled_at.is_(None), Staff.role != "office")
        .order_by(Staff.role != "technician", Staff.name, Staff.id)
    )
    return [(str(row.id), row.name) for row in session.scalars(statement)]


def _listed(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[-1] if value else ""
    return str(value or "")


def no_way_to_tell(record: Any) -> str | None:
    """Return why nobody can be told, before somebody decides. Source: D16."""
    if record.customer.can_be_told():
        return None
    return _(
        "%(name)s has no e-mail address and no phone number on record, so nobody is told. "
        "Add one first, or go and tell them yourself.",
        name=record.customer.name,
    )
