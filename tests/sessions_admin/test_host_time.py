"""A new time is written as the host writes its times."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sessions_admin.host_time import written

AT = datetime(2026, 3, 4, 5, 6, 7, 89_012, tzinfo=UTC)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("2026-01-01 10:00:00", "2026-03-04 13:06:07"),
        ("2026-01-01 10:00:00.5", "2026-03-04 13:06:07.089012"),
        ("2026-01-01 10:00:00.500", "2026-03-04 13:06:07.089"),
        ("2026-01-01 10:00:00.500000", "2026-03-04 13:06:07.089012"),
        ("2026-01-01T10:00:00", "2026-03-04T13:06:07"),
        ("2026-01-01T10:00:00.123Z", "2026-03-04T05:06:07.089Z"),
        ("2026-01-01T10:00:00+00:00", "2026-03-04T05:06:07+00:00"),
        ("2026-01-01 10:00:00+00", "2026-03-04 05:06:07+00:00"),
        ("2026-01-01T10:00:00+08:00", "2026-03-04T13:06:07+08:00"),
        ("2026-01-01T10:00:00+0900", "2026-03-04T13:06:07+0800"),
        ("1767225600", "1772600767"),
        ("1767225600.25", "1772600767.089012"),
        ("1767225600000", "1772600767089"),
    ],
)
def test_it_follows_the_example(example: str, expected: str) -> None:
    assert written(AT, ZoneInfo("Asia/Shanghai"), [example]) == expected


def test_the_next_example_counts_where_the_first_is_none() -> None:
    assert written(AT, UTC, [None, "yesterday", "2026-01-01T10:00:00"]) == "2026-03-04T05:06:07"


@pytest.mark.parametrize("examples", [[], [None], ["", "nonsense"], ["2026-01-01"]])
def test_without_an_example_it_is_written_as_sqlalchemy_does(examples: list[str | None]) -> None:
    assert written(AT, UTC, examples) == "2026-03-04 05:06:07.089012"
