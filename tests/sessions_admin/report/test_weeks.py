"""Whole weeks of a zone, and when the report of one is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions_admin.report.weeks import due_at, last_week, period_of, week_due, week_named
from tests.sessions_admin.report.week import MONDAY, SEVEN, SINCE, UNTIL, ZONE

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_week_is_monday_to_monday_of_the_zone() -> None:
    period = period_of(MONDAY, ZONE)
    assert (period.since, period.until) == (SINCE, UNTIL)


def test_the_week_in_which_clocks_change_has_an_hour_more() -> None:
    period = period_of(date(2026, 10, 19), BERLIN)
    assert period.until - period.since == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (UNTIL - timedelta(seconds=1), date(2026, 11, 9)),
        (UNTIL, MONDAY),
        (UNTIL + timedelta(days=7) - timedelta(seconds=1), MONDAY),
    ],
)
def test_the_last_week_is_the_last_that_is_over(now: datetime, monday: date) -> None:
    assert last_week(now.astimezone(UTC), ZONE) == monday


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (UNTIL, None),
        (SEVEN - timedelta(seconds=1), None),
        (SEVEN, MONDAY),
        (UNTIL + timedelta(days=7) - timedelta(seconds=1), MONDAY),
    ],
)
def test_a_report_is_due_from_seven_on_monday_to_the_end_of_the_week(now: datetime, monday: date | None) -> None:
    assert week_due(now.astimezone(UTC), ZONE) == monday


def test_seven_is_seven_by_the_clock_on_the_wall_in_summer_and_winter() -> None:
    summer, winter = due_at(date(2026, 10, 12), BERLIN), due_at(date(2026, 10, 19), BERLIN)
    assert (summer, winter) == (datetime(2026, 10, 19, 5, tzinfo=UTC), datetime(2026, 10, 26, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("", MONDAY),
        ("2026-11-16", MONDAY),
        ("2026-11-22", MONDAY),
        ("2026-11-23", None),
        ("2999-01-01", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("last", None),
        ("2026-02-31", None),
    ],
)
def test_a_day_names_its_week_if_that_is_over(text: str, monday: date | None) -> None:
    assert week_named(text, SEVEN, ZONE) == monday
