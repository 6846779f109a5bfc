"""Counts that add up, times within 1.6 percent, users within 5, and windows to the letter."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.domain.rates import histogram, sketch
from diagnostics.domain.rates.tally import BANDS, NUMBERS, SIZE, Counted, Tally, band_of, tally_of, total

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
ENDINGS = st.builds(
    Counted,
    kind=st.sampled_from(["completed", "failed", "stuck"]),
    is_dated=st.booleans(),
    is_playable=st.sampled_from([True, False, None]),
    cause=st.sampled_from(["", "file.empty", "generation.timed_out"]),
    took_seconds=st.none() | st.floats(-100, 100_000),
    length_seconds=st.none() | st.floats(0, 10_000),
    user_hash=st.none() | st.integers(-(2**63), 2**63 - 1),
    lost_at=st.none() | st.just(NOW),
    lost_cause=st.sampled_from(["file.deleted", "file.empty"]),
)


@given(st.lists(ENDINGS, max_size=30), st.integers(0, 30))
def test_parts_add_up_to_the_whole_packed_or_not(endings: list[Counted], cut: int) -> None:
    parts = [tally_of(endings[:cut]), tally_of(endings[cut:])]
    whole = tally_of(endings)
    added = total(Tally.from_bytes(part.to_bytes()) for part in parts)
    assert (added.numbers, added.causes, added.lost_causes) == (whole.numbers, whole.causes, whole.lost_causes)
    assert list(added.users) == list(whole.users)


def test_a_field_that_is_full_does_not_run_over_into_the_next() -> None:
    """A year of ten million pieces of an hour each, all in one field."""
    hour = tally_of([Counted("completed", True, True, "", 3_600.0, 600.0, None)] * 1_000)
    year = total([hour] * 10_000).read()
    assert {name: year.number(name) for name in NUMBERS if year.number(name)} == {"completed": 10**7, "playable": 10**7}
    assert (year.times().number, year.times().seconds, year.times().absurd) == (10**7, 3.6e10, 0)


def test_a_tally_of_another_form_is_refused() -> None:
    data = tally_of([]).to_bytes()
    with pytest.raises(ValueError, match="form 9"):
        Tally.from_bytes(b"\x09" + data[1:])
    assert SIZE < 30_000


@pytest.mark.parametrize(
    ("minutes", "band"),
    [
        (0, "0-10"),
        (9.999, "0-10"),
        (10, "10-20"),
        (20, "20-30"),
        (30, "30-45"),
        (45, "45-60"),
        (60, "60-"),
        (900, "60-"),
    ],
)
def test_a_band_begins_with_its_lower_bound(minutes: float, band: str) -> None:
    assert band_of(minutes * 60) == band
    assert band in BANDS


@pytest.mark.parametrize("length", [None, -1.0, float("nan")])
def test_a_length_that_is_not_told_has_its_own_band(length: float | None) -> None:
    assert band_of(length) == "?"


@given(st.lists(st.floats(0, 86_400), min_size=1, max_size=60), st.sampled_from([0.5, 0.9, 0.95]))
def test_a_quantile_is_within_a_second_or_a_64th(times: list[float], share: float) -> None:
    bins = [0] * histogram.BINS
    for seconds in times:
        bins[histogram.bin_of(seconds)] += 1
    exact = sorted(times)[ceil(share * len(times) - 1e-9) - 1]
    found = histogram.quantile(bins, share)
    assert found is not None
    assert exact <= found <= exact + max(1.0, exact / 64)
    assert sum(number for _low, _high, number in histogram.shown(bins)) == len(times)


def test_users_are_exact_below_the_size_and_near_above() -> None:
    chosen = random.Random(5)
    for number in (0, 1, sketch.SIZE - 1):
        assert sketch.number_of(sketch.sketch_of(chosen.getrandbits(64) for _ in range(number))) == (number, True)
    days = [[chosen.getrandbits(63) - 2**62 * chosen.randrange(2) * 2 for _ in range(3_000)] for _ in range(30)]
    found, is_exact = sketch.number_of(sketch.united(map(sketch.sketch_of, days)))
    assert not is_exact
    assert found == pytest.approx(90_000, rel=0.05)


def test_a_user_of_every_day_is_one() -> None:
    assert sketch.number_of(sketch.united([sketch.sketch_of([-1, 5, 2**63 - 1])] * 365)) == (3, True)
