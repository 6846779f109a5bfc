"""What the report of a week says, as values: figures beside those of the week before, alerts, incidents, markers.

Nothing in it names a user or a session.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from diagnostics.domain.rates.figures import Rates
from diagnostics.domain.rates.periods import Period
from diagnostics.models import Episode, Incident
from diagnostics.rates.reading import compare
from sessions_admin.report.weeks import period_of
from sessions_admin.templatetags.markers import Shown, markers_between

MOST_INCIDENTS = 8


@dataclass(frozen=True, slots=True)
class Alerts:
    """A rule's episodes that lasted in the week; `seconds` are those within it. `is_open`: one lasted on at its end."""

    rule: str
    kind: str
    episodes: int
    seconds: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident that opened in the week; `is_again`: it had been resolved before."""

    kind: str
    code: str
    sessions: int
    is_again: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One week. `opened` are the largest incidents that opened in it, `opened_number` counts all."""

    monday: date
    period: Period
    figures: Rates
    before: Rates
    alerts: tuple[Alerts, ...]
    opened: tuple[Opened, ...]
    opened_number: int
    resolved_number: int
    markers: tuple[Shown, ...]

    @property
    def is_whole(self) -> bool:
        """Whether a pass after the week has counted everything that ended in it."""
        return self.figures.counted_to is not None and self.figures.counted_to >= self.period.until


def build(monday: date) -> Report:
    """Return the report of the week that begins on a Monday of the dashboard's zone; markers in the active language."""
    period = period_of(monday, timezone.get_default_timezone())
    figures, before = compare(period, with_bars=False)
    opened = Incident.objects.ever().filter(opened_at__gte=period.since, opened_at__lt=period.until)
    resolved = Incident.objects.ever().filter(resolved_at__gte=period.since, resolved_at__lt=period.until)
    return Report(
        monday=monday,
        period=period,
        figures=figures,
        before=before,
        alerts=tuple(_alerts(period)),
        opened=tuple(
            Opened(row.kind, row.code, row.sessions, row.times_opened > 1) for row in opened.in_order()[:MOST_INCIDENTS]
        ),
        opened_number=opened.count(),
        resolved_number=resolved.count(),
        markers=tuple(markers_between(period.since, period.until)),
    )


def _alerts(period: Period) -> Iterable[Alerts]:
    """Yield the rules that fired, the one that lasted longest first."""
    lasting = Q(ended_at=None) | Q(ended_at__gte=period.since)
    rows = Episode.objects.filter(lasting, fired_at__lt=period.until).order_by("rule", "kind")
    found = rows.values_list("rule", "kind", "fired_at", "ended_at")
    grouped = (
        _together(rule, kind, [(fired_at, ended_at) for _rule, _kind, fired_at, ended_at in group], period)
        for (rule, kind), group in groupby(found, key=lambda row: row[:2])
    )
    return sorted(grouped, key=lambda alerts: (-alerts.seconds, alerts.rule))


def _together(rule: str, kind: str, spans: list[tuple[datetime, datetime | None]], period: Period) -> Alerts:
    """Episodes of several subjects may overlap; their times are added."""
    seconds = sum(
        (min(ended_at or period.until, period.until) - max(fired_at, period.since)).total_seconds()
        for fired_at, ended_at in spans
    )
    is_open = any(ended_at is None or ended_at > period.until for _fired_at, ended_at in spans)
    return Alerts(rule, kind, len(spans), seconds, is_open)
