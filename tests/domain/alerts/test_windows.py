"""Sliding windows against counting each of them anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from diagnostics.domain.alerts.windows import Parts

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# Many of them lie on the very edge of a part.
AGES = st.one_of(st.integers(-3, 80).map(lambda n: n * MINUTE), st.timedeltas(-MINUTE, 80 * MINUTE))
EVENTS = st.lists(st.tuples(AGES, st.integers(0, 10**9)), max_size=60)


@given(events=EVENTS, length=st.integers(1, 12), step=st.integers(1, 4), number=st.integers(1, 15))
def test_every_window_holds_what_counting_it_alone_finds(
    events: list[tuple[timedelta, int]], length: int, step: int, number: int
) -> None:
    parts = Parts(NOW, MINUTE, (number - 1) * step + length)
    for age, amount in events:
        parts.add(NOW - age, amount)
    windows = list(parts.windows(length, step, number))
    assert [end for end, *_ in windows] == [NOW - place * step * MINUTE for place in reversed(range(number))]
    for end, found, total in windows:
        within = [amount for age, amount in events if end - length * MINUTE < NOW - age <= end]
        assert (found, total) == (len(within), sum(within))


def test_what_is_exactly_one_window_old_is_outside() -> None:
    parts = Parts(NOW, MINUTE, 60)
    parts.add(NOW - timedelta(hours=1), 1)
    parts.add(NOW - timedelta(hours=1) + timedelta(microseconds=1), 1)
    parts.add(NOW, 1)
    parts.add(NOW + timedelta(microseconds=1), 1)
    assert [found for _end, found, _total in parts.windows(60, 1, 1)] == [2]
