"""How times, lengths and sizes are written in sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from diagnostics.domain import wording
from diagnostics.domain.wording import formatting

NOW = datetime(2025, 8, 25, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (timedelta(seconds=20), "25 Aug 2025, 04:30:00 and 04:30:20 (UTC)"),
        (timedelta(days=1), "25 Aug 2025, 04:30 and 26 Aug 2025, 04:30 (UTC)"),
    ],
)
def test_an_interval_shows_what_tells_its_ends_apart(end: timedelta, said: str) -> None:
    assert formatting.between(NOW, NOW + end, "en", UTC) == said


def test_sizes_that_round_alike_are_told_exactly() -> None:
    values = {"size_bytes": 158_760_044, "claimed_bytes": 158_760_000}
    said = wording.sentence("file.size_mismatch", values, "en", UTC)
    assert "158.8 MB (158,760,044 bytes)" in said
    assert "158.8 MB (158,760,000 bytes)" in said


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (0.84, "0.8 s", "0.8 秒"),
        (59.7, "1 min", "1 分钟"),
        (1798, "29 min 58 s", "29 分 58 秒"),
        (3600, "1 h", "1 小时"),
        (7500, "2 h 5 min", "2 小时 5 分"),
        (273_600, "3 d 4 h", "3 天 4 小时"),
        (-90, "−1 min 30 s", "−1 分 30 秒"),
    ],
)
def test_lengths_of_time(seconds: float, english: str, chinese: str) -> None:
    assert formatting.length(seconds, "en") == english
    assert formatting.length(seconds, "zh-hans") == chinese


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 KB"), (480_044, "480 KB"), (158_760_000, "158.8 MB")],
)
def test_sizes(count: int, said: str) -> None:
    assert formatting.size(count, "en") == said


def test_offsets_with_half_hours() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    assert formatting.at(NOW, "en", india) == "25 Aug 2025, 10:00 (UTC+5:30)"
    assert formatting.at(NOW, "zh-hans", india) == "2025 年 8 月 25 日 10:00（UTC+5:30）"
