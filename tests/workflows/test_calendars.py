"""Days and hours, opening hours and holidays, and the nights when clocks change."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendars import OFFICE_HOURS, Calendar, NeverOpen

WEEK = tuple((weekday, time(9), time(17)) for weekday in range(5))
BERLIN = Calendar("Europe/Berlin", WEEK, frozenset({date(2030, 1, 1)}))


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.feature("D18")
@pytest.mark.parametrize(
    ("since", "duration", "clock", "due"),
    [
        # The clocks go forward on 31 March 2030: a day there is 23 hours long, 24 hours are not.
        (utc(2030, 3, 30, 11), "P1D", "wall", utc(2030, 3, 31, 10)),
        (utc(2030, 3, 30, 11), "PT24H", "wall", utc(2030, 3, 31, 11)),
        (utc(2030, 10, 26, 10), "P1D", "wall", utc(2030, 10, 27, 11)),
        (utc(2030, 3, 30, 1, 30), "P1D", "wall", utc(2030, 3, 31, 1, 30)),  # 02:30 is skipped
        (utc(2030, 1, 2, 8), "PT8H", "business", utc(2030, 1, 2, 16)),
        (utc(2030, 1, 2, 15), "PT2H", "business", utc(2030, 1, 3, 9)),
        (utc(2030, 1, 4, 15), "PT2H", "business", utc(2030, 1, 7, 9)),  # over a weekend
        (utc(2029, 12, 31, 15), "PT2H", "business", utc(2030, 1, 2, 9)),  # over a holiday
        (utc(2030, 1, 5, 12), "PT1H", "business", utc(2030, 1, 7, 9)),
        (utc(2029, 12, 31, 9), "P1D", "business", utc(2030, 1, 2, 9)),  # over a holiday
        (utc(2030, 1, 4, 9), "P1D", "business", utc(2030, 1, 7, 9)),
        (utc(2030, 1, 4, 3), "P1D", "business", utc(2030, 1, 7, 8)),
        (utc(2030, 1, 4, 20), "P1D", "business", utc(2030, 1, 8, 8)),
    ],
)
def test_a_duration_ends_when_the_company_says(since, duration, clock, due):
    assert BERLIN.add(since, duration, clock) == due


def test_without_opening_hours_business_time_is_wall_time():
    assert Calendar().add(utc(2030, 1, 5), "PT48H", "business") == utc(2030, 1, 7)


def test_a_calendar_that_is_never_open_says_so():
    closed = Calendar("UTC", [(0, time(9), time(9))])
    first = date(2032, 1, 1).toordinal()
    holidays = frozenset(date.fromordinal(first + n) for n in range(4_000))

    assert closed.add(utc(2030, 1, 5), "PT1H", "business") == utc(2030, 1, 5, 1)
    with pytest.raises(NeverOpen):
        Calendar("UTC", WEEK, holidays).add(utc(2032, 1, 5), "PT1H", "business")


def test_open_until_midnight_counts_to_the_end_of_the_day():
    late = Calendar("UTC", [(0, time(20), time())])

    assert late.is_open(utc(2030, 1, 7, 23, 59))
    assert not late.is_open(utc(2030, 1, 8))
    assert late.add(utc(2030, 1, 7, 22), "PT3H", "business") == utc(2030, 1, 14, 21)


@given(
    since=st.datetimes(datetime(2029, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),
    hours=st.integers(1, 200),
)
def test_business_time_never_ends_while_closed_and_never_goes_back(since, hours):
    due = OFFICE_HOURS.add(since, f"PT{hours}H", "business")
    later = OFFICE_HOURS.add(since, f"PT{hours + 1}H", "business")

    assert since < due < later
    assert OFFICE_HOURS.is_open(due) or due.hour == 17
