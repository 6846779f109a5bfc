"""The worker and its passes: is one alive, is the last pass recent, was it complete, does anything stand in its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.models import Condition, Pass, RecurringTask
from diagnostics.notes import WORKER, worker_is_alive, worker_seen_at
from diagnostics.reconcile.running import LOCK

SILENT_AFTER = timedelta(minutes=2)
STALE_AFTER_PASSES = 3
STALE_AT_LEAST = timedelta(minutes=10)
RUN_WORKER = "Start it: manage.py worker (or make run), and read its last lines."


def check_work(now: datetime) -> Iterator[Check]:
    try:
        yield _worker(now)
        yield from _passes(now)
    except DatabaseError:
        yield unknown("worker", "the dashboard's own database does not tell", "See own.database.")


def _worker(now: datetime) -> Check:
    """A task that is overdue while nobody holds its lease is one that nobody runs."""
    tasks = list(RecurringTask.objects.exclude(name__in=(WORKER, LOCK)))
    if not tasks:
        return error("worker", "never ran", RUN_WORKER)
    overdue = [task.name for task in tasks if _is_left_alone(task, now)]
    seen = worker_seen_at()
    since = f" since {seen.isoformat(timespec='seconds')}" if seen else ""
    if overdue:
        return error("worker", f"silent{since}: {', '.join(overdue)} overdue", RUN_WORKER)
    failed = [task for task in tasks if task.outcome == "failed"]
    if failed:
        first = (failed[0].error.strip().splitlines() or [""])[-1][:160]
        return warning(
            "worker", f"alive, but {failed[0].name} failed: {first}", "It is tried again; read the worker's log."
        )
    return ok("worker", "alive" if worker_is_alive(now) else f"none runs now, none was needed{since}")


def _is_left_alone(task: RecurringTask, now: datetime) -> bool:
    is_held = task.lease_until is not None and task.lease_until > now
    return not is_held and now - task.next_at > SILENT_AFTER


def _passes(now: datetime) -> Iterator[Check]:
    last = Pass.objects.exclude(outcome=Pass.Outcome.RUNNING).first()
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).first()
    if last is not None and last.outcome == Pass.Outcome.FAILED:
        yield error("pass.outcome", f"pass {last.pk} failed: {last.error[:160]}", "See the page of passes.")
    if complete is None or complete.finished_at is None:
        yield error("pass.last", "none was ever complete", "Run manage.py reconcile, and keep a worker running.")
        return
    age = now - complete.finished_at
    limit = max(timedelta(seconds=STALE_AFTER_PASSES * settings.PASS_INTERVAL_SECONDS), STALE_AT_LEAST)
    told = f"pass {complete.pk}, {int(age.total_seconds())} s ago, {complete.rows} rows and {complete.files} files"
    yield error("pass.last", told, RUN_WORKER) if age > limit else ok("pass.last", told)
    codes = list(Condition.objects.filter(resolved_at=None).values_list("code", flat=True))
    if codes:
        yield warning("pass.conditions", ", ".join(codes), "See the bands on every page: each says what to do.")
