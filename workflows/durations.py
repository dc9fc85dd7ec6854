"""ISO 8601 durations with a fixed length: weeks, days, hours, minutes, seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PATTERN = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Duration:
    """Whole days, kept apart from seconds: a day is not always 24 hours long."""

    days: int
    seconds: int

    @property
    def is_zero(self) -> bool:
        """Return True when no time passes at all."""
        return self.days == 0 and self.seconds == 0

    @property
    def approximate_s(self) -> int:
        """Return the length in seconds with days of 24 hours, to compare two durations."""
        return self.days * 86_400 + self.seconds


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> Duration:
    """Read ``PT48H``, ``P7D`` and the like.

    Months and years are refused: their length depends on the date. Raises ValueError.
    """
    match = _PATTERN.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise ValueError("write a duration such as PT48H, P7D or P2W")
    part = {name: int(value) for name, value in match.groupdict(default="0").items()}
    return Duration(
        days=part["weeks"] * 7 + part["days"],
        seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
    )
