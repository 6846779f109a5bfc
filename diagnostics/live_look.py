"""One row, looked at from all sides: its file, files like it, the queue, and what earlier passes knew of it."""

from __future__ import annotations

from datetime import datetime

from diagnostics import sources
from diagnostics.budget import Budget
from diagnostics.domain import paths
from diagnostics.domain.facts import AudioFacts, Presence, QueueFacts, SessionRecord
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.live_claimants import Claimants
from diagnostics.live_memory import Memory
from diagnostics.live_queue import LiveQueue
from diagnostics.live_store import open_store

MOST_CANDIDATES = 10
ELSEWHERE = (Presence.ABSENT, Presence.OUTSIDE)
BEING_THERE = (Presence.REGULAR, Presence.UNREADABLE)


class Look:
    """What was seen of one row; each part is asked once, in an order in which the quick and the telling come first."""

    def __init__(self, table: HostTable, record: SessionRecord, now: datetime, budget: Budget) -> None:
        self.record = record
        self.claim = paths.understand(record.path, sources.store_layout())
        self.memory = Memory()
        self.store = open_store(now, budget, self.memory)
        self.claimants = Claimants(table, self.memory)
        self.is_undecided = False  # whether a file that may be this session's could not be looked at
        self.queue = LiveQueue(table, self.memory, now)
        self.audio = self._audio()
        is_pending = record.status == "pending"
        if is_pending:
            self.queue.read(record)
        if self.must_seek:
            self.store.search(record.key, self.claim.name, self.queue.still_keys())
        self.candidates = self._candidates()
        self.entry = self.memory.entry(record.key)
        self.former = self.memory.former(self.claim, self.audio) if self.audio and self.is_absent else None
        self.growing = self.store.youngest_of(record.key) if record.status == "generating" else None
        self.place = self.queue.place_of(record, self.entry, self.store) if is_pending else QueueFacts()
        self.others = self.claimants.others(self.claim, record.key)
        self.first_complete_pass_at = self.memory.first_complete_pass_at()

    @property
    def is_absent(self) -> bool:
        return self.audio is not None and self.audio.presence is Presence.ABSENT

    @property
    def must_seek(self) -> bool:
        """Whether the session's file may lie elsewhere than its row says."""
        is_elsewhere = self.audio is None or self.audio.presence in ELSEWHERE
        return self.claim.kind is not ClaimKind.REMOTE and (is_elsewhere or self.record.status != "completed")

    def doubt_absence(self) -> None:
        """Before anything is called missing: is the root still there, and did all answer that could say where the file is?"""
        if self.record.status == "completed" and self.must_seek and not self.candidates:
            self.store.doubt_absence(is_undecided=self.is_undecided or self.claimants.is_unknown)

    def unanswered(self) -> frozenset[str]:
        """What no rule may take for absent, because it was asked and did not answer."""
        silent = {
            "memory": self.memory.is_silent,
            "claimants": self.claimants.is_unknown,
            "queue": self.queue.is_unknown,
        }
        return frozenset(name for name, is_silent in silent.items() if is_silent)

    def troubles(self) -> tuple[Trouble, ...]:
        return (*self.store.troubles, *self.claimants.troubles, *self.queue.troubles, *self.memory.troubles)

    def _audio(self) -> AudioFacts | None:
        """The file that the row names."""
        is_named = self.claim.kind is ClaimKind.INSIDE and not self.store.facts.problem
        return self.store.look(self.claim.path) if is_named else None

    def _candidates(self) -> tuple[AudioFacts, ...]:
        """Files in the root, other than the one named, that are plainly this session's and that no other row claims."""
        if self.store.facts.problem or not self.must_seek:
            return ()
        own, found = str(self.record.key), []
        for path in self.store.resembling(self.claim)[:MOST_CANDIDATES]:
            facts = self.store.look(path)
            self.is_undecided = self.is_undecided or facts.is_unknown
            if facts.presence in BEING_THERE and not self._is_anothers(path, own):
                found.append(facts)
        return tuple(found)

    def _is_anothers(self, path: str, own: str) -> bool:
        """Whether another session has the file, by the id in its name or by its row."""
        bears = self.store.bearer(path)
        return (bears not in ("", own) and self.claimants.has_row(bears)) or bool(self.claimants.of(path, own))
