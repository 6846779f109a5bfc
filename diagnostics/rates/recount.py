"""Counts anew the hours in which an ending changed, and the days that they lie in; the worker's task.

An hour is always counted as a whole from its endings, so that no figure drifts. One transaction takes a day: it holds
the day's row, takes the stale hours away, counts them, and makes the day of its hours. Whatever is killed leaves all of
it or nothing; another worker at the same day waits, and finds nothing to do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from diagnostics import bulk
from diagnostics.domain.rates.hours import day_of, next_day, next_hour
from diagnostics.domain.rates.tally import Counted, Tally, tally_of, total
from diagnostics.models import Ending, RateFigures, StaleHour
from diagnostics.rates import basis

AT_ONCE = 240  # hours that are looked up together
COUNTED = (
    "kind",
    "is_dated",
    "is_playable",
    "cause",
    "took_seconds",
    "length_seconds",
    "user_hash",
    "lost_at",
    "lost_cause",
)
HOUR, DAY = RateFigures.Grain.HOUR, RateFigures.Grain.DAY
Stale = tuple[datetime, int]


def recount(now: datetime, stop: threading.Event) -> int:
    """Count the stale hours, the oldest first, and return how many were counted."""
    basis.keep_up(now)
    counted = 0
    while not stop.is_set():
        stale = list(StaleHour.objects.order_by("at").values_list("at", "mark")[:AT_ONCE])
        zone = timezone.get_default_timezone()
        for day, found in groupby(stale, key=lambda each: day_of(each[0], zone)):
            if stop.is_set():
                break
            counted += _count_day(day, list(found), now)
        if len(stale) < AT_ONCE:
            break
    return counted


def _count_day(day: datetime, stale: list[Stale], now: datetime) -> int:
    """Count some hours of a day. Those whose mark is another by now are left: they changed again."""
    with transaction.atomic():
        _write(DAY, day, None, now)  # holds the day's row, so that nobody else makes the day meanwhile
        hours = [at for at, mark in stale if StaleHour.objects.filter(at=at, mark=mark).delete()[0]]
        for at in hours:
            _settle(HOUR, at, tally_of(_endings(at)), now)
        _settle(DAY, day, total(_hours_of(day)), now)
    return len(hours)


def _endings(at: datetime) -> Iterable[Counted]:
    until = next_hour(at, timezone.get_default_timezone())
    rows = Ending.objects.filter(ended_at__gte=at, ended_at__lt=until).values_list(*COUNTED)
    return (Counted(*row) for row in rows.iterator(chunk_size=2_000))


def _hours_of(day: datetime) -> Iterable[Tally]:
    until = next_day(day, timezone.get_default_timezone())
    rows = RateFigures.objects.filter(grain=HOUR, at__gte=day, at__lt=until)
    return [Tally.from_bytes(bytes(data)) for data in rows.values_list("tally", flat=True)]


def _settle(grain: RateFigures.Grain, at: datetime, tally: Tally, now: datetime) -> None:
    if tally.is_empty:
        RateFigures.objects.filter(grain=grain, at=at).delete()
    else:
        _write(grain, at, tally, now)


def _write(grain: RateFigures.Grain, at: datetime, tally: Tally | None, now: datetime) -> None:
    row = RateFigures(grain=str(grain), at=at, tally=tally.to_bytes() if tally else b"", counted_at=now)
    renew = ("tally", "counted_at") if tally else ("counted_at",)
    bulk.upsert([row], unique=("grain", "at"), renew=renew)
