"""What the app that touches, and the worker, leave here for the rules and the pages to know."""

from __future__ import annotations

from datetime import datetime

from diagnostics.models import RecurringTask, SessionEntry

WORKER = "worker"  # the row by which any worker shows that it lives


def note_reset(key: str, at: datetime) -> None:
    """Note that a session was put back to pending: its waiting and its generation are counted from then."""
    SessionEntry.objects.filter(key=key).update(reset_at=at)


def worker_is_alive(now: datetime) -> bool:
    """Return whether a worker has shown itself within its lease."""
    return RecurringTask.objects.filter(name=WORKER, lease_until__gt=now).exists()


def worker_seen_at() -> datetime | None:
    """Return when a worker showed itself last; None: never."""
    return RecurringTask.objects.filter(name=WORKER).values_list("finished_at", flat=True).first()
