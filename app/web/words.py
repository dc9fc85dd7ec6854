"""How times, money and refusals are said to the person who reads the page."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from flask import Flask, g
from flask_babel import get_locale, gettext, lazy_gettext

from app import clock, models
from app.errors import DomainError
from workflows import phrases

# «Tue 24 Nov»: the weekday first, as people say it. Without the year while it is this one.
_DAY: Final = {"en": "EEE d MMM", "de": "EEE d. MMM", "es": "EEE d MMM"}
_LONG_DAY: Final = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM", "es": "EEEE d 'de' MMMM"}
_YEAR: Final = {"en": " y", "de": " y", "es": " 'de' y"}

_ROLES: Final = {
    "owner": lazy_gettext("Owner"),
    "dispatcher": lazy_gettext("Dispatcher"),
    "technician": lazy_gettext("Technician"),
    "office": lazy_gettext("Office"),
}


def init_app(app: Flask) -> None:
    """Give the templates of ``app`` these words."""
    for name in (
        "ago", "age", "at_time", "day", "in_words", "initials", "localtime", "long_day", "money",
        "percent", "pick", "quantity", "role_name", "said", "second", "when",
    ):  # fmt: skip
        app.add_template_filter(globals()[name], name)
    app.add_template_global(zone_label)
    app.add_template_global(today)


def in_words(error: DomainError | str) -> str:
    """Return a refusal in the reader's language; an owner's own words win over ours."""
    if isinstance(error, str):
        return _(error)
    if error.texts:
        return pick(error.texts)
    inner: dict[str, Any] = {
        name: in_words(value) if isinstance(value, DomainError) else value
        for name, value in error.params.items()
    }
    if inner.get("state_texts"):  # a state is called as its owner calls it
        inner["state"] = pick(inner["state_texts"])
    return _(error.message, **inner)


class _Reader:
    """Whoever reads the page."""

    def translate(self, msgid: str, params: Mapping[str, Any]) -> str:
        words = _(msgid)
        return words % params if params else words

    def pick(self, texts: Mapping[str, str]) -> str:
        return pick(dict(texts)) if texts else ""


def said(thing: object) -> str:
    """Return a phrase of a workflow, or an owner's own words, in the reader's language."""
    return phrases.say(thing, _Reader())


def pick(words: dict[str, str]) -> str:
    """Return the text in the reader's language, else in the company's, else in any."""
    company = g.get("company")
    return models.pick(words, _locale().language, company.language if company else "en")


def localtime(at: datetime) -> datetime:
    """Return a moment on the company's own clock."""
    return at.astimezone(zone())


def zone() -> ZoneInfo:
    """Return the zone of the company the page is about."""
    company = g.get("company")
    return ZoneInfo(company.timezone if company else "UTC")


def zone_label() -> str:
    """Return what a page says about its times, such as «Berlin time»."""
    name = zone().key
    if "/" not in name:
        return name
    return _("%(city)s time", city=name.rsplit("/", 1)[1].replace("_", " "))


def today() -> date:
    """Return the date it is at the company's."""
    return localtime(clock.now()).date()


def day(value: date | datetime) -> str:
    """Return a day as «Tue 24 Nov»."""
    return _say_day(value, _DAY)


def long_day(value: date | datetime) -> str:
    """Return a day as «Tuesday 24 November»."""
    return _say_day(value, _LONG_DAY)


def at_time(value: datetime | time) -> str:
    """Return a time of day as «8:00», on the company's own clock."""
    moment = localtime(value).time() if isinstance(value, datetime) else value
    return format_time(moment, "H:mm", locale=_locale())


def second(at: datetime) -> str:
    """Return a moment as «8:00:10», on the company's own clock."""
    return format_time(localtime(at).time(), "H:mm:ss", locale=_locale())


def when(at: datetime) -> str:
    """Return a moment as «Tue 24 Nov, 8:00», on the company's own clock."""
    return f"{day(at)}, {at_time(at)}"


def ago(at: datetime) -> str:
    """Return how long ago a moment was, as «35 min ago»."""
    if clock.now() - at < timedelta(minutes=1):
        return _("just now")
    return _("%(age)s ago", age=age(at))


def age(at: datetime) -> str:
    """Return how long something has been waiting, as «35 min» or «46 h»."""
    minutes = max(0, int((clock.now() - at).total_seconds() // 60))
    if minutes < 60:
        return _("%(count)s min", count=minutes)
    if minutes < 60 * 48:
        return _("%(count)s h", count=minutes // 60)
    return _("%(count)s d", count=minutes // (60 * 24))


def money(minor_units: int, currency: str | None = None) -> str:
    """Return an amount in the company's currency, unless another is named."""
    company = g.get("company")
    code = currency or (company.currency if company else "EUR")
    amount = Decimal(minor_units).scaleb(-get_currency_precision(code))
    return format_currency(amount, code, locale=_locale())


def quantity(thousandths: int) -> str:
    """Return a quantity as «2.5», without a fraction that says nothing."""
    return format_decimal(Decimal(thousandths).scaleb(-3), locale=_locale())


def percent(basis_points: int) -> str:
    """Return a share as «19%»."""
    return format_percent(Decimal(basis_points).scaleb(-4), "#,##0.##%", locale=_locale())


def role_name(role: str) -> str:
    """Return what people call a role."""
    return str(_ROLES.get(role, role))


def initials(name: str) -> str:
    """Return the two letters that stand for a name where there is no picture."""
    parts = [part for part in name.split() if part[0].isalnum()] or ["·"]
    return "".join(part[0] for part in parts[:2]).upper()


def _say_day(value: date | datetime, patterns: dict[str, str]) -> str:
    local = localtime(value).date() if isinstance(value, datetime) else value
    language = _locale().language
    pattern = patterns.get(language, patterns["en"])
    if local.year != today().year:
        pattern += _YEAR.get(language, " y")
    return format_date(local, pattern, locale=_locale())


def _(message: str, **params: object) -> str:
    return str(gettext(message, **params))


def _locale() -> Locale:
    return get_locale() or Locale("en")
