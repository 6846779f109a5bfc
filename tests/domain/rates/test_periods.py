"""Periods of whole hours of a zone, what lies before them, and their bars, over days of 23 and 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from diagnostics.domain.rates.hours import hour_of, next_day, next_hour, spans
from diagnostics.domain.rates.periods import DEFAULT, Period, Problem, bars, before, named, read_period

BERLIN, SHANGHAI, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 24, 7, 24, tzinfo=UTC)


def test_a_day_ends_with_the_running_hour_of_the_zone() -> None:
    assert named("24h", NOW, SHANGHAI) == Period(
        NOW.replace(day=23, hour=8, minute=0), NOW.replace(hour=8, minute=0), "24h"
    )
    assert named("24h", NOW, KOLKATA).until == NOW.replace(minute=30)
    exact = NOW.replace(minute=0)
    assert named("24h", exact, SHANGHAI).until == exact + timedelta(hours=1)


def test_a_week_over_the_change_of_the_clock_keeps_the_time_of_day() -> None:
    now = datetime(2026, 10, 28, 12, 0, tzinfo=UTC)
    week = named("7d", now, BERLIN)
    assert week.until - week.since == timedelta(days=7, hours=1)
    assert before(week, BERLIN).until == week.since
    assert before(week, BERLIN).until - before(week, BERLIN).since == timedelta(days=7)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_of_the_zone_has_as_many_bars_as_hours(day: str, hours: int) -> None:
    period = read_period({"from": day, "to": day}, NOW, BERLIN)
    assert isinstance(period, Period)
    assert period.until - period.since == timedelta(hours=hours)
    assert len(bars(period, BERLIN)) == hours
    assert before(period, BERLIN).until == period.since


def test_hours_of_a_zone_that_moves_by_half_an_hour_have_no_gap() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    for begin in (datetime(2026, 4, 4, 10, tzinfo=UTC), datetime(2026, 10, 3, 10, tzinfo=UTC)):
        cut = [since for since, _until in spans(begin, begin + timedelta(days=1), next_hour, zone)]
        for minutes in range(0, 24 * 60, 7):
            at = begin + timedelta(minutes=minutes)
            assert hour_of(at, zone) == max([since for since in cut if since <= at], default=None) or at < cut[1]
        assert next_day(begin, zone) in cut


@pytest.mark.parametrize(
    ("length", "number", "second"),
    [
        (timedelta(days=3), 72, "2026-08-01T01:00"),
        (timedelta(days=4), 16, "2026-08-01T06:00"),
        (timedelta(days=14), 56, "2026-08-01T06:00"),
        (timedelta(days=15), 15, "2026-08-02T00:00"),
        (timedelta(days=92), 92, "2026-08-02T00:00"),
        (timedelta(days=93), 14, "2026-08-03T00:00"),  # a Monday
        (timedelta(days=731), 106, "2026-08-03T00:00"),
        (timedelta(days=732), 25, "2026-09-01T00:00"),
    ],
)
def test_bars_widen_with_the_period(length: timedelta, number: int, second: str) -> None:
    since = datetime(2026, 8, 1, tzinfo=SHANGHAI)
    cut = bars(Period(since, since + length), SHANGHAI)
    assert len(cut) == number
    assert cut[1][0] == datetime.fromisoformat(second).replace(tzinfo=SHANGHAI)
    assert (cut[0][0], cut[-1][1]) == (since, since + length)
    assert all(one[1] == other[0] for one, other in pairwise(cut))


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"period": "8d"}, "unknown_period"),
        ({"period": "any"}, "from_missing"),
        ({"to": "2026-01-01"}, "from_missing"),
        ({"from": "yesterday"}, "bad_from"),
        ({"from": "1970-01-01"}, "bad_from"),
        ({"from": "9999-12-31"}, "bad_from"),
        ({"from": "2026-01-01", "to": "2026-02-30"}, "bad_to"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "reversed"),
        ({"from": "2026-11-25"}, "in_future"),
        ({"from": "2020-01-01"}, "too_long"),
    ],
)
def test_what_names_no_period_is_told_by_a_code(parameters: dict[str, str], problem: str) -> None:
    assert read_period(parameters, NOW, SHANGHAI) == Problem(problem)


def test_what_is_asked_for_is_widened_to_whole_hours_and_ends_with_the_running_one() -> None:
    found = read_period({"from": "2026-11-23T10:20", "to": "2026-11-23T11:20"}, NOW, SHANGHAI)
    assert found == Period(datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 23, 4, tzinfo=UTC))
    late = read_period({"from": "2026-11-01", "to": "2026-12-31"}, NOW, SHANGHAI)
    assert isinstance(late, Period)
    assert late.until == NOW.replace(hour=8, minute=0)
    assert read_period({}, NOW, SHANGHAI) == named(DEFAULT, NOW, SHANGHAI)
    assert read_period({"from": "2026-11-23T10:00+00:00", "to": "2026-11-23T11:00Z"}, NOW, SHANGHAI) == Period(
        datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 11, tzinfo=UTC)
    )
