"""From tallies to the figures that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from diagnostics.domain.rates import histogram, sketch
from diagnostics.domain.rates.figures import Bar, CauseCount, LeftOut, Rates, Times, Users
from diagnostics.domain.rates.tally import Tally, Timed

# Seconds that a client may wait; all but 900 at the edge of a bin, and that one within four seconds of one.
WAITS = (30, 60, 90, 120, 180, 240, 300, 480, 600, 900, 960, 1200)
COUNTED = ("completed", "failed", "stuck", "playable", "unplayable", "lost")


def rates_of(
    since: datetime, until: datetime, tally: Tally, *, bars: tuple[Bar, ...] = (), waits: Iterable[int] = WAITS
) -> Rates:
    """Return the figures of [since, until). `waits` are the seconds that a client may wait for a piece."""
    figures = tally.read()
    counted: dict[str, Any] = {name: figures.number(name) for name in COUNTED}
    number, is_exact = sketch.number_of(tuple(tally.users))
    return Rates(
        since,
        until,
        **counted,
        left_out=LeftOut(figures.number("settling"), figures.number("unchecked"), figures.number("undated")),
        users=Users(number, is_exact),
        times=times_of(figures.times(), figures.times_of_good(), waits),
        by_length={band: times_of(timed) for band, timed in figures.by_length().items()},
        causes=_ranked(tally.causes),
        lost_causes=_ranked(tally.lost_causes),
        bars=bars,
    )


def bar_of(since: datetime, until: datetime, tally: Tally) -> Bar:
    """Return one bar of the charts."""
    if tally.is_empty:
        return Bar(since, until)
    figures = tally.read()
    counted: dict[str, Any] = {name: figures.number(name) for name in COUNTED}
    return Bar(since, until, **counted, causes=dict(_pairs(tally.causes)), times=times_of(figures.times()))


def times_of(timed: Timed, good: Timed | None = None, waits: Iterable[int] = ()) -> Times:
    number = timed.number
    if not number:
        return Times(absurd=timed.absurd)
    return Times(
        number=number,
        absurd=timed.absurd,
        median=histogram.quantile(timed.bins, 0.5),
        p90=histogram.quantile(timed.bins, 0.9),
        p95=histogram.quantile(timed.bins, 0.95),
        mean=timed.seconds / number,
        histogram=histogram.shown(timed.bins),
        patience=_patience(good, waits) if good else {},
    )


def _patience(good: Timed, waits: Iterable[int]) -> dict[int, float]:
    number = good.number
    return {wait: 100 * histogram.longer(good.bins, wait) / number for wait in sorted(set(waits))} if number else {}


def _ranked(causes: Mapping[str, int]) -> tuple[CauseCount, ...]:
    return tuple(CauseCount(code, number) for code, number in _pairs(causes))


def _pairs(causes: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first, those with the same number by their code."""
    return sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))
