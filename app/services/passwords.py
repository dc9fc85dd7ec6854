"""Passwords of staff: hashing, checking, and which ones are too easy."""

import re
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import N_, Invalid

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 200  # hashing a novel would keep the processor busy for the sender's fun
_COMMON: Final = ("password", "qwertz", "qwerty", "letmein", "welcome", "callout", "iloveyou")
_hasher = PasswordHasher()
# Checked where there is no hash, so that an unknown person costs as long as a known one.
_NOBODY: Final = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Return True when ``password`` is the stored one; takes as long when there is none."""
    if len(password) > MAX_LENGTH:
        password = ""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def check_new(password: str, *, email: str) -> None:
    """Refuse a password that is short or easy to guess. Raises Invalid."""
    easy = password.lower()
    letters = re.sub(r"[^a-z]", "", easy)
    if len(password) < MIN_LENGTH:
        raise Invalid({"password": N_("Use ten characters or more. A few words are fine.")})
    if len(password) > MAX_LENGTH:
        raise Invalid({"password": N_("Use two hundred characters or fewer.")})
    if len(set(easy)) < 5 or easy in email or letters in _COMMON:
        raise Invalid({"password": N_("This one is easy to guess. Add a few unusual words.")})
