"""What the workers do, did and will do next: their lives and their tasks, as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from diagnostics.models import RecurringTask, WorkerLife
from sessions_admin.worker.leases import LEASE
from sessions_admin.worker.recurring import Recurring
from sessions_admin.worker.words import TASK_WORDS

SHOWN_LIVES = 10
# A task waits for the others of its lane; later than this it is overdue.
OVERDUE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Life:
    """One worker. `state`: alive, ended (it said so), or silent since `seen_at`."""

    row: WorkerLife
    state: str


@dataclass(frozen=True, slots=True)
class Course:
    """One task. `now`: running, abandoned (its worker is gone, the next one takes it over), overdue, waiting, never."""

    task: Recurring
    word: str | Promise
    row: RecurringTask | None
    now: str


def lives(now: datetime) -> list[Life]:
    """Return the workers, those seen last first."""
    rows = WorkerLife.objects.order_by("-seen_at")[:SHOWN_LIVES]
    return [Life(row, _state_of(row, now)) for row in rows]


def courses(tasks: Sequence[Recurring], now: datetime) -> list[Course]:
    """Return every task of the schedule, in its order."""
    rows = RecurringTask.objects.in_bulk([task.name for task in tasks])
    return [
        Course(task, TASK_WORDS.get(task.name, task.name), rows.get(task.name), _doing(rows.get(task.name), now))
        for task in tasks
    ]


def _state_of(row: WorkerLife, now: datetime) -> str:
    if row.ended_at:
        return "ended"
    return "alive" if now - row.seen_at <= LEASE else "silent"


def _doing(row: RecurringTask | None, now: datetime) -> str:
    if row is None:
        return "never"
    if row.outcome == "running":
        return "running" if row.lease_until and row.lease_until >= now else "abandoned"
    return "overdue" if now - row.next_at > OVERDUE_AFTER else "waiting"
