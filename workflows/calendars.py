"""Time as a company counts it: opening hours, holidays, and days that are 23 or 25 hours long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from workflows.durations import parse_duration

MAX_DAYS: Final = 3660  # a calendar without an open day in ten years has none
Opening = tuple[int, time, time]  # weekday (Monday is 0), opens, closes


class NeverOpen(ValueError):
    """Business time was asked of a calendar that is never open."""


@dataclass(frozen=True)
class Calendar:
    """A company's zone, its opening hours and the days it is closed."""

    zone: str = "UTC"
    hours: Iterable[Opening] = ()
    holidays: frozenset[date] = field(default_factory=frozenset)

    @cached_property
    def _tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _by_weekday(self) -> dict[int, list[tuple[time, time]]]:
        found: dict[int, list[tuple[time, time]]] = {}
        for weekday, opens, closes in sorted(self.hours):
            if opens < closes or closes == time():
                found.setdefault(weekday, []).append((opens, closes))
        return found

    def add(self, since: datetime, duration: str, clock: str = "wall") -> datetime:
        """Return the moment (UTC) a duration after ``since`` by the wall or business clock.

        Days keep the time of day in the company's zone, hours are exact. Business days are open
        days, business hours run only while the company is open; a company that has stated no
        opening hours is always open. Raises ValueError for a bad duration, NeverOpen.
        """
        length = parse_duration(duration)
        if clock == "wall" or not self._by_weekday:
            day = self._add_days(since, length.days)
            return day + timedelta(seconds=length.seconds)
        start = self._add_open_days(since, length.days)
        return self._add_open_seconds(start, length.seconds)

    def opens_on(self, day: date) -> bool:
        """Return True when the company works on that day at all."""
        if not self._by_weekday:
            return day not in self.holidays
        return bool(self._spans(day))

    def is_open(self, at: datetime) -> bool:
        """Return True when the company is open at that moment."""
        local = at.astimezone(self._tz)
        if not self._by_weekday:
            return local.date() not in self.holidays
        return any(opens <= at < closes for opens, closes in self._spans(local.date()))

    def _add_days(self, since: datetime, days: int) -> datetime:
        if not days:
            return since.astimezone(UTC)
        # Arithmetic on the local clock; a time that a change of clocks skips moves on with it.
        local = since.astimezone(self._tz) + timedelta(days=days)
        return local.replace(fold=0).astimezone(UTC)

    def _add_open_days(self, since: datetime, days: int) -> datetime:
        local = since.astimezone(self._tz)
        day = local.date()
        for _ in range(days):
            day = next(self._open_days(day + timedelta(days=1)))
        if not days:
            return since.astimezone(UTC)
        return datetime.combine(day, local.time(), self._tz).astimezone(UTC)

    def _add_open_seconds(self, since: datetime, seconds: int) -> datetime:
        """Spend the seconds in the open spans; with none to spend, wait for the next opening."""
        left = timedelta(seconds=seconds)
        for day in self._open_days(since.astimezone(self._tz).date()):
            for opens, closes in self._spans(day):
                start = max(opens, since)
                if start >= closes:
                    continue
                if start + left <= closes:
                    return start + left
                left -= closes - start
        raise NeverOpen(self.zone)

    def _open_days(self, first: date) -> Iterator[date]:
        for number in range(MAX_DAYS):
            day = first + timedelta(days=number)
            if day.weekday() in self._by_weekday and day not in self.holidays:
                yield day
        raise NeverOpen(self.zone)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return a day's openings as moments; a closing at midnight ends the day."""
        if day in self.holidays:
            return []
        spans = []
        for opens, closes in self._by_weekday.get(day.weekday(), []):
            last = day + timedelta(days=1) if closes == time() else day
            start = datetime.combine(day, opens, self._tz).astimezone(UTC)
            spans.append((start, datetime.combine(last, closes, self._tz).astimezone(UTC)))
        return spans


OFFICE_HOURS: Final = Calendar(
    "UTC", tuple((weekday, time(9), time(17)) for weekday in range(5)), frozenset()
)
