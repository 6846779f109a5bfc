"""What the app that touches, and the worker, leave here for the rules and the pages to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from diagnostics.domain.rules import AT_EVERY_LOOK
from diagnostics.domain.traces import Removal
from diagnostics.identity import path_hash
from diagnostics.models import Incident, RecurringTask, SessionEntry
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


def note_session_handled(key: str, cause: str, at: datetime) -> bool:
    """Note that somebody dealt with a session for this cause; False: it has another one by now, or is handled already."""
    is_open = Q(handled_at=None) | Q(handled_cause="")  # who leaves the lists with an incident may do so alone as well
    found = SessionEntry.objects.filter(is_open, key=key, gone_at=None, cause=cause)
    return found.update(handled_at=at, handled_cause=cause, handled_end="") > 0


def note_session_unhandled(key: str) -> None:
    """Note that a session stands in the lists again, and that nothing is known to have come back."""
    SessionEntry.objects.filter(key=key).update(handled_at=None, handled_cause="", handled_end="")


def note_incident_handled(shared_hash: int, seen_at: datetime, at: datetime) -> int | None:
    """Note that somebody dealt with an incident as it was at `seen_at`: return how many sessions leave the lists with it.

    What joined it later was not seen, and brings it back with the next complete pass. None: it does not stand, or is
    handled already.
    """
    standing = Incident.objects.standing().filter(shared_hash=shared_hash, handled_at=None)
    if not standing.update(handled_at=at, handled_end="", is_changed=True):
        return None
    sessions = SessionEntry.objects.filter(shared_hash=shared_hash, gone_at=None, handled_at=None)
    return sessions.filter(changed_at__lte=seen_at).update(handled_at=at, handled_cause="", handled_end="")


def note_incident_unhandled(shared_hash: int) -> None:
    """Note that an incident stands in the lists again, with the sessions that had left them with it."""
    Incident.objects.filter(shared_hash=shared_hash).update(handled_at=None, handled_end="")
    with_it = SessionEntry.objects.filter(shared_hash=shared_hash, handled_cause="", handled_at__isnull=False)
    with_it.update(handled_at=None)


def _look_again(path: str) -> None:
    """The next pass judges who claims the path, also where it saw the file go, or come, before it was noted."""
    SessionEntry.objects.filter(claim_hash=path_hash(path), gone_at=None).update(due_at=AT_EVERY_LOOK)


def worker_is_alive(now: datetime) -> bool:
    """Return whether a worker has shown itself within its lease."""
    return RecurringTask.objects.filter(name=WORKER, lease_until__gt=now).exists()


def worker_seen_at() -> datetime | None:
    """Return when a worker showed itself last; None: never."""
    return RecurringTask.objects.filter(name=WORKER).values_list("finished_at", flat=True).first()
