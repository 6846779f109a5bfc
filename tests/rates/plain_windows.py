"""The figures of a rolling window, counted plainly from single endings: the reference for what the database counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from diagnostics.domain.rates.endings import Kind
from diagnostics.domain.rates.figures import Rate
from diagnostics.domain.rates.histogram import is_usable
from diagnostics.models import Ending

READ = ("ended_at", "kind", "is_dated", "is_playable", "took_seconds")


@dataclass(frozen=True, slots=True)
class Ended:
    """One ending, as a window counts it; the fields are those of `models.Ending`."""

    ended_at: datetime
    kind: str
    is_dated: bool
    is_playable: bool | None
    took_seconds: float | None


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """The figures of (since, until].

    `failures` are those whose row says failed; `timed` completed pieces took `mean_seconds` on average, and all but a
    twentieth at most `p95_seconds` (exactly, by the nearest rank). Left out are `undecided` pieces (no pass could tell
    yet whether they are whole), `undated` ones (the host tells no usable time), those dated in the `future` of the
    window, and `absurd` times (negative, or longer than a day).
    """

    since: datetime
    until: datetime
    by_file: Rate
    by_status: Rate
    failures: int
    timed: int
    mean_seconds: float | None
    p95_seconds: float | None
    undecided: int = 0
    undated: int = 0
    future: int = 0
    absurd: int = 0


def figures_of(endings: Iterable[Ended], since: datetime, until: datetime) -> WindowFigures:
    """Count endings; those at `since` or before it are none of the window."""
    later = [ending for ending in endings if ending.ended_at > since]
    within = [ending for ending in later if ending.is_dated and ending.ended_at <= until]
    completed = [ending for ending in within if ending.kind == Kind.COMPLETED]
    failures = sum(ending.kind == Kind.FAILED for ending in within)
    undecided = sum(ending.is_playable is None for ending in completed)
    took = sorted(ending.took_seconds for ending in completed if ending.took_seconds is not None)
    usable = [seconds for seconds in took if is_usable(seconds)]
    return WindowFigures(
        since,
        until,
        by_file=Rate(sum(ending.is_playable is True for ending in completed), len(within) - undecided),
        by_status=Rate(len(completed), len(completed) + failures),
        failures=failures,
        timed=len(usable),
        mean_seconds=sum(usable) / len(usable) if usable else None,
        p95_seconds=usable[ceil(0.95 * len(usable) - 1e-9) - 1] if usable else None,
        undecided=undecided,
        undated=sum(not ending.is_dated and ending.ended_at <= until for ending in later),
        future=sum(ending.ended_at > until for ending in later),
        absurd=len(took) - len(usable),
    )


def window(since: datetime, until: datetime) -> WindowFigures:
    """Return the figures of (since, until] of what is stored."""
    rows = Ending.objects.filter(ended_at__gt=since).order_by("ended_at").values_list(*READ)
    return figures_of([Ended(*row) for row in rows], since, until)
