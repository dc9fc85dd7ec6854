"""Reads typed values out of raw form data and collects what is wrong with them."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.errors import N_, DomainError, Invalid

Raw = Mapping[str, str | list[str]]

NAME_LENGTH: Final = 200
LONG_LENGTH: Final = 5000
_OFF: Final = ("", "0", "off", "false", "no")
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MISSING: Final = N_("Please fill this in.")
_TOO_LONG: Final = N_("Please keep this under %(limit)s characters.")


class FormReader:
    """Takes values out of a form one by one; ``check`` then refuses all faults at once."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self.errors: dict[str, DomainError | str] = {}

    def has(self, name: str) -> bool:
        """Return True when the form held the field at all, even blank."""
        return name in self._raw

    def complain(self, name: str, message: str, **params: Any) -> None:
        """Note what is wrong with a field; the first complaint stands."""
        self.errors.setdefault(name, DomainError(message, **params))

    def check(self) -> None:
        """Raise Invalid with everything noted so far, if anything was."""
        if self.errors:
            raise Invalid(self.errors)

    def text(self, name: str, *, required: bool = False, limit: int = NAME_LENGTH) -> str | None:
        """Return one line of text with its spaces tidied, None when blank."""
        return self._limited(name, " ".join(self._last(name).split()), required, limit)

    def long_text(
        self, name: str, *, required: bool = False, limit: int = LONG_LENGTH
    ) -> str | None:
        """Return text that may have several lines, None when blank."""
        return self._limited(name, self._last(name).strip(), required, limit)

    def email(self, name: str, *, required: bool = False) -> str | None:
        """Return a mail address in the one spelling it is stored in, None when blank."""
        typed = self.text(name, required=required, limit=254)
        if typed is None:
            return None
        try:
            return clean_email(typed)
        except DomainError as error:
            self.errors.setdefault(name, error)
            return None

    def phone(self, name: str) -> str | None:
        """Return a phone number; one with its country code in the usual international form."""
        typed = self.text(name, limit=40)
        if typed is None:
            return None
        try:
            number = phonenumbers.parse(typed)
        except phonenumbers.NumberParseException:
            if sum(letter.isdigit() for letter in typed) < 3:
                self.complain(name, N_("Write a phone number, best with its country code."))
            return typed
        if not phonenumbers.is_possible_number(number):
            self.complain(name, N_("This phone number has too few or too many digits."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def choice(self, name: str, choices: Collection[str], *, default: str) -> str:
        """Return one of ``choices``; ``default`` stands for a blank or missing field."""
        value = self._last(name).strip() or default
        if value not in choices:
            self.complain(name, N_("Please choose one from the list."))
            return default
        return value

    def flag(self, name: str) -> bool:
        """Return whether a box was ticked; a hidden blank field before it says «no» aloud."""
        return self._last(name).strip().lower() not in _OFF

    def number(self, name: str, *, low: int, high: int) -> int | None:
        """Return a whole number from ``low`` to ``high``, None when blank."""
        typed = self._last(name).strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            self.complain(name, N_("Write a whole number."))
        elif not low <= int(typed) <= high:
            self.complain(name, N_("Write a number from %(low)s to %(high)s."), low=low, high=high)
        else:
            return int(typed)
        return None

    def _last(self, name: str) -> str:
        value = self._raw.get(name, "")
        if not isinstance(value, str):
            value = value[-1] if value else ""
        return plain(value)

    def _limited(self, name: str, text: str, required: bool, limit: int) -> str | None:
        if len(text) > limit:
            self.complain(name, _TOO_LONG, limit=limit)
        if required and not text:
            self.complain(name, _MISSING)
        return text or None


def plain(text: str) -> str:
    """Return ``text`` composed, with plain line ends, without what no database takes."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _INVISIBLE.sub("", composed)


def clean_email(text: str) -> str:
    """Return a mail address in the one spelling we store and compare: lower case, trimmed.

    Raises DomainError when no mail could be sent there.
    """
    try:
        # ``test_environment`` lets .test addresses pass, which no real mailbox can have.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise DomainError(
            N_("This is not a full mail address, such as ana@example.com.")
        ) from error
    return found.normalized.lower()
