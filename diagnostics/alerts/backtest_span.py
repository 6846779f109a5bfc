"""The time that a back-test covers: at which moments it looks, and how long it may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from diagnostics.domain.alerts.replay import Look
from diagnostics.domain.alerts.rules import Levels, Rule

MINUTE = timedelta(minutes=1)
COVERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Span:
    """`looks` moments, each `step` after the one before, the last at `until`. `deadline` is of `time.monotonic`."""

    until: datetime
    looks: int
    step: timedelta
    deadline: float

    @property
    def since(self) -> datetime:
        return self.until - (self.looks - 1) * self.step

    @property
    def is_over(self) -> bool:
        """Whether it has taken as long as it may."""
        return time.monotonic() > self.deadline

    def moments(self) -> Iterator[datetime]:
        for place in range(self.looks - 1, -1, -1):
            yield self.until - place * self.step

    def from_(self, moment: datetime) -> Span:
        """Return the part of this span that does not look before a moment; it has no look where that is to come."""
        return replace(self, looks=min(self.looks, max((self.until - moment) // self.step + 1, 0)))


@dataclass(frozen=True, slots=True)
class Series:
    """What one subject would have read, the oldest look first; `looks` may be gone through once."""

    subject: str
    looks: Iterator[Look]


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a rule's measure: from `reaches_back_to` on. `is_cut`: reading stopped there, for want of time."""

    reaches_back_to: datetime
    series: list[Series] = field(default_factory=list)
    is_cut: bool = False


Source = Callable[[Rule, Levels, Span], History]


def span_of(now: datetime, interval_seconds: float, limit_seconds: float) -> Span:
    """Return the looks of the last 30 days: as far apart as rounds are, in whole minutes, which windows are made of."""
    step = max(-(-timedelta(seconds=interval_seconds) // MINUTE), 1) * MINUTE
    return Span(now, COVERED // step + 1, step, time.monotonic() + limit_seconds)
