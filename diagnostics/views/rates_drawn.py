"""The charts of the rates page, made of the figures: what stands on each axis, and what each bar is called and opens."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from django.utils.translation import gettext as _

from diagnostics.domain.rates.figures import SMALLEST_SAMPLE, Bar, Rates, Times
from diagnostics.templatetags.charts import Stack
from diagnostics.templatetags.formats import count, duration, percent
from diagnostics.templatetags.rate_charts import Axis, Ground, Line, Span

A_DAY = timedelta(hours=23)  # the shortest there is, where clocks are put forward
A_SECOND = timedelta(seconds=1)
MOST_TICKS = 7
FEW_DAYS = 3
# The floors from which a rate may be drawn, in percent: what is always above 90 is flat when drawn from 0.
FLOORS = (80, 50, 0)
# Steps, in seconds, that people count in.
TIME_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart: `shape` is a list of lines or of stacks, and goes with its ground and axis."""

    shape: Sequence[Line] | Sequence[Stack]
    ground: Ground
    axis: Axis


def rate_lines(figures: Rates, zone: tzinfo) -> Drawn:
    """Draw the playable rate and the rate by status over the bars; no line where a bar has too few samples."""
    bars = figures.bars
    by_file = tuple(bar.by_file.percent if bar.by_file.is_enough else None for bar in bars)
    by_status = tuple(bar.by_status.percent if bar.by_status.is_enough else None for bar in bars)
    lowest = min((value for value in (*by_file, *by_status) if value is not None), default=0.0)
    floor = next(floor for floor in FLOORS if lowest >= floor)
    steps = tuple(
        (float(value), f"{value} %") for value in range(floor, 101, 10 if floor == 50 else (100 - floor) // 4)
    )
    lines = (Line(_("by file"), "file", by_file), Line(_("by status"), "status", by_status))
    spans = tuple(Span(_rate_title(bar, zone), is_few=0 < bar.by_file.of < SMALLEST_SAMPLE) for bar in bars)
    return Drawn(lines, _ground(spans, bars, zone), Axis(float(floor), 100.0, steps))


def _rate_title(bar: Bar, zone: tzinfo) -> str:
    rate = bar.by_file
    told = _("{good} of {all} could be played").replace("{good}", count(rate.good)).replace("{all}", count(rate.of))
    share = f" ({percent(rate.good, rate.of)})" if rate.is_enough else ""
    return f"{bar_name(bar, zone)} · {told}{share}"


def outcome_columns(figures: Rates, zone: tzinfo, link: Link) -> Drawn:
    """Draw how what finished in each bar ended; a column opens its sessions."""
    stacks, spans = [], []
    for bar in figures.bars:
        told = [(word, number) for word, number in _outcomes(bar) if number]
        title = f"{bar_name(bar, zone)} · " + (", ".join(f"{word} {count(number)}" for word, number in told) or "0")
        parts = (
            ("playable", bar.playable - bar.lost),
            ("lost", bar.lost),
            ("unplayable", bar.unplayable),
            ("failed", bar.failed),
            ("stuck", bar.stuck),
        )
        stacks.append(Stack(title, parts))
        spans.append(Span(title, link(bar.since, bar.until, "all")))
    axis = _count_axis(max((stack.total for stack in stacks), default=0))
    return Drawn(stacks, _ground(tuple(spans), figures.bars, zone), axis)


def _outcomes(bar: Bar) -> list[tuple[str, int]]:
    return [
        (_("playable"), bar.playable - bar.lost),
        (_("lost since"), bar.lost),
        (_("not playable"), bar.unplayable),
        (_("failed"), bar.failed),
        (_("stuck"), bar.stuck),
    ]


def time_lines(figures: Rates, zone: tzinfo) -> Drawn:
    """Draw how long pieces took over the bars: half of them, nine in ten, and nineteen in twenty took no longer."""
    enough = [bar.times if bar.times.number >= SMALLEST_SAMPLE else None for bar in figures.bars]
    lines = (
        Line("p95", "slowest", tuple(times.p95 if times else None for times in enough)),
        Line("p90", "slow", tuple(times.p90 if times else None for times in enough)),
        Line(_("median"), "median", tuple(times.median if times else None for times in enough)),
    )
    spans = tuple(Span(_time_title(bar, zone), is_few=0 < bar.times.number < SMALLEST_SAMPLE) for bar in figures.bars)
    axis = _time_axis(max((value for line in lines for value in line.values if value is not None), default=0.0))
    return Drawn(lines, _ground(spans, figures.bars, zone), axis)


def _time_title(bar: Bar, zone: tzinfo) -> str:
    times = bar.times
    told = (
        _("median {median}, p95 {p95}")
        .replace("{median}", duration(times.median))
        .replace("{p95}", duration(times.p95))
    )
    return f"{bar_name(bar, zone)} · {told if times.number >= SMALLEST_SAMPLE else _('too few for a rate')}"


def histogram(times: Times, wait: int) -> Drawn | None:
    """Draw how many pieces took how long; what took longer than the client waits is told apart. None: nothing is known."""
    bins = times.histogram
    if not bins:
        return None
    stacks, spans = [], []
    for low, high, number in bins:
        tone = "late" if 0 < wait <= low else "time"
        title = f"{duration(low)} – {duration(high)} · {count(number)}"
        stacks.append(Stack(title, ((tone, number),)))
        spans.append(Span(title))
    every = max(math.ceil(len(bins) / MOST_TICKS), 1)
    ticks = tuple((100 * place / len(bins), duration(bins[place][0])) for place in range(0, len(bins), every))
    return Drawn(stacks, Ground(tuple(spans), ticks=ticks), _count_axis(max(number for _low, _high, number in bins)))


def bar_name(bar: Bar, zone: tzinfo) -> str:
    """Return what a bar is called: its date and hour, its day, or its first day and its last."""
    first, last, length = bar.since.astimezone(zone), (bar.until - A_SECOND).astimezone(zone), bar.until - bar.since
    if length < A_DAY:
        return f"{first:%m-%d %H:%M}"
    return f"{first:%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} – {last:%m-%d}"


def _ground(spans: tuple[Span, ...], bars: Sequence[Bar], zone: tzinfo) -> Ground:
    edges = (*(bar.since for bar in bars), *(bar.until for bar in bars[-1:]))
    return Ground(spans, edges, _ticks(bars, zone))


def _ticks(bars: Sequence[Bar], zone: tzinfo) -> tuple[tuple[float, str], ...]:
    """Write days below bars where days begin; the hours of the day where there are few days."""
    begun = [(place, bar.since.astimezone(zone)) for place, bar in enumerate(bars)]
    days = [(place, at) for place, at in begun if not at.hour]
    told = days if len(days) > FEW_DAYS else begun
    every = max(math.ceil(len(told) / MOST_TICKS), 1)
    return tuple(
        (100 * place / len(bars), at.strftime("%m-%d" if told is days or not at.hour or not place else "%H:%M"))
        for place, at in told[::every]
    )


def _count_axis(highest: float) -> Axis:
    top = max(int(highest), 1)
    step = next(one * 10**power for power in range(12) for one in (1, 2, 5) if one * 10**power * 4 >= top)
    high = step * math.ceil(top / step)
    return Axis(0.0, float(high), tuple((float(value), count(value)) for value in range(0, high + 1, step)))


def _time_axis(highest: float) -> Axis:
    step = next((step for step in TIME_STEPS if step * 4 >= highest), TIME_STEPS[-1])
    high = step * max(math.ceil(highest / step), 1)
    return Axis(0.0, float(high), tuple((float(value), duration(value)) for value in range(0, high + 1, step)))
