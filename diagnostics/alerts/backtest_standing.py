"""Back-test of what stood for a time: conditions, incidents that came back; and of passes, whether the next one was late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q

from diagnostics.alerts.backtest_span import History, Series, Span
from diagnostics.domain.alerts.course import Reading, ReadingKind
from diagnostics.domain.alerts.replay import Look
from diagnostics.domain.alerts.rules import Levels, Rule
from diagnostics.models import Condition, Incident, Pass

Stood = tuple[datetime, datetime | None]  # from when to when; None: it stands
STANDS, IS_WELL = Reading(value=1.0), Reading(value=0.0)


def conditions_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return when each condition stood above all sessions."""
    rows = Condition.objects.filter(_stood(span)).order_by("opened_at")
    times: dict[str, list[Stood]] = {}
    for code, opened_at, resolved_at in rows.values_list("code", "opened_at", "resolved_at"):
        times.setdefault(code, []).append((opened_at, resolved_at))
    return _history(span, times, levels)


def incidents_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return when each incident that was resolved stood again: of each, the last time alone is kept."""
    rows = Incident.objects.filter(_stood(span), times_opened__gt=1, opened_at__isnull=False).order_by("pk")
    told = rows.values_list("pk", "opened_at", "resolved_at", "handled_at")
    times: dict[str, list[Stood]] = {}
    for number, opened_at, resolved_at, handled_at in told:
        ends = [at for at in (resolved_at, handled_at) if at is not None]
        if opened_at is not None:
            times[str(number)] = [(opened_at, min(ends, default=None))]
    return _history(span, times, levels)


def passes_history(rule: Rule, levels: Levels, span: Span) -> History:
    """Return how late the next complete pass was; before the first one nothing is known."""
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, finished_at__lte=span.until).order_by("finished_at")
    ends = [at for at in complete.values_list("finished_at", flat=True) if at is not None]
    return History(max(ends[0] if ends else span.until, span.since), [Series("", _lateness(span, ends))])


def _stood(span: Span) -> Q:
    is_begun = Q(opened_at__lte=span.until)
    return is_begun & (Q(resolved_at=None) | Q(resolved_at__gt=span.since))


def _history(span: Span, times: dict[str, list[Stood]], levels: Levels) -> History:
    """Passes open and resolve them: what is known begins with the first pass."""
    first = Pass.objects.aggregate(first=Min("started_at"))["first"] or span.until
    after = timedelta(seconds=levels.keep_seconds) + 2 * span.step
    series = [Series(subject, _looks(span, stood, after)) for subject, stood in sorted(times.items())]
    return History(max(first, span.since), series)


def _looks(span: Span, stood: Iterable[Stood], after: timedelta) -> Iterator[Look]:
    """Yield the moments at which it stood, and those after that in which it recovers; at all others nothing can differ."""
    times = iter(stood)
    current = next(times, None)
    watched_until: datetime | None = None
    for moment in span.moments():
        while current is not None and current[1] is not None and current[1] <= moment:
            watched_until, current = current[1] + after, next(times, None)
        if current is not None and current[0] <= moment:
            yield moment, STANDS
        elif watched_until is not None and moment <= watched_until:
            yield moment, IS_WELL


def _lateness(span: Span, ends: list[datetime]) -> Iterator[Look]:
    interval = timedelta(seconds=settings.PASS_INTERVAL_SECONDS)
    coming = iter(ends)
    following = next(coming, None)
    last: datetime | None = None
    for moment in span.moments():
        while following is not None and following <= moment:
            last, following = following, next(coming, None)
        if last is None:
            yield moment, Reading(ReadingKind.NO_DATA)
        else:
            yield moment, Reading(value=max((moment - last - interval).total_seconds(), 0.0))
