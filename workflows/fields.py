"""Form values: from what was submitted to typed, checked values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from workflows.conditions import CONDITIONS
from workflows.problems import N_
from workflows.schema import FormField

MAX_TEXT = 500
MAX_LONG_TEXT = 10_000


@dataclass(frozen=True)
class Wrong:
    """Why a value was refused: a sentence to translate, with its parameters."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)


class _Refused(ValueError):
    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.wrong = Wrong(msgid, params)


@dataclass(frozen=True)
class Cleaned:
    """Typed values by field name, and what is wrong by field name."""

    values: Mapping[str, Any]
    wrong: Mapping[str, Wrong]


def clean_form(
    fields: Sequence[FormField],
    submitted: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    *,
    zone: str = "UTC",
) -> Cleaned:
    """Type and check what was submitted for these fields; everything else is ignored.

    A field whose ``visible_if`` does not hold is blank, whatever was sent for it. What ``facts``
    hold under ``input`` was asked before these fields.
    """
    known = dict((facts or {}).get("input") or {})
    values: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for one in fields:
        values[one.name] = None
        # A box nobody ticked says no; everything else nobody answered says nothing.
        known[one.name] = False if one.type == "bool" else None
        if not is_visible(one, {**(facts or {}), "input": known}):
            continue
        try:
            values[one.name] = clean_value(one, submitted.get(one.name), zone=zone)
            known[one.name] = known[one.name] if values[one.name] is None else values[one.name]
        except _Refused as refused:
            wrong[one.name] = refused.wrong
    return Cleaned(values, wrong)


def is_visible(one: FormField, facts: Mapping[str, Any]) -> bool:
    """Return True when the field is shown, given what the fields before it hold."""
    return one.visible_if is None or CONDITIONS.evaluate(one.visible_if, facts).holds


def clean_value(one: FormField, submitted: Any, *, zone: str = "UTC") -> Any:
    """Return the typed value of one field, None when blank. Raises ValueError."""
    if is_blank(submitted):
        if one.required:
            raise _Refused(N_("This field is required."))
        return None
    value = parse_value(one.type, submitted, zone=zone)
    _check_text(one, value)
    _check_number(one, value)
    if one.type == "choice" and value not in {choice.value for choice in one.choices}:
        raise _Refused(N_("Choose one of the answers offered."))
    return value


def parse_value(kind: str, submitted: Any, *, zone: str = "UTC") -> Any:
    """Return a submitted value as the type ``kind``. Raises ValueError."""
    return _PARSERS[kind](submitted, zone)


