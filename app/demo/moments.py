"""The demo's calendar: days and times told from now, so that the demo never grows old."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.durations import parse_duration

_SATURDAY: Final = 5


class Moments:
    """Reads ``-7 08:10`` (working days from today, local clock) and ``PT40M`` (ago)."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self._zone = ZoneInfo(zone)
        self._today = now.astimezone(self._zone).date()

    def at(self, text: str) -> datetime:
        """Return a moment, aware UTC."""
        if text.startswith("PT"):
            return self.now - timedelta(seconds=parse_duration(text).approximate_s)
        day, _, clock = text.partition(" ")
        local = datetime.combine(self.day(day), time.fromisoformat(clock), self._zone)
        return local.astimezone(UTC)

    def day(self, offset: str) -> date:
        """Return the day so many working days before or after today; ``0`` is today."""
        step = timedelta(days=-1 if offset.startswith("-") else 1)
        day, left = self._today, abs(int(offset))
        while left:
            day += step
            left -= day.weekday() < _SATURDAY
        return day

    def local(self, text: str) -> str:
        """Return a moment as a form's date-and-time field holds it."""
        return self.at(text).astimezone(self._zone).strftime("%Y-%m-%dT%H:%M")
