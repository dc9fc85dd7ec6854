"""The answers to a company's own questions, as a person reads them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.models import Location, Request, Service, Staff, pick
from app.web.words import day, money, when
from workflows import versions
from workflows.schema import FormField


def own_answers(
    session: Session, request: Request, language: str, *, short: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield label and answer of each own question that was answered, in the form's order.

    A list asks for the ``short`` ones: those that are known without another statement.
    """
    definition = versions.load(session, request.workflow_version_id)
    for rule in definition.own_fields:
        value = request.extra.get(rule.name)
        if value is None or (short and (rule.type in _ROWS or rule.type == "long_text")):
            continue
        words = _in_words(session, rule, value, request, language)
        if words:
            yield pick(rule.label, language), words


def _in_words(
    session: Session, rule: FormField, value: Any, request: Request, language: str
) -> str:
    """Return one answer; it is stored as plain JSON, whatever its type was."""
    if rule.type == "choice":
        return next((pick(one.label, language) for one in rule.choices if one.value == value), "")
    if rule.type in _ROWS:
        # By its name: an id is nothing for a person to read.
        row = session.get(_ROWS[rule.type], value) if isinstance(value, int) else None
        return _name_of(row, language)
    return "" if rule.type == "file" else _PLAIN.get(rule.type, str)(value)


def _name_of(row: Location | Service | Staff | None, language: str) -> str:
    if isinstance(row, Service):
        return pick(row.name, language)
    # Source: D22, customers read the first name only, and here customers read too.
    return row.first_name if isinstance(row, Staff) else str(row or "")


def _window(ends: list[str]) -> str:
    start, end = (when(datetime.fromisoformat(one)) for one in ends)
    return str(_("%(start)s to %(end)s", start=start, end=end))


_ROWS: dict[str, Any] = {"location": Location, "service": Service, "user": Staff}
_PLAIN: dict[str, Callable[[Any], str]] = {
    "bool": lambda value: _("Yes") if value else _("No"),
    "date": lambda value: day(date.fromisoformat(value)),
    "datetime": lambda value: when(datetime.fromisoformat(value)),
    "window": _window,
    "money": money,
}
