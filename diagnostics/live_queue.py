"""The queue as it stands now, for one pending session that is examined live."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from diagnostics import sources
from diagnostics.domain import clock
from diagnostics.domain.facts import QueueFacts, SessionKey, SessionRecord
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.live_memory import Memory
from diagnostics.live_store import LiveStore
from diagnostics.models import SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.reconcile.movement import last_movement
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
    _entries: dict[str, SessionEntry] | None = None

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
        generating = (record for record in self._unfinished if record.status == "generating")
        return tuple(record.key for record in generating if not self._moves(record, self._entry(record)))

    def place_of(self, record: SessionRecord, entry: SessionEntry | None, store: LiveStore) -> QueueFacts:
        """Return the place of a pending session; the files of those in front must have been searched for."""
        if self.is_unknown:
            return QueueFacts()
        queue, unseen = Queue(picked_up=self._picked_up), False
        for other in self._unfinished:
            known = self._entry(other)
            reset_at = known.reset_at if known else None
            since = queued_at(other.created.at, reset_at)
            if other.status == "pending" and since is not None:
                queue.waiting_since.append(since)
            elif other.status == "generating":
                has_moved = self._moves(other, known) or self._grows(other, store)
                unseen = unseen or has_moved is None
                if has_moved:
                    queue.note_moving(other.key, other.created.at, reset_at)
        queue.waiting_since.sort()
        place = queue.place_of(record, entry.reset_at if entry else None, self.now)
        self.is_unknown = unseen and not place.is_moving
        return place

    def _entry(self, record: SessionRecord) -> SessionEntry | None:
        if self._entries is None:
            self._entries = self.memory.unfinished()
        return self._entries.get(str(record.key))

    def _moves(self, record: SessionRecord, entry: SessionEntry | None) -> bool:
        """Whether the row moved lately, or its progress since the last pass, or a pass saw it move."""
        seen = (entry.moved_at, entry.generating_since, entry.reset_at) if entry else ()
        if any(self._is_recent(time) for time in (record.updated.at, record.created.at, *seen)):
            return True
        return last_movement(record, entry, is_grown=False, now=self.now) == self.now

    def _grows(self, record: SessionRecord, store: LiveStore) -> bool | None:
        """Whether a file of a session was written lately, or has grown; None where nobody could look."""
        own = store.own_files(record.key)
        if store.facts.problem or any(facts.is_unknown for facts in own):
            return None
        return any(self._is_recent(facts.modified_at) for facts in own) or self.memory.have_grown(own, self.now)

    def _is_recent(self, time: datetime | None) -> bool:
        since = self.now - timedelta(seconds=sources.limits().stall_limit_seconds)
        return time is not None and since <= time <= self.now + clock.SKEW
