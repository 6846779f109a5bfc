"""Who runs a task: the one who holds the lease on its row. A lease that is not renewed ends, and another takes over."""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, QuerySet, Value, When

from diagnostics.models import RecurringTask, WorkerLife
from diagnostics.notes import WORKER
from sessions_admin.worker.recurring import Recurring

LEASE = timedelta(seconds=40)
RENEWAL_SECONDS = 10.0
# A task that failed is tried again sooner than its interval says, but not at once.
RETRY = timedelta(seconds=30)
LONGEST_ERROR = 2000


def new_holder() -> str:
    """Return a name for this worker that no other has."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def prepare(tasks: tuple[Recurring, ...], now: datetime) -> None:
    """Make a row for each task; one whose interval became shorter need not wait out the longer one."""
    for task in tasks:
        RecurringTask.objects.get_or_create(name=task.name, defaults={"next_at": now})
        latest = now + timedelta(seconds=task.every_seconds)
        RecurringTask.objects.filter(name=task.name, next_at__gt=latest).update(next_at=latest)


def claim(name: str, holder: str, now: datetime, *, is_due_only: bool = True) -> bool:
    """Take the lease if it is free (and the task is due); of two who try, one gets it."""
    rows = _free(now).filter(name=name)
    if is_due_only:
        rows = rows.filter(next_at__lte=now)
    # What is free and yet running was left by a worker that is gone.
    taken_over_at = Case(When(outcome="running", then=Value(now)), default=F("taken_over_at"))
    told = {"holder": holder, "lease_until": now + LEASE, "started_at": now, "outcome": "running"}
    return rows.update(**told, taken_over_at=taken_over_at) == 1


def renew(name: str, holder: str, now: datetime) -> bool:
    """Keep the lease; False: it went to somebody else."""
    return RecurringTask.objects.filter(name=name, holder=holder).update(lease_until=now + LEASE) == 1


def finish(task: Recurring, holder: str, started: datetime, now: datetime, error: str, *, was_stopped: bool) -> None:
    """Give the lease back, with how it went and when it is due again."""
    next_at = max(started + timedelta(seconds=task.every_seconds), now)
    if error:
        next_at = min(next_at, now + RETRY)
    failed = {"failed_at": now, "failure": error[:LONGEST_ERROR]} if error else {}
    RecurringTask.objects.filter(name=task.name, holder=holder).update(
        **failed,
        holder="",
        lease_until=None,
        finished_at=now,
        next_at=now if was_stopped else next_at,
        outcome="failed" if error else "done",
        error=error[:LONGEST_ERROR],
        seconds=round((now - started).total_seconds(), 3),
    )


def release(holder: str, now: datetime) -> None:
    """Give back everything that this worker holds: what it leaves unfinished is due at once."""
    running = RecurringTask.objects.filter(holder=holder)
    running.filter(outcome="running").update(outcome="")
    running.update(holder="", lease_until=None, next_at=now)
    WorkerLife.objects.filter(pk=holder).update(ended_at=now)


def show_life(holder: str, now: datetime) -> None:
    """Leave a sign that a worker lives; any worker's will do."""
    values = {"holder": holder, "lease_until": now + LEASE, "finished_at": now, "next_at": now}
    RecurringTask.objects.update_or_create(name=WORKER, defaults=values, create_defaults={**values, "started_at": now})
    WorkerLife.objects.update_or_create(
        pk=holder, defaults={"seen_at": now}, create_defaults={"started_at": now, "seen_at": now}
    )


def seconds_to_next(names: list[str], now: datetime, longest: float) -> float:
    """Return how long nothing is due among these tasks."""
    nearest = RecurringTask.objects.filter(name__in=names).order_by("next_at").values_list("next_at", flat=True).first()
    return longest if nearest is None else min(longest, max(0.05, (nearest - now).total_seconds()))


def due(names: list[str], now: datetime) -> list[str]:
    return list(_free(now).filter(name__in=names, next_at__lte=now).order_by("next_at").values_list("name", flat=True))


def _free(now: datetime) -> QuerySet[RecurringTask]:
    return RecurringTask.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now))
