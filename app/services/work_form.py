"""Reads ids, days and moments out of forms about work."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.errors import N_
from app.services.form import FormReader

_CHOOSE = N_("Please choose one from the list.")
_NO_DATE = N_("Write a date such as 2030-01-31.")
_NO_TIME = N_("Write a time such as 14:30.")


class WorkForm(FormReader):
    """A form reader that knows ids, days and times in a company's zone."""

    def id(self, name: str, *, required: bool = False) -> int | None:
        """Return a row's id, None when blank; whether the row exists is asked later."""
        typed = self._last(name).strip()
        if not typed:
            if required:
                self.complain(name, _CHOOSE)
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
            self.complain(name, _CHOOSE)
            return None
        return int(typed)

    def ids(self, name: str) -> list[int]:
        """Return every id chosen in a list, each once, in order."""
        given = self._raw.get(name, [])
        found: dict[int, None] = {}
        for item in [given] if isinstance(given, str) else given:
            if item.isascii() and item.isdigit() and len(item) < 19:
                found[int(item)] = None
            elif item.strip():
                self.complain(name, _CHOOSE)
        return list(found)

    def prefixed_id(self, name: str, *prefixes: str) -> tuple[str, int] | None:
        """Return ``("service", 12)`` for ``service:12``, None when blank."""
        typed = self._last(name).strip()
        if not typed:
            return None
        prefix, _, number = typed.partition(":")
        if prefix in prefixes and number.isascii() and number.isdigit() and len(number) < 19:
            return prefix, int(number)
        self.complain(name, _CHOOSE)
        return None

    def day(self, name: str) -> date | None:
        """Return a day, None when blank."""
        typed = self._last(name).strip()
        try:
            found = date.fromisoformat(typed) if typed else None
        except ValueError:
            found = None
            self.complain(name, _NO_DATE)
        if found and not 1900 < found.year < 2200:
            self.complain(name, _NO_DATE)
            return None
        return found

    def clock_time(self, name: str) -> time | None:
        """Return a time of day, None when blank."""
        typed = self._last(name).strip()
        try:
            return time.fromisoformat(typed).replace(tzinfo=None) if typed else None
        except ValueError:
            self.complain(name, _NO_TIME)
            return None

    def moment(self, name: str, zone: str) -> datetime | None:
        """Return an aware UTC moment typed as local date and time, None when blank."""
        typed = self._last(name).strip()
        if not typed:
            return None
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            self.complain(name, N_("Write a date and a time such as 2030-01-31 14:30."))
            return None
        return self.in_zone(name, local.date(), local.time(), zone)

    def in_zone(self, name: str, day: date, at: time, zone: str) -> datetime | None:
        """Return the moment a clock in ``zone`` shows that time; a skipped hour is refused."""
        local = datetime.combine(day, at, ZoneInfo(zone))
        utc = local.astimezone(UTC)
        if utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.complain(
                name, N_("The clocks go forward then: this time does not exist on that day.")
            )
            return None
        return utc
