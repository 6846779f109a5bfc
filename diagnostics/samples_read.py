"""Samples of one kind in the order of time, each read once, for the moments of many sessions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic

from django.db.models import QuerySet

from diagnostics import sources
from diagnostics.domain import resources
from diagnostics.domain.resources import Sample


@dataclass(slots=True)
class SamplesRead(Generic[Sample]):
    """`rows` are all that may be read, `facts_of` makes facts of some in the order of time."""

    rows: Callable[[], QuerySet[Any]]
    facts_of: Callable[[QuerySet[Any]], list[Sample]]
    facts: list[Sample] = field(default_factory=list)  # in the order of time
    since: datetime | None = None
    until: datetime | None = None

    def read(self, moments: Iterable[datetime]) -> None:
        """Read what lies around these moments; of it, only what lies beyond what was read before."""
        known = list(moments)
        first, last = window(min(known))[0], window(max(known))[1]
        if self.since is None or self.until is None:
            self.facts, self.since, self.until = self._between(at__gte=first, at__lte=last), first, last
            return
        if first < self.since:
            self.facts[:0] = self._between(at__gte=first, at__lt=self.since)
            self.since = first
        if last > self.until:
            self.facts += self._between(at__gt=self.until, at__lte=last)
            self.until = last

    def around(self, moment: datetime) -> tuple[Sample, ...]:
        """Return the samples within the window around a moment that was read, the nearest first."""
        first, last = window(moment)
        begin = bisect_left(self.facts, first, key=_time)
        end = bisect_right(self.facts, last, key=_time)
        return resources.near(self.facts[begin:end], moment, sources.limits())

    def _between(self, **limits: datetime) -> list[Sample]:
        return self.facts_of(self.rows().filter(**limits))


def window(moment: datetime) -> tuple[datetime, datetime]:
    """Return between which times a sample counts for a moment."""
    within = timedelta(seconds=sources.limits().evidence_window_seconds)
    return moment - within, moment + within


def _time(facts: Sample) -> datetime:
    return facts.at
