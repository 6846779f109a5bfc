"""What the figures of a period are, as pages, the report, the alerts and the export read them: values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SMALLEST_SAMPLE = 10  # below it no rate is drawn, only "3 of 4" is said (ops research, 1.2 b)


@dataclass(frozen=True, slots=True)
class Rate:
    """`good` of `of`. The rate itself is None where nothing is counted, and not drawn below SMALLEST_SAMPLE."""

    good: int
    of: int

    @property
    def percent(self) -> float | None:
        """0 to 100, unrounded."""
        return 100 * self.good / self.of if self.of else None

    @property
    def is_enough(self) -> bool:
        return self.of >= SMALLEST_SAMPLE


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What finished in the period and is in no rate, and why."""

    settling: int = 0  # no pass could tell yet whether the file is whole
    unchecked: int = 0  # the store could not be looked at since
    undated: int = 0  # the host tells no usable time of the end


@dataclass(frozen=True, slots=True)
class Times:
    """Generation times in seconds, of completed pieces; None where none is known. Quantiles are within 1.6 percent.

    `histogram` has (from, to, number), without gaps; `patience` maps a wait in seconds to the share (0 to 100) of good
    pieces that took longer, so that they looked failed to their users.
    """

    number: int = 0
    absurd: int = 0  # negative, or longer than a day: left out
    median: float | None = None
    p90: float | None = None
    p95: float | None = None
    mean: float | None = None
    histogram: tuple[tuple[float, float, int], ...] = ()
    patience: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many attempts of the period ended with a cause, and how many of the period before (None: not compared)."""

    code: str
    number: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the charts: a part of the period, [since, until). `causes` maps a code to its number."""

    since: datetime
    until: datetime
    completed: int = 0
    failed: int = 0
    stuck: int = 0
    playable: int = 0
    unplayable: int = 0
    lost: int = 0
    causes: Mapping[str, int] = field(default_factory=dict)
    times: Times = field(default_factory=Times)

    @property
    def by_file(self) -> Rate:
        return Rate(self.playable, self.playable + self.unplayable + self.failed + self.stuck)

    @property
    def by_status(self) -> Rate:
        return Rate(self.completed, self.completed + self.failed)


@dataclass(frozen=True, slots=True)
class Users:
    """Users with at least one attempt that failed, was stuck or not playable; `is_exact` False: an estimate within 5 percent."""

    number: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Rates:
    """The figures of [since, until).

    `by_file` is the playable rate: completed pieces whose file was whole when first seen after finishing, of all that
    completed (and could be checked), failed, or were stuck past their limit. `by_status` believes the host: completed of
    completed and failed. `lost` counts playable ones that broke later; audio cleared away on purpose is none. `going` are
    begun before `since` and not finished yet (None: not asked), `oldest_going_at` when the oldest of all that run began.
    """

    since: datetime
    until: datetime
    completed: int
    failed: int
    stuck: int
    playable: int
    unplayable: int
    lost: int
    left_out: LeftOut
    users: Users
    times: Times
    by_length: Mapping[str, Times]  # band of planned length in minutes ("10-20", "60-", "?") to its times
    causes: tuple[CauseCount, ...]  # the most frequent first
    lost_causes: tuple[CauseCount, ...]
    bars: tuple[Bar, ...] = ()
    going: int | None = None
    oldest_going_at: datetime | None = None
    counted_to: datetime | None = None  # the last complete pass whose changes are counted in; None: none was

    @property
    def by_file(self) -> Rate:
        return Rate(self.playable, self.playable + self.unplayable + self.failed + self.stuck)

    @property
    def by_status(self) -> Rate:
        return Rate(self.completed, self.completed + self.failed)
