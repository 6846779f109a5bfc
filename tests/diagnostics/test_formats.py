"""How times, lengths, sizes and long texts are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.templatetags import formats

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=42), "42 s ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=1, minutes=12), "1 h 12 min ago"),
        (timedelta(hours=11, minutes=12), "11 h ago"),
        (timedelta(days=3, hours=4), "3 d ago"),
        (timedelta(days=40), "2026-03-25"),
        (-timedelta(minutes=5), "in 5 min"),
    ],
)
def test_times_are_told_by_their_distance(ago: timedelta, text: str) -> None:
    assert formats.relative(NOW - ago, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.84, "0.8 s"),
        (42, "42 s"),
        (200, "3 min 20 s"),
        (1800, "30 min"),
        (7500, "2 h 5 min"),
        (277_200, "3 d 5 h"),
    ],
)
def test_lengths_are_told_as_people_do(seconds: float | None, text: str) -> None:
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0 B"), (999, "999 B"), (158_760_044, "159 MB"), (1_500_000, "1.5 MB"), (2.5e12, "2.5 TB")],
)
def test_sizes_have_a_unit(value: float | None, text: str) -> None:
    assert formats.size(value) == text


def test_counts_are_grouped_and_unknown_is_not_zero() -> None:
    assert [formats.count(value) for value in (0, 1234567, None, "")] == ["0", "1,234,567", "–", "–"]


def test_a_rate_is_never_rounded_up_to_all() -> None:
    assert formats.percent(9996, 10_000) == "99.9 %"
    assert formats.percent(1, 0) == "–"


def test_long_texts_are_cut_in_the_middle() -> None:
    cut = formats.middle("a" * 40 + "the-end.wav", 20)
    assert len(cut) == 20
    assert cut.endswith("the-end.wav")


def test_a_time_shows_the_exact_one_on_hover_and_nothing_for_nothing() -> None:
    assert 'title="2026-05-04 12:00:00 UTC"' in formats.when(NOW)
    assert "<time" not in formats.when(None)
    assert formats.when("2026-05-04T12:00:00+00:00") == formats.when(NOW)
