"""The answers to a company's own questions, as a person reads them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.models import Request, pick
from app.web.words import day, money, when
from workflows import versions
from workflows.schema import FormField


def own_answers(session: Session, request: Request, language: str) -> Iterator[tuple[str, str]]:
    """Yield label and answer of each own question that was answered, in the form's order."""
    definition = versions.load(session, request.workflow_version_id)
    for rule in definition.own_fields:
        value = request.extra.get(rule.name)
        words = "" if value is None else _in_words(rule, value, request, language)
        if words:
            yield pick(rule.label, language), words


def _in_words(rule: FormField, value: Any, request: Request, language: str) -> str:
    """Return one answer; it is stored as plain JSON, whatever its type was."""
    if rule.type == "choice":
        return next((pick(one.label, language) for one in rule.choices if one.value == value), "")
    if rule.type == "location":
        # By its address: an id is nothing for a customer to read.
        return next((str(row) for row in request.customer.locations if row.id == value), "")
    if rule.type in ("user", "file", "service"):
        return ""
    return _PLAIN.get(rule.type, str)(value)


def _window(ends: list[str]) -> str:
    start, end = (when(datetime.fromisoformat(one)) for one in ends)
    return str(_("%(start)s to %(end)s", start=start, end=end))


_PLAIN: dict[str, Callable[[Any], str]] = {
    "bool": lambda value: _("Yes") if value else _("No"),
    "date": lambda value: day(date.fromisoformat(value)),
    "datetime": lambda value: when(datetime.fromisoformat(value)),
    "window": _window,
    "money": money,
}
