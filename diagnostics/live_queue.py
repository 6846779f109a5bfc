"""The queue as it stands now, for one pending session that is examined live."""

from __future__ import annotations

from datetime import datetime, timedelta

from diagnostics import sources
from diagnostics.domain import clock
from diagnostics.domain.facts import SessionRecord
from diagnostics.host import HostTable
from diagnostics.live_store import LiveStore
from diagnostics.models import SessionEntry
from diagnostics.reconcile.movement import have_grown, last_movement
from diagnostics.reconcile.queue import Queue, queued_at

SEEN = ("status", "progress_percent", "moved_at", "generating_since", "reset_at")


def live_queue(table: HostTable, store: LiveStore, now: datetime) -> Queue:
    """Return who waits, who is being generated and moves, and who was picked up last. Raises HostUnavailable."""
    records = [table.record(row) for row in table.waiting_and_generating()]
    unfinished = SessionEntry.objects.filter(status__in=("pending", "generating")).only("key", *SEEN)
    entries = {entry.key: entry for entry in unfinished}
    queue = Queue(picked_up=[(at, str(key)) for key, at in table.newest_picked_up() if at <= now][:2])
    for record in records:
        entry = entries.get(str(record.key))
        reset_at = entry.reset_at if entry else None
        since = queued_at(record.created.at, reset_at)
        if record.status == "pending" and since is not None:
            queue.waiting_since.append(since)
        elif record.status == "generating" and _moves(record, entry, store, now):
            queue.note_moving(record.key, record.created.at, reset_at)
    queue.waiting_since.sort()
    return queue


def _moves(record: SessionRecord, entry: SessionEntry | None, store: LiveStore, now: datetime) -> bool:
    since = now - timedelta(seconds=sources.limits().stall_limit_seconds)
    seen = (entry.moved_at, entry.generating_since, entry.reset_at) if entry else ()
    if any(
        time is not None and since <= time <= now + clock.SKEW for time in (record.updated.at, record.created.at, *seen)
    ):
        return True
    own = store.own_files(record.key)
    is_written = any(at is not None and since <= at <= now + clock.SKEW for at in (facts.modified_at for facts in own))
    return is_written or last_movement(record, entry, is_grown=have_grown(own, now), now=now) == now
