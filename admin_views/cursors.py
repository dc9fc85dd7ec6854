"""Places in a list, written into an address and read back."""

from datetime import UTC, datetime, timedelta

Cursor = tuple[datetime, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write(cursor: Cursor | None) -> str | None:
    """Return a place as one short word for an address, None at the end of a list."""
    if cursor is None:
        return None
    return f"{(cursor[0] - _EPOCH) // _MICROSECOND}-{cursor[1]}"


def read(text: str | None) -> Cursor | None:
    """Return the place a word stands for, None for the beginning and for nonsense."""
    moment, dash, key = (text or "").partition("-")
    if not (dash and _is_number(moment) and _is_number(key)):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, int(key)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
