"""One appointment as a calendar file (iCalendar, RFC 5545), for the customer's own calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_LONGEST: Final = 75  # octets of a line, as the standard has it
_ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Appointment:
    """What a calendar shows of a visit; times are aware. ``revision`` grows with each change."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    url: str
    revision: int = 0


def write(appointment: Appointment, *, at: datetime) -> str:
    """Return the file. Moments are written in UTC, so that every calendar shows its own zone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Callout//Schedule//EN",
        "BEGIN:VEVENT",
        f"UID:{_text(appointment.uid)}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(appointment.starts_at)}",
        f"DTEND:{_moment(appointment.ends_at)}",
        f"SEQUENCE:{appointment.revision}",
        f"SUMMARY:{_text(appointment.title)}",
        f"LOCATION:{_text(appointment.place)}",
        f"URL:{appointment.url}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Return a text that can't end its line, whatever people typed. Source: adversarial E11."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (letter for letter in plain if letter >= " " or letter == "\n")
    return "".join(_ESCAPED.get(letter, letter) for letter in kept)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, none cut inside a letter."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
