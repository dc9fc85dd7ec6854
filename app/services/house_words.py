"""What Callout itself says in messages, and how it says times, by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

from workflows.yaml_tree import build_tree

FALLBACK: Final = "en"
NEWS: Final = "news"
_FILE: Final = Path(__file__).with_name("house_messages.yaml")
_LONG_DAY: Final = {
    "en": "EEEE d MMMM y",
    "de": "EEEE, d. MMMM y",
    "es": "EEEE d 'de' MMMM 'de' y",
}


@dataclass(frozen=True)
class HouseMessage:
    """One of our own messages in one language; ``code`` leads in a code to type."""

    subject: str
    body: str
    button: str = ""
    code: str = ""
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Tongue:
    """One language on one company's clock."""

    language: str
    timezone: str

    def word(self, key: str) -> str:
        """Return one of our own words; a key we have no word for stands for itself."""
        words = _words().get(key)
        return pick(words, self.language) if words else key

    def day(self, value: date) -> str:
        """Return a day as «Tuesday 24 November 2026»."""
        pattern = _LONG_DAY.get(self._locale.language, "full")
        return format_date(value, pattern, locale=self._locale)

    def money(self, cents: int, currency: str) -> str:
        """Return minor units of a currency as an amount, such as «£185.00»."""
        amount = Decimal(cents).scaleb(-get_currency_precision(currency))
        return format_currency(amount, currency, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Return a moment on the company's clock, which is named: mails are read anywhere."""
        local = at.astimezone(ZoneInfo(self.timezone))
        return f"{self.day(local.date())}, {self._time(local)} ({self._zone()})"

    def window(self, begin: datetime, end: datetime | None) -> str:
        """Return from when to when; the day is said once if it is the same."""
        zone = ZoneInfo(self.timezone)
        if end is None or end.astimezone(zone).date() != begin.astimezone(zone).date():
            return self.moment(begin)
        hours = (self._time(each.astimezone(zone)) for each in (begin, end))
        return f"{self.day(begin.astimezone(zone).date())}, {'–'.join(hours)} ({self._zone()})"

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)

    def _time(self, local: datetime) -> str:
        return format_time(local.time(), "H:mm", locale=self._locale)

    def _zone(self) -> str:
        if "/" not in self.timezone:
            return self.timezone
        city = self.timezone.rpartition("/")[2].replace("_", " ")
        return self.word("zone") % city


def message(key: str, language: str) -> tuple[HouseMessage, str] | None:
    """Return our own message and the language it is in, None when we have no such message."""
    texts = _messages().get(key)
    if texts is None:
        return None
    found = language if language in texts else FALLBACK
    return texts[found], found


def message_keys() -> list[str]:
    """Return the keys of our own messages, in their order."""
    return list(_messages())


def pick(texts: Mapping[str, Any], *languages: str) -> Any:
    """Return the text in the first of ``languages`` there is, else in English, else in any."""
    for language in (*languages, FALLBACK):
        if texts.get(language):
            return texts[language]
    return next((text for text in texts.values() if text), "")


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(FALLBACK)


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = build_tree(_FILE.read_text(encoding="utf-8"))[0]
    return data


@cache
def _messages() -> Mapping[str, Mapping[str, HouseMessage]]:
    return {
        key: {language: HouseMessage(**parts) for language, parts in texts.items()}
        for key, texts in _data()["messages"].items()
    }


def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = _data()["words"]
    return words
