"""The sliding least squares against `filling`, which goes through the window each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.domain.alerts.falling import Falling
from diagnostics.domain.alerts.filling import hours_until, needed_seconds

BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
POINTS = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 10**12)), max_size=50)


@given(gaps=POINTS, window=st.integers(1, 7200), floor=st.integers(0, 10**11))
def test_it_says_what_going_through_the_window_says(gaps: list[tuple[int, int]], window: int, floor: int) -> None:
    falling, known, at = Falling(timedelta(seconds=window)), list[tuple[datetime, int]](), BEGUN
    for gap, free in gaps:
        at += timedelta(seconds=gap)
        falling.add(at, free)
        falling.forget(at)
        known.append((at, free))
        within = [(when.timestamp(), float(left)) for when, left in known if when > at - timedelta(seconds=window)]
        found, wanted = falling.hours_until(floor), hours_until(within, floor, needed_seconds(window))
        assert (found is None) == (wanted is None)
        assert found is None or found == pytest.approx(wanted, rel=1e-4)
