"""How fast something fills up: the slope of what is free, and when too little is left."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_HOURS = 24.0 * 365  # said of what does not fill, or so slowly that nobody need know
FEWEST = 3
LONGEST_NEEDED_SECONDS = 1800


def needed_seconds(window_seconds: float) -> float:
    """Return how long a disk must have been watched: what one piece writes within a minute is no rate at which it fills."""
    return min(LONGEST_NEEDED_SECONDS, window_seconds / 2)


def hours_until(points: Sequence[tuple[float, float]], floor: float, needed_seconds: float = 0.0) -> float | None:
    """Return in how many hours what is free falls to `floor`, by the least squares of (seconds, free) in the order of time.

    It counts from the newest point. 0 where it is there already, LONGEST_HOURS where it does not fall; None: too few
    points to tell, or fewer seconds between the first and the last than are needed.
    """
    if points and points[-1][1] <= floor:
        return 0.0
    if len(points) < FEWEST or points[-1][0] - points[0][0] < needed_seconds:
        return None
    fall = -_slope(points)
    if fall <= 0:
        return LONGEST_HOURS
    return min((points[-1][1] - floor) / fall / 3600, LONGEST_HOURS)


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """What is free by second; 0 where all points are of one time."""
    number = len(points)
    mean_at = sum(at for at, _ in points) / number
    mean_free = sum(free for _, free in points) / number
    spread = sum((at - mean_at) ** 2 for at, _ in points)
    return sum((at - mean_at) * (free - mean_free) for at, free in points) / spread if spread else 0.0
