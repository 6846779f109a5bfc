"""What measured values mean."""

from __future__ import annotations

import pytest

from diagnostics.domain.gauges import DISK, PROCESSOR, Level, level, room, worst


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Level.UNKNOWN),
        (0, Level.OK),
        (84.99, Level.OK),
        (85, Level.NOTICE),
        (94.99, Level.NOTICE),
        (95, Level.CRITICAL),
        (100, Level.CRITICAL),
    ],
)
def test_the_level_changes_exactly_at_its_marks(value: float | None, expected: Level) -> None:
    assert level(value, DISK) is expected


def test_a_gauge_without_a_critical_mark_is_at_most_noticed() -> None:
    assert level(100, PROCESSOR) is Level.NOTICE


def test_the_worst_level_is_told_and_nothing_is_unknown() -> None:
    assert worst([Level.OK, Level.NOTICE]) is Level.NOTICE
    assert worst([Level.NOTICE, Level.UNKNOWN]) is Level.UNKNOWN
    assert worst([Level.UNKNOWN, Level.CRITICAL]) is Level.CRITICAL
    assert worst([]) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("free", "inodes", "sizes", "expected"),
    [
        (1000, None, [100, 300], 5),
        (1000, 3, [100, 300], 3),
        (99, None, [100], 0),
        (1000, None, [], None),
        (1000, None, [0], None),
        (None, None, [100], None),
    ],
)
def test_room_is_the_free_space_by_the_mean_size(
    free: int | None, inodes: int | None, sizes: list[int], expected: int | None
) -> None:
    assert room(free, inodes, sizes) == expected
