"""What the app that touches, and the worker, leave here for the rules and the pages to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from diagnostics.domain.rules import AT_EVERY_LOOK
from diagnostics.domain.traces import Removal
from diagnostics.identity import path_hash
from diagnostics.models import RecurringTask, SessionEntry
from diagnostics.models import Removal as Row
from diagnostics.reconcile.parts import parts

WORKER = "worker"  # the row by which any worker shows that it lives


def note_resets(keys: Collection[str], at: datetime) -> None:
    """Note that sessions were put back to pending: their waiting and their generation are counted from then."""
    for part in parts(sorted(keys)):
        SessionEntry.objects.filter(key__in=part).update(reset_at=at)


def note_removal(path: str, removal: Removal) -> None:
    """Note that the file at this path below the audio root was moved away by us; an earlier note of it is replaced."""
    told = {
        "action": removal.action,
        "actor": removal.actor[:150],
        "at": removal.at,
        "reason": str(removal.reason),
        "restorable_until": removal.restorable_until,
    }
    Row.objects.update_or_create(pk=path_hash(path), defaults=told)
    _look_again(path)


def note_restored(path: str) -> None:
    """Note that the file at this path was brought back."""
    Row.objects.filter(pk=path_hash(path)).delete()
    _look_again(path)


def _look_again(path: str) -> None:
    """The next pass judges who claims the path, also where it saw the file go, or come, before it was noted."""
    SessionEntry.objects.filter(claim_hash=path_hash(path), gone_at=None).update(due_at=AT_EVERY_LOOK)


def worker_is_alive(now: datetime) -> bool:
    """Return whether a worker has shown itself within its lease."""
    return RecurringTask.objects.filter(name=WORKER, lease_until__gt=now).exists()


def worker_seen_at() -> datetime | None:
    """Return when a worker showed itself last; None: never."""
    return RecurringTask.objects.filter(name=WORKER).values_list("finished_at", flat=True).first()
