"""Back-test of what samples told: how full file systems were and when they would have been full, and which part was down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from statistics import fmean

from django.conf import settings

from diagnostics import parts, sampling
from diagnostics.alerts.backtest_span import History, Series, Span
from diagnostics.alerts.look import stale_after
from diagnostics.domain.alerts.course import Reading, ReadingKind
from diagnostics.domain.alerts.falling import Falling
from diagnostics.domain.alerts.replay import Look
from diagnostics.domain.alerts.rules import HOUR, ROOM_SESSIONS, Levels, Rule
from diagnostics.domain.host_parts import DOWN, UNKNOWN
from diagnostics.models import PartSample, ResourceSample

BYTES, INODES, FREE = "_bytes_percent", "_inodes_percent", "_free_bytes"
CHUNK = 2000
Sample = tuple[datetime, Reading]
Values = Mapping[str, object]


def percent_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return how full each file system was, in bytes or in inodes."""
    suffix = INODES if rule.name == "inodes_used" else BYTES
    samples = _resources(span, timedelta())
    first = max(samples[0][0] if samples else span.until, span.since)
    fresh = stale_after(settings.SAMPLE_INTERVAL_SECONDS)
    told = {role: [(at, _percent(values, role, suffix)) for at, values in samples] for role in _roles(samples)}
    return History(first, [Series(role, _looks(span, read, fresh)) for role, read in told.items()])


def filling_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return when each file system would have been full. How large a piece is, it takes from those of today."""
    window = timedelta(seconds=levels.window_seconds or 6 * HOUR)
    samples = _resources(span, window)
    sizes = sampling.last_sizes()
    floors = {"audio": ROOM_SESSIONS * fmean(sizes)} if sizes else {}
    first = max(samples[0][0] if samples else span.until, span.since)
    roles = _roles(samples)
    return History(
        first, [Series(role, _filling(span, samples, role, floors.get(role, 0.0), window)) for role in roles]
    )


def parts_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return which of the watched parts of the host were down."""
    rows = PartSample.objects.filter(part__in=parts.watched(), at__lte=span.until, at__gt=span.since - span.step)
    told: dict[str, list[Sample]] = {}
    for part, at, state in rows.order_by("at", "id").values_list("part", "at", "state").iterator(chunk_size=CHUNK):
        told.setdefault(part, []).append((at, _part(state)))
    fresh = stale_after(settings.PARTS_INTERVAL_SECONDS)
    first = min((samples[0][0] for samples in told.values()), default=span.until)
    return History(max(first, span.since), [Series(part, _looks(span, told[part], fresh)) for part in sorted(told)])


def _resources(span: Span, before: timedelta) -> list[tuple[datetime, Values]]:
    rows = ResourceSample.objects.filter(at__lte=span.until, at__gt=span.since - before - span.step)
    told = rows.order_by("at").values_list("at", "values").iterator(chunk_size=CHUNK)
    return [(at, values if isinstance(values, dict) else {}) for at, values in told]


def _roles(samples: Iterable[tuple[datetime, Values]]) -> list[str]:
    """Return the file systems that are watched today and that samples tell of."""
    seen = {name.removesuffix(BYTES) for _at, values in samples for name in values if name.endswith(BYTES)}
    return [role for role in sampling.watched_paths() if role in seen]


def _looks(span: Span, samples: Iterable[Sample], fresh: timedelta) -> Iterator[Look]:
    """Yield at each moment what the newest sample told; one that is too old tells nothing of that moment."""
    coming = iter(samples)
    following = next(coming, None)
    newest: Sample | None = None
    for moment in span.moments():
        while following is not None and following[0] <= moment:
            newest, following = following, next(coming, None)
        if newest is not None:
            yield moment, newest[1] if moment - newest[0] <= fresh else Reading.error("stale")


def _percent(values: Values, role: str, suffix: str) -> Reading:
    value = values.get(role + suffix)
    if isinstance(value, int | float) and math.isfinite(value):
        return Reading(value=float(value))
    is_uncounted = suffix == INODES and values.get(role + BYTES) is not None
    return Reading(ReadingKind.NO_DATA) if is_uncounted else Reading.error("no_answer")


def _filling(
    span: Span, samples: Iterable[tuple[datetime, Values]], role: str, floor: float, window: timedelta
) -> Iterator[Look]:
    """Yield at each moment what the samples of its window tell, and an error where the newest tells nothing."""
    fresh = stale_after(settings.SAMPLE_INTERVAL_SECONDS)
    coming = iter(samples)
    following = next(coming, None)
    falling = Falling(window)
    newest: Sample | None = None
    for moment in span.moments():
        while following is not None and following[0] <= moment:
            at, values = following
            newest, following = (at, _percent(values, role, BYTES)), next(coming, None)
            if isinstance(free := values.get(role + FREE), int | float):
                falling.add(at, free)
        falling.forget(moment)
        if newest is not None:
            is_stale = moment - newest[0] > fresh
            yield moment, Reading.error("stale") if is_stale else _until_full(newest[1], falling, floor)


def _until_full(newest: Reading, falling: Falling, floor: float) -> Reading:
    if newest.kind is ReadingKind.ERROR:
        return newest
    hours = falling.hours_until(floor)
    return Reading(ReadingKind.NO_DATA) if hours is None else Reading(value=hours)


def _part(state: str) -> Reading:
    return Reading(ReadingKind.NO_DATA) if state == UNKNOWN else Reading(value=float(state == DOWN))
