"""The figures that the database counts are those of a plain count, whatever ended and wherever the window lies."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from diagnostics.alerts import windows
from diagnostics.domain.rates.figures import Rate
from tests.alerts.scene import HOUR, MINUTE, NOON, ending
from tests.rates.plain_windows import window

pytestmark = pytest.mark.django_db


def test_both_count_the_same() -> None:
    dice = random.Random(7)
    for _ in range(300):
        kind = dice.choice(["completed", "completed", "completed", "failed", "stuck"])
        is_completed = kind == "completed"
        ending(
            NOON - dice.randrange(-10, 180) * MINUTE,
            kind=kind,
            is_dated=dice.random() > 0.1,
            is_playable=dice.choice([True, True, False, None]) if is_completed else False,
            took_seconds=dice.choice([None, -1.0, 90_000.0, dice.uniform(0, 900)]) if is_completed else None,
        )
    for hours in (1, 2, 3):
        since, until = NOON - hours * HOUR, NOON - dice.randrange(60) * MINUTE
        theirs = window(since, until)
        ended, took = windows.ended_within(since, until), windows.took_within(since, until)
        assert (ended.by_file, ended.by_status) == (theirs.by_file, theirs.by_status)
        assert windows.failed_within(since, until) == theirs.failures
        assert (took.number, took.absurd) == (theirs.timed, theirs.absurd)
        assert took.mean == pytest.approx(theirs.mean_seconds)
        assert windows.quantile_within(since, until, 0.95, took.number) == theirs.p95_seconds


def test_the_edges_of_a_window_to_the_letter() -> None:
    instant = timedelta(microseconds=1)
    for at in (NOON - HOUR, NOON - HOUR + instant, NOON, NOON + instant):
        ending(at, kind="failed")
    assert windows.failed_within(NOON - HOUR, NOON) == 2
    assert windows.ended_within(NOON - HOUR, NOON).by_file == Rate(0, 2)


def test_the_worst_hour_and_the_causes_are_those_of_what_did_not_end_well() -> None:
    for minutes, cause in ((10, "a"), (70, "b"), (75, "b"), (80, "c")):
        ending(NOON - minutes * MINUTE, kind="failed", cause=cause)
    ending(NOON - 5 * MINUTE)
    since = NOON - timedelta(hours=3)
    assert windows.worst_hour_within(since, NOON) == (NOON - 2 * HOUR, 3)
    assert windows.causes_within(since, NOON) == [("b", 2), ("a", 1), ("c", 1)]


def test_the_hour_that_comes_twice_when_the_clock_is_turned_back_is_two_hours() -> None:
    twice = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 in New York, and an hour later 01:30 once more
    for at, number in ((twice, 2), (twice + HOUR, 3)):
        for _ in range(number):
            ending(at, kind="failed")
    with timezone.override(ZoneInfo("America/New_York")):
        worst = windows.worst_hour_within(twice - HOUR, twice + 2 * HOUR)
        assert windows.failed_within(twice, twice + HOUR) == 3
    assert worst == (twice + HOUR / 2, 3)
