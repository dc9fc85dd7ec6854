"""Days and times of the demo are told from now."""

from datetime import UTC, date, datetime

import pytest

from app.demo.moments import Moments

# A Wednesday evening in Berlin.
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        ("0", date(2026, 3, 4)),
        ("+1", date(2026, 3, 5)),
        ("+3", date(2026, 3, 9)),
        ("-2", date(2026, 3, 2)),
        ("-3", date(2026, 2, 27)),
    ],
)
def test_days_are_counted_without_weekends(offset, day):
    assert Moments(NOW, "Europe/Berlin").day(offset) == day


def test_today_is_the_companys_own():
    assert Moments(NOW, "Pacific/Auckland").day("0") == date(2026, 3, 5)


def test_moment_is_a_local_time_or_so_long_ago():
    moments = Moments(NOW, "Europe/Berlin")

    assert moments.at("-1 09:00") == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert moments.at("PT90M") == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert moments.local("+1 08:00") == "2026-03-05T08:00"