def is_blank(value: Any) -> bool:
    """Return True for nothing, only white space, and windows and lists without content."""
    if isinstance(value, str):
        # Zero-width letters look like nothing, so they are nothing.
        return not value.strip().strip("\u200b\u200c\u200d\u2060\ufeff\u00ad").strip()
    if isinstance(value, Mapping):
        return all(is_blank(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_blank(item) for item in value)
    return value is None


def _check_text(one: FormField, value: Any) -> None:
    if one.type not in ("text", "long_text"):
        return
    if one.min_length is not None and len(value) < one.min_length:
        raise _Refused(N_("Write at least %(count)s letters."), count=one.min_length)
    limit = one.max_length or (MAX_TEXT if one.type == "text" else MAX_LONG_TEXT)
    if len(value) > limit:
        raise _Refused(N_("Write at most %(count)s letters."), count=limit)


def _check_number(one: FormField, value: Any) -> None:
    if one.type not in ("number", "money"):
        return
    if one.minimum is not None and value < one.minimum:
        raise _Refused(N_("The smallest possible value is %(limit)s."), limit=one.minimum)
    if one.maximum is not None and value > one.maximum:
        raise _Refused(N_("The largest possible value is %(limit)s."), limit=one.maximum)


def _text(value: Any, _zone: str) -> str:
    if not isinstance(value, str):
        raise _Refused(N_("Write a text here."))
    kept = "".join(letter for letter in value if letter >= " " or letter in "\n\t\r")
    return kept.replace("\r\n", "\n").replace("\r", "\n").strip()


def _line(value: Any, zone: str) -> str:
    return " ".join(_text(value, zone).split())


def _bool(value: Any, _zone: str) -> bool:
    if isinstance(value, bool):
        return value
    known = {"on": True, "true": True, "yes": True, "1": True, "y": True,
             "off": False, "false": False, "no": False, "0": False, "n": False}  # fmt: skip
    answer = known.get(value.strip().lower()) if isinstance(value, str) else None
    if answer is None:
        raise _Refused(N_("Answer yes or no."))
    return answer


def _number(value: Any, _zone: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise _Refused(N_("Write a number."))
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise _Refused(N_("Write a number.")) from None
    if not number.is_finite() or abs(number) >= 10**12 or "e" in str(value).lower():
        raise _Refused(N_("Write a number."))
    return int(number) if number == number.to_integral_value() else float(number)


def _money(value: Any, _zone: str) -> int:
    """Whole numbers are minor units already; text such as 12.50 or 12,50 is in major units."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = re.fullmatch(r"(-?\d{1,10})(?:[.,](\d{1,2}))?", str(value).strip(), re.ASCII)
    if match is None or isinstance(value, (bool, float)):
        raise _Refused(N_("Write an amount such as 12.50."))
    sign = -1 if match[1].startswith("-") else 1
    return int(match[1]) * 100 + sign * int((match[2] or "").ljust(2, "0"))


def _date(value: Any, zone: str) -> date:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(zone)).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:32])
    except ValueError:
        raise _Refused(N_("Write a date such as 2030-01-31.")) from None


def _datetime(value: Any, zone: str) -> datetime:
    """Return an aware time in UTC; what has no zone of its own is in the company's."""
    moment = value if isinstance(value, datetime) else _parsed_moment(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _Refused(N_("Write a date and a time such as 2030-01-31 14:30.")) from None


def _parsed_moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(value).strip()[:40])
    except ValueError:
        raise _Refused(N_("Write a date and a time such as 2030-01-31 14:30.")) from None


def _window(value: Any, zone: str) -> tuple[datetime, datetime]:
    """Return start and end, from ``{from, to}``, a pair, or ``start/end``."""
    if isinstance(value, str):
        value = value.split("/")
    if isinstance(value, Mapping):
        value = [value.get("from"), value.get("to")]
    if not isinstance(value, (list, tuple)) or len(value) != 2 or any(map(is_blank, value)):
        raise _Refused(N_("Give both the beginning and the end."))
    start, end = (_datetime(_midnight_or(one), zone) for one in value)
    if end < start:
        raise _Refused(N_("The end is before the beginning."))
    if end - start > timedelta(days=366):
        raise _Refused(N_("The window is longer than a year."))
    return start, end


def _midnight_or(value: Any) -> Any:
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    return datetime.combine(value, time()) if is_date else value


def _id(value: Any, _zone: str) -> int:
    if isinstance(value, bool) or re.fullmatch(r"[1-9]\d{0,17}", str(value).strip(), re.A) is None:
        raise _Refused(N_("Choose one of the answers offered."))
    return int(value)


def _reference(value: Any, _zone: str) -> int | str:
    """An id, or a public reference: which rows it may name is checked by the services."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and 0 < len(value.strip()) <= 200:
        text = value.strip()
        return int(text) if re.fullmatch(r"[1-9]\d{0,17}", text, re.ASCII) else text
    raise _Refused(N_("Choose one of the answers offered."))


_PARSERS: Mapping[str, Callable[[Any, str], Any]] = {
    "text": _line, "long_text": _text, "choice": _line, "bool": _bool, "number": _number,
    "date": _date, "datetime": _datetime, "window": _window, "money": _money, "user": _id,
    "service": _reference, "location": _reference, "file": _reference,
}  # fmt: skip
