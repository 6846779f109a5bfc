"""Sliding windows over what happened: sums in equal parts of time, each window the difference of two running sums."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate


@dataclass(slots=True)
class Parts:
    """How many events each part of the time before `until` held, and the sum of their amounts (whole numbers).

    Part 0 is (until - width, until], part 1 the one before: an event exactly one window old is outside of it. Memory goes
    with the number of parts, not with that of events; what is younger or older than all parts is not counted.
    """

    until: datetime
    width: timedelta
    number: int
    events: array[int] = field(init=False)
    amounts: array[int] = field(init=False)

    def __post_init__(self) -> None:
        self.events = array("q", bytes(8 * self.number))
        self.amounts = array("q", bytes(8 * self.number))

    @property
    def since(self) -> datetime:
        """Where the oldest part begins; what happened just then is in none."""
        return self.until - self.number * self.width

    def add(self, at: datetime, amount: int) -> None:
        place = (self.until - at) // self.width
        if 0 <= place < self.number:
            self.events[place] += 1
            self.amounts[place] += amount

    def windows(self, length: int, step: int, number: int) -> Iterator[tuple[datetime, int, int]]:
        """Yield (end, events, sum of amounts) of so many windows, the oldest first, the last one ending at `until`.

        `length` and `step` are in parts. There must be `(number - 1) * step + length` parts at least.
        """
        events = array("q", accumulate(self.events, initial=0))
        amounts = array("q", accumulate(self.amounts, initial=0))
        for place in range(number - 1, -1, -1):
            begin = place * step
            end = begin + length
            yield self.until - begin * self.width, events[end] - events[begin], amounts[end] - amounts[begin]
