"""When too little is free."""

from __future__ import annotations

import pytest

from diagnostics.domain.alerts.filling import LONGEST_HOURS, hours_until, needed_seconds

HOUR = 3600.0


def test_it_goes_on_as_it_went() -> None:
    assert hours_until([(n * HOUR, 1000.0 - 100 * n) for n in range(5)], 200) == pytest.approx(4)


def test_a_single_jump_among_many_does_not_decide() -> None:
    points = [(n * HOUR, 1000.0 - 10 * n) for n in range(10)]
    points[5] = (5 * HOUR, 500.0)
    hours = hours_until(points, 0)
    assert hours is not None
    assert hours > 50


@pytest.mark.parametrize("step", [0.0, 50.0])
def test_what_does_not_fill_is_far_from_full(step: float) -> None:
    assert hours_until([(n * HOUR, 1000.0 + step * n) for n in range(5)], 200) == LONGEST_HOURS


def test_what_is_full_is_full_now_however_few_points_tell() -> None:
    assert hours_until([(0.0, 200.0)], 200) == 0


def test_too_few_points_tell_nothing() -> None:
    assert hours_until([], 200) is None
    assert hours_until([(0.0, 900.0), (HOUR, 800.0)], 200) is None


def test_points_of_one_time_show_no_fall() -> None:
    assert hours_until([(0.0, 900.0), (0.0, 800.0), (0.0, 700.0)], 200) == LONGEST_HOURS


def test_what_was_watched_too_shortly_shows_no_rate() -> None:
    points = [(0.0, 900.0), (900.0, 800.0), (1799.0, 700.0)]
    assert hours_until(points, 200, needed_seconds(6 * HOUR)) is None
    assert hours_until([*points, (1800.0, 700.0)], 200, needed_seconds(6 * HOUR)) is not None
    assert needed_seconds(600) == 300
