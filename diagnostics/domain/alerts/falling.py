"""How fast something falls in a window that slides: the least squares of `filling`, without going through the window anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diagnostics.domain.alerts.filling import FEWEST, LONGEST_HOURS, needed_seconds

THOUSAND = 1000
HOUR = 3600


@dataclass(slots=True)
class Falling:
    """The points of (now - window, now], added in the order of time. All sums are of whole numbers, so that nothing drifts.

    `at` counts in milliseconds from the first point, `free` in bytes.
    """

    window: timedelta
    points: deque[tuple[datetime, int, int]] = field(default_factory=deque)
    begun: datetime | None = None
    sums: list[int] = field(default_factory=lambda: [0, 0, 0, 0])  # of at, free, at * at, at * free

    def add(self, at: datetime, free: float) -> None:
        self.begun = self.begun or at
        point = (at, (at - self.begun) // timedelta(milliseconds=1), round(free))
        self.points.append(point)
        self._sum(point, 1)

    def forget(self, now: datetime) -> None:
        """Leave out what is a window old or older."""
        while self.points and self.points[0][0] <= now - self.window:
            self._sum(self.points.popleft(), -1)

    def hours_until(self, floor: float) -> float | None:
        """Return what `filling.hours_until` returns of these points."""
        newest = self.points[-1][2] if self.points else None
        if newest is not None and newest <= floor:
            return 0.0
        if newest is None or len(self.points) < FEWEST or self._span() < self._needed():
            return None
        fall = -self._slope()
        return min((newest - floor) / fall / HOUR, LONGEST_HOURS) if fall > 0 else LONGEST_HOURS

    def _span(self) -> timedelta:
        return self.points[-1][0] - self.points[0][0]

    def _needed(self) -> timedelta:
        return timedelta(seconds=needed_seconds(self.window.total_seconds()))

    def _sum(self, point: tuple[datetime, int, int], sign: int) -> None:
        for place, amount in enumerate(_amounts(point)):
            self.sums[place] += sign * amount

    def _slope(self) -> float:
        """Bytes a second; 0 where all points are of one time."""
        number, (at, free, squares, products) = len(self.points), self.sums
        spread = number * squares - at * at
        return THOUSAND * (number * products - at * free) / spread if spread else 0.0


def _amounts(point: tuple[datetime, int, int]) -> Iterator[int]:
    _moment, at, free = point
    yield from (at, free, at * at, at * free)
