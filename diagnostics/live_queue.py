"""The queue as it stands now, for one pending session that is examined live."""

from __future__ import annotations

from datetime import datetime, timedelta

from diagnostics import sources
from diagnostics.domain.facts import SessionRecord
from diagnostics.host import HostTable
from diagnostics.live_store import LiveStore
from diagnostics.models import SessionEntry
from diagnostics.reconcile.queue import Queue, queued_at


def live_queue(table: HostTable, store: LiveStore, now: datetime) -> Queue:
    """Return who waits, who is being generated and moves, and who was picked up last. Raises HostUnavailable."""
    records = [table.record(row) for row in table.waiting_and_generating()]
    resets = dict(
        SessionEntry.objects.filter(reset_at__isnull=False, status__in=("pending", "generating")).values_list(
            "key", "reset_at"
        )
    )
    queue = Queue(picked_up=[(at, str(key)) for key, at in table.newest_picked_up() if at <= now][:2])
    for record in records:
        reset_at = resets.get(str(record.key))
        since = queued_at(record.created.at, reset_at)
        if record.status == "pending" and since is not None:
            queue.waiting_since.append(since)
        elif record.status == "generating" and _moves(record, store, now):
            queue.note_moving(record.key, record.created.at, reset_at)
    queue.waiting_since.sort()
    return queue


def _moves(record: SessionRecord, store: LiveStore, now: datetime) -> bool:
    since = now - timedelta(seconds=sources.limits().stall_limit_seconds)
    youngest = store.youngest_of(record.key)
    times = (record.updated.at, record.created.at, youngest.modified_at if youngest else None)
    return any(time is not None and since <= time <= now for time in times)
