"""The queue as it stands now, for one pending session that is examined live."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diagnostics import sources
from diagnostics.domain.facts import QueueFacts, SessionKey, SessionRecord
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.live_memory import Memory
from diagnostics.live_store import LiveStore
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.reconcile.queue import Queue, queued_at


@dataclass(slots=True)
class LiveQueue:
    """Who waits, who is being generated and moves, who was picked up last; `is_unknown` where that could not be told."""

    table: HostTable
    memory: Memory
    now: datetime
    troubles: list[Trouble] = field(default_factory=list)
    is_unknown: bool = False
    _unfinished: list[SessionRecord] = field(default_factory=list)
    _picked_up: list[tuple[datetime, str]] = field(default_factory=list)

    def read(self, record: SessionRecord) -> None:
        """Ask the host's table; what it does not answer is said. Whom a worker took lately counts after the limit alone."""
        waits_since = record.created.at
        limit = timedelta(seconds=sources.limits().pending_limit_seconds)
        is_within = waits_since is not None and waits_since <= self.now <= waits_since + limit
        try:
            self._unfinished = [self.table.record(row) for row in self.table.waiting_and_generating()]
            taken = [] if is_within else self.table.newest_picked_up()
        except HostUnavailable as error:
            self.is_unknown = True
            self.troubles.append(Trouble("queue.unknown", str(error)))
            return
        self._picked_up = [(at, str(key)) for key, at in taken if at <= self.now][:2]

    def still_keys(self) -> tuple[SessionKey, ...]:
        """Return the sessions that are being generated and whose rows have not moved: only their files can tell."""
        return tuple(
            record.key for record in self._unfinished if record.status == "generating" and not self._moves(record)
        )

    def place_of(self, record: SessionRecord, entry: SessionEntry | None, store: LiveStore) -> QueueFacts:
        """Return the place of a pending session; the files of those in front must have been searched for."""
        if self.is_unknown:
            return QueueFacts()
        queue, unseen = Queue(picked_up=self._picked_up), False
        resets = self.memory.resets()
        for other in self._unfinished:
            reset_at = resets.get(str(other.key))
            since = queued_at(other.created.at, reset_at)
            if other.status == "pending" and since is not None:
                queue.waiting_since.append(since)
            elif other.status == "generating":
                has_moved = self._moves(other) or self._grows(other, store)
                unseen = unseen or has_moved is None
                if has_moved:
                    queue.note_moving(other.key, other.created.at, reset_at)
        queue.waiting_since.sort()
        place = queue.place_of(record, entry.reset_at if entry else None, self.now)
        self.is_unknown = unseen and not place.is_moving
        return place

    def _moves(self, record: SessionRecord) -> bool:
        return any(self._is_recent(time) for time in (record.updated.at, record.created.at))

    def _grows(self, record: SessionRecord, store: LiveStore) -> bool | None:
        """Whether a file of a session was written lately; None where nobody could look."""
        youngest = store.youngest_of(record.key)
        if store.facts.problem or (youngest and youngest.is_unknown):
            return None
        return youngest is not None and self._is_recent(youngest.modified_at)

    def _is_recent(self, time: datetime | None) -> bool:
        since = self.now - timedelta(seconds=sources.limits().stall_limit_seconds)
        return time is not None and since <= time <= self.now
