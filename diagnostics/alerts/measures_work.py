"""What the rules over the dashboard's own work read: standing conditions, workers, passes, and incidents that came back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from diagnostics.alerts.look import Look
from diagnostics.domain.alerts.course import Reading, ReadingKind
from diagnostics.domain.alerts.rules import Levels
from diagnostics.models import Condition, Incident, Pass, RecurringTask, WorkerLife

Readings = dict[str, Reading]
REPLACED_AFTER = timedelta(days=1)
ALIVE_WITHIN = timedelta(minutes=1)
MOST_INCIDENTS = 50


def condition(look: Look, levels: Levels) -> Readings:
    """1 for each condition that stands above all sessions."""
    standing = Condition.objects.filter(resolved_at=None).values_list("code", "opened_at")
    return {code: Reading(value=1.0, detail={"opened_at": at.isoformat()}) for code, at in standing}


def worker_silent(look: Look, levels: Levels) -> Readings:
    """Seconds since each worker was seen that never said goodbye.

    One that was replaced is no matter any more after a day: another worker lives on its machine, and has its work.
    """
    lives = list(WorkerLife.objects.filter(ended_at=None))
    alive = {life.machine for life in lives if look.now - life.seen_at <= ALIVE_WITHIN}
    return {
        life.holder: Reading(value=_seconds(look.now - life.seen_at), detail=_told(life))
        for life in lives
        if look.now - life.seen_at <= REPLACED_AFTER or life.machine not in alive
    }


def pass_late(look: Look, levels: Levels) -> Readings:
    """Seconds since the last complete pass ended, beyond its interval; before the first one, since work began."""
    since = look.indexed_at or _work_began()
    if since is None:
        return {"": Reading(ReadingKind.NO_DATA, problem="no_pass")}
    late = look.now - since - timedelta(seconds=settings.PASS_INTERVAL_SECONDS)
    return {"": Reading(value=_seconds(late), detail={"indexed_at": since.isoformat()})}


def incident_regressed(look: Look, levels: Levels) -> Readings:
    """1 for each incident that was resolved, came back, stands, and that nobody has said to be dealt with."""
    back = Incident.objects.standing().unhandled().filter(times_opened__gt=1).in_order()[:MOST_INCIDENTS]
    return {str(row.pk): Reading(value=1.0, sample=row.sessions, detail=_course(row)) for row in back}


def _work_began() -> datetime | None:
    first = Pass.objects.aggregate(first=Min("started_at"))["first"]
    return first or RecurringTask.objects.filter(name="pass").values_list("started_at", flat=True).first()


def _told(life: WorkerLife) -> dict[str, object]:
    return {"machine": life.machine, "pid": life.pid, "seen_at": life.seen_at.isoformat()}


def _course(row: Incident) -> dict[str, object]:
    opened_at = row.opened_at.isoformat() if row.opened_at else None
    return {"code": row.code, "kind": row.kind, "times_opened": row.times_opened, "opened_at": opened_at}


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), 0.0)
