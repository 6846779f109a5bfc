"""Back-test of what is counted of endings: playable rate, mean generation time, failures. One reading, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import gcd
from typing import Any

from django.db.models import Min, Q

from diagnostics.alerts.backtest_span import MINUTE, History, Series, Span
from diagnostics.domain.alerts.course import Reading
from diagnostics.domain.alerts.rules import DAY, Levels, Rule
from diagnostics.domain.alerts.windows import Parts
from diagnostics.models import Ending

SLICE = timedelta(days=1)  # of endings read between two looks at the clock: some 30,000 at ten million a year
CHUNK = 2000
MILLION = 1_000_000  # sums are of whole microseconds, so that no rounding gathers over a month
KIND = Ending.Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """Which endings count, the one column that tells of each, the amount that it makes, and the value of a window."""

    counted: Q
    column: str
    amount: Callable[[Any], int]
    value: Callable[[int, int], float | None]  # of (number, sum of amounts)


MEASURES = {
    "success_rate": Measure(
        Q(kind__in=(KIND.FAILED, KIND.STUCK)) | Q(kind=KIND.COMPLETED, is_playable__isnull=False),
        "is_playable",
        lambda is_playable: 1 if is_playable else 0,
        lambda number, good: 100 * good / number if number else None,
    ),
    "generation_time": Measure(
        Q(kind=KIND.COMPLETED, took_seconds__gte=0, took_seconds__lte=DAY),
        "took_seconds",
        lambda took: round(took * MILLION),
        lambda number, total: total / number / MILLION if number else None,
    ),
    "failures": Measure(Q(kind=KIND.FAILED), "pk", lambda _pk: 0, lambda number, _sum: number),
}


def history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return what a rule over endings would have read. Time is bounded by the span's deadline, memory by its looks."""
    measure, window = MEASURES[rule.name], levels.window_seconds or DAY
    step = int(span.step.total_seconds())
    width = gcd(window, step)
    length, stride = window // width, step // width
    parts = Parts(span.until, width * MINUTE / 60, (span.looks - 1) * stride + length)
    cut = _read(measure, parts, span)
    first = _first_at(span) if cut is None else cut + window * MINUTE / 60
    covered = span.from_(first)
    windows = parts.windows(length, stride, covered.looks)
    looks = ((at, _reading(measure, levels, number, total)) for at, number, total in windows)
    return History(min(max(first, span.since), span.until), [Series("", looks)], is_cut=cut is not None)


def _read(measure: Measure, parts: Parts, span: Span) -> datetime | None:
    """Count what ended in the parts, a day at a time; return back to which time, where it had to stop before the end.

    A question for each day: some databases' clients hold the whole answer, whatever is asked for at a time.
    """
    rows = Ending.objects.filter(measure.counted, is_dated=True).values_list("ended_at", measure.column).order_by()
    until = span.until
    while until > parts.since:
        since = max(until - SLICE, parts.since)
        for at, value in rows.filter(ended_at__lte=until, ended_at__gt=since).iterator(chunk_size=CHUNK):
            parts.add(at, measure.amount(value))
        until = since
        if span.is_over and until > parts.since:
            return until
    return None


def _first_at(span: Span) -> datetime:
    """Since when endings are kept."""
    first: datetime | None = Ending.objects.aggregate(first=Min("ended_at"))["first"]
    return first or span.until


def _reading(measure: Measure, levels: Levels, number: int, total: int) -> Reading:
    smallest = levels.smallest_sample
    if smallest is not None and number < smallest:
        return Reading.too_few(number, smallest)
    return Reading(value=measure.value(number, total), sample=number)
