"""One row, looked at from all sides: its file, files like it, the queue, and what earlier passes knew of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from diagnostics import generators, listening, sources
from diagnostics.budget import Budget
from diagnostics.domain import paths
from diagnostics.domain.access import Access
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import (
    AudioFacts,
    Evidence,
    Presence,
    QueueFacts,
    ResourceFacts,
    SessionRecord,
    StoreFacts,
)
from diagnostics.domain.parts import PartFacts
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.processes import NOT_ASKED, ProcessFacts
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.traces import OtherRequest, Removal
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.live_answer import LiveAnswer
from diagnostics.live_claimants import Claimants
from diagnostics.live_delivery import LiveDelivery
from diagnostics.live_memory import Memory
from diagnostics.live_queue import LiveQueue
from diagnostics.live_requests import other_requests
from diagnostics.live_store import open_store
from diagnostics.other_users import as_met
from diagnostics.reconcile.movement import last_movement, youngest

MOST_CANDIDATES = 10
SLOW_SECONDS = 0.75  # of the budget; then the host's table is not read once more
UNLISTED = ("timeout", "unreadable")
ELSEWHERE = (Presence.ABSENT, Presence.OUTSIDE)
BEING_THERE = (Presence.REGULAR, Presence.UNREADABLE)


class Look:
    """What was seen of one row; each part is asked once, in an order in which the quick and the telling come first."""

    def __init__(
        self, table: HostTable, record: SessionRecord, now: datetime, budget: Budget, *, listen: bool = False
    ) -> None:
        self.table, self.record, self.now, self.budget = table, record, now, budget
        self.claim = paths.understand(record.path, sources.store_layout())
        self.asked = LiveDelivery(record, self.claim, now, budget)
        self.host_api = LiveAnswer(table, record, self.claim, budget)
        self.memory = Memory()
        self.store = open_store(now, budget, self.memory)
        self.claimants = Claimants(table, self.memory)
        self.is_undecided = False  # whether a file that may be this session's could not be looked at
        self.queue = LiveQueue(table, self.memory, now)
        self.reader: Access | None = None
        self.audio = self._audio()
        is_pending = record.status == "pending"
        if is_pending:
            self.queue.read(record)
        if self.must_seek:
            self.store.search(record.key, self.claim.name, self.queue.still_keys())
        self.candidates = self._candidates()
        self.entry = self.memory.entry(record.key)
        self.former = self.memory.former(self.claim, self.audio) if self.audio and self.is_absent else None
        self.own = self.store.own_files(record.key) if record.status == "generating" else []
        self.place = self.queue.place_of(record, self.entry, self.store) if is_pending else QueueFacts()
        self.others = self.claimants.others(self.claim, record.key)
        self.first_complete_pass_at = self.memory.first_complete_pass_at()
        self.reader_at_root, self.writer = self.store.at_root()
        self.processes = self._processes()
        self.sound = self._sound(listen=listen)
        self.requests_troubles: tuple[Trouble, ...] = ()

    @property
    def is_absent(self) -> bool:
        return self.audio is not None and self.audio.presence is Presence.ABSENT

    @property
    def must_seek(self) -> bool:
        """Whether the session's file may lie elsewhere than its row says."""
        is_elsewhere = self.audio is None or self.audio.presence in ELSEWHERE
        return self.claim.kind is not ClaimKind.REMOTE and (is_elsewhere or self.record.status != "completed")

    @property
    def growing(self) -> AudioFacts | None:
        """The file that a worker of this session wrote last; where one could not be looked at, that one.

        Where the store itself cannot be asked, it is the one that the last pass saw.
        """
        if self.record.status != "generating":
            return None
        unknown = next((facts for facts in self.own if facts.is_unknown), None)
        seen = unknown or youngest(self.own, self.now)
        return seen or (self.memory.last_written(self.record.key, self.now) if self.store.facts.problem else None)

    @property
    def moved_at(self) -> datetime | None:
        is_grown = bool(self.own) and self.memory.have_grown((self.audio, *self.own), self.now)
        return last_movement(self.record, self.entry, is_grown=is_grown, now=self.now)

    @property
    def resources(self) -> tuple[ResourceFacts, ...]:
        return self.memory.resources(self.record, self.entry, self.now)

    @property
    def store_facts(self) -> StoreFacts:
        """The store as it is now; since when it is away, its own look may not know and the samples of its mount do."""
        facts = self.store.facts
        is_told = not facts.problem or facts.since is not None
        return facts if is_told else replace(facts, since=self.memory.mount_lost_since(self.now))

    @property
    def parts(self) -> tuple[PartFacts, ...]:
        return self.memory.parts(self.record, self.entry, self.now)

    @property
    def removal(self) -> Removal | None:
        return self.memory.removal(self.claim) if self.is_absent else None

    def other_requests(self, evidence: Evidence) -> tuple[OtherRequest, ...] | None:
        """Return the sessions of the same request that were begun meanwhile; the host's table is asked while it is quick."""
        is_slow = bool(self.claimants.troubles) or self.budget.spent > SLOW_SECONDS
        found, self.requests_troubles = other_requests(self.table, self.memory, evidence, is_slow=is_slow)
        return found

    def delivery(self) -> DeliveryFacts | None:
        """What the client's URL answers; waited for when all else is known."""
        return self.asked.answer(self.memory, self.entry, self.audio)

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
        unlisted = (Trouble(f"processes.{self.processes.problem}"),) if self.processes.problem in UNLISTED else ()
        parts = (self.store, self.claimants, self.queue, self.memory, self.asked, self.host_api)
        return (*(trouble for part in parts for trouble in part.troubles), *unlisted, *self.requests_troubles)

    def _audio(self) -> AudioFacts | None:
        """The file that the row names, and whether READING_USER may read it."""
        if self.claim.kind is not ClaimKind.INSIDE or self.store.facts.problem:
            return None
        audio = self.store.look(self.claim.path)
        if self.record.status == "completed" and audio.presence is Presence.REGULAR:
            self.reader = self.store.reading(self.claim.path)
        return as_met(audio, self.reader)

    def _processes(self) -> ProcessFacts:
        if self.record.status not in ("pending", "generating"):
            return NOT_ASKED
        return self.memory.generators(self.now, self.budget.at_most(generators.LIVE_SECONDS))

    def _sound(self, *, listen: bool) -> SoundFacts | None:
        """What was heard of the file as it is; where that is asked for, after listening to it now."""
        if self.audio is None or not self.audio.is_whole:
            return None
        if listen:
            self.host_api.settled()  # listening may last longer than the host's table can be asked
        heard = listening.listen_now(self.claim.path, self.now) if listen else None
        kept = self.memory.heard(self.claim, self.audio)
        return kept or (heard if heard is not None and heard.problem else None)

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
