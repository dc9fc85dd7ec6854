"""How generated lists show a value: states as pills, times on the company's clock, money."""

from datetime import date, datetime, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from app.web.words import at_time, day, money, pick, when


def _moment(_view: Any, value: datetime, _name: str) -> Markup:
    return Markup('<time class="num" datetime="{}">{}</time>').format(
        value.isoformat(), when(value)
    )


def _day(_view: Any, value: date, _name: str) -> Markup:
    return Markup('<time class="num" datetime="{}">{}</time>').format(value.isoformat(), day(value))


def _time(_view: Any, value: time, _name: str) -> Markup:
    return Markup('<span class="num">{}</span>').format(at_time(value))


def _yes_no(_view: Any, value: bool, _name: str) -> str:
    return _("yes") if value else _("no")


def _words(_view: Any, value: dict[str, str], _name: str) -> str:
    return pick(value)


def _number(_view: Any, value: int, name: str) -> Markup | int:
    if name.endswith("_cents"):
        return Markup('<span class="num">{}</span>').format(money(value))
    return value


def _nothing(_view: Any, _value: None, _name: str) -> str:
    return ""


# In this order: a bool is an int, a datetime is a date.
BY_TYPE = {
    type(None): _nothing,
    bool: _yes_no,
    datetime: _moment,
    date: _day,
    time: _time,
    dict: _words,
    int: _number,
}


def chosen(labels: dict[Any, Any]) -> Any:
    """Return a formatter that shows a column's code as its word."""

    def show(_view: Any, _context: Any, row: Any, name: str) -> str:
        return str(labels.get(getattr(row, name), getattr(row, name) or ""))

    return show


def bdi(_view: Any, _context: Any, row: Any, name: str) -> Markup | str:
    """Show a phone number or a mail address that stays whole in every script direction."""
    value = getattr(row, name)
    return Markup("<bdi>{}</bdi>").format(value) if value else ""


def phone(_view: Any, _context: Any, row: Any, name: str) -> Markup | str:
    """Show a phone number in one line, whole in every script direction."""
    value = getattr(row, name)
    return Markup('<bdi class="num">{}</bdi>').format(value) if value else ""


def filter_chips(view: Any) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Return the view's choice filters as groups of (label, address, is on)."""
    groups = []
    for index, filter_ in enumerate(view._filters or ()):  # noqa: SLF001 - has no public name
        argument = f"flt0_{view.get_filter_arg(index, filter_)}"
        chips = [
            (
                str(label),
                view.get_url(".index_view", **_with(argument, value)),
                _is(argument, value),
            )
            for value, label in filter_.get_options(view) or []
        ]
        groups.append((str(filter_.name), chips))
    return groups


def _is(argument: str, value: str) -> bool:
    return request.args.get(argument) == value


def _with(argument: str, value: str) -> dict[str, str]:
    """Return the address arguments with a filter set, or taken away when it is on."""
    kept = {k: v for k, v in request.args.items() if k in ("search", "sort", "desc")}
    return kept if _is(argument, value) else {**kept, argument: value}


def pill(shown: Any) -> Markup:
    """Return a state as a pill: its mark and its word."""
    return Markup('<span class="state {}"><span class="mark"></span>{}</span>').format(
        shown.tone, shown.label
    )
