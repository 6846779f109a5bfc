"""What earlier passes knew, for one live examination: our own database, asked so that its silence is an answer, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import Error, connection

from diagnostics import deliveries, generators, ledger, sounds
from diagnostics.cleanups import CleanUps
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import AudioFacts, Evidence, FormerFile, ResourceFacts, SessionKey, SessionRecord
from diagnostics.domain.parts import PartFacts
from diagnostics.domain.paths import Claim
from diagnostics.domain.processes import ProcessFacts
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.traces import OtherRequest, Removal
from diagnostics.domain.trouble import Trouble
from diagnostics.identity import fold_hash, identity, path_hash, shown
from diagnostics.models import Condition, LedgerFile, Pass, SessionEntry
from diagnostics.other_requests import others_of
from diagnostics.part_samples import mount_lost_since, parts_of
from diagnostics.probes.local_store import modified_at
from diagnostics.reconcile.movement import have_grown, youngest
from diagnostics.removals import removals_of
from diagnostics.samples import resources_of

OWN_SECONDS = 0.5
MOST_CLAIMANTS = 50
MOST_RESEMBLING = 50
SEEN = ("status", "progress_percent", "moved_at", "generating_since", "reset_at")
Answer = TypeVar("Answer")
# How each server is told to give up a statement, and told to forget that; SQLite's readers wait for nobody (WAL).
LIMITS = {
    "postgresql": ("SET statement_timeout = {ms}", "SET statement_timeout = DEFAULT"),
    "mysql": ("SET SESSION max_statement_time = {seconds}", "SET SESSION max_statement_time = DEFAULT"),
}


@dataclass(slots=True)
class Memory:
    """Asks our own database; after the first failure it is not asked again, and `is_silent`: nothing is remembered then."""

    troubles: list[Trouble] = field(default_factory=list)
    is_silent: bool = False

    def entry(self, key: SessionKey) -> SessionEntry | None:
        name, is_number = identity(key)
        return self._ask(lambda: SessionEntry.objects.filter(key=name, key_is_number=is_number).first())

    def first_complete_pass_at(self) -> datetime | None:
        passes = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, root_device__isnull=False).order_by("id")
        first = self._ask(passes.first)
        return first.started_at if first else None

    def last_look(self) -> Pass | None:
        """The last pass that could look at the store."""
        return self._ask(Pass.objects.filter(root_device__isnull=False).order_by("-id").first)

    def knows_files(self) -> bool:
        return bool(self._ask(LedgerFile.objects.filter(missed_at=None).exists))

    def store_was_unavailable(self) -> bool:
        standing = Condition.objects.filter(code="storage.unavailable", resolved_at=None)
        return bool(self._ask(standing.exists))

    def former(self, claim: Claim, audio: AudioFacts) -> FormerFile | None:
        """What the ledger knows of a file that is gone."""
        file = self._ask(LedgerFile.objects.filter(pk=path_hash(claim.path)).first)
        if file is None:
            return None
        last = self.last_look()
        seen_at = file.seen_at if file.missed_at or last is None else max(file.seen_at, last.started_at)
        return FormerFile(
            path=file.shown_path,
            size_bytes=file.size_bytes,
            seen_at=seen_at,
            missed_at=file.missed_at or audio.observed_at,
            modified_at=modified_at(file.mtime_ns),
            cleanup=self._ask(lambda: CleanUps().at(file.missed_at)),
        )

    def removal(self, claim: Claim) -> Removal | None:
        number = path_hash(claim.path)
        return (self._ask(lambda: removals_of([number])) or {}).get(number)

    def heard(self, claim: Claim, audio: AudioFacts) -> SoundFacts | None:
        """What was heard of a file as it stands there now."""
        number = path_hash(claim.path)
        kept = self._ask(lambda: sounds.of_files([number], with_peaks=True)) or {}
        return sounds.heard_of(kept.get(number), audio, with_peaks=True)

    def delivered(self, entry: SessionEntry, claim: Claim, audio: AudioFacts) -> DeliveryFacts | None:
        """What the server answered the worker for this file."""
        kept = self._ask(lambda: deliveries.of_sessions([entry.pk])) or {}
        return deliveries.answered(kept.get(entry.pk), claim, audio)

    def resources(self, record: SessionRecord, entry: SessionEntry | None, now: datetime) -> tuple[ResourceFacts, ...]:
        return self._ask(lambda: resources_of(record, entry, now)) or ()

    def parts(self, record: SessionRecord, entry: SessionEntry | None, now: datetime) -> tuple[PartFacts, ...]:
        return self._ask(lambda: parts_of(record, entry, now)) or ()

    def mount_lost_since(self, now: datetime) -> datetime | None:
        return self._ask(lambda: mount_lost_since(now))

    def generators(self, now: datetime, seconds: float) -> ProcessFacts:
        """The generators that are alive, and those that samples saw."""
        return generators.look(now, seconds=seconds, ask=self._ask)

    def last_written(self, key: SessionKey, now: datetime) -> AudioFacts | None:
        """The youngest file of a session as the last pass saw it."""
        files = LedgerFile.objects.filter(named_session=shown(str(key))[:255], missed_at=None)
        return youngest(map(ledger.remembered, self._ask(_listed(files)) or ()), now)

    def have_grown(self, files: Iterable[AudioFacts | None], now: datetime) -> bool:
        return bool(self._ask(lambda: have_grown(files, now)))

    def others_of(self, evidence: Evidence) -> tuple[OtherRequest, ...] | None:
        """Other sessions of the same request, as the last pass knew them."""
        return self._ask(lambda: others_of(evidence))

    def resembling(self, key: SessionKey, name: str) -> list[str]:
        """Return the paths of files that bear an id, or whose name is like this one, where the last pass saw them."""
        present = LedgerFile.objects.filter(missed_at=None, kind="file")
        own = present.filter(named_session=shown(str(key))[:255])
        like = present.filter(fold_hash=fold_hash(name)) if name else present.none()
        found = [file for some in (own, like) for file in self._ask(_listed(some[:MOST_RESEMBLING])) or ()]
        return sorted({bytes(file.path).decode(errors="surrogateescape") for file in found})

    def claimants(self, path: str) -> set[SessionKey]:
        """Return the keys of rows that name a file, as the last pass understood them."""
        known = SessionEntry.objects.filter(claim_hash=path_hash(path), gone_at=None)[:MOST_CLAIMANTS]
        return {int(entry.key) if entry.key_is_number else entry.key for entry in self._ask(_listed(known)) or ()}

    def unfinished(self) -> dict[str, SessionEntry]:
        """Return what passes saw of the sessions that wait or are being generated, by key."""
        entries = SessionEntry.objects.filter(status__in=("pending", "generating"))
        found = self._ask(_listed(entries.only("key", *SEEN))) or ()
        return {entry.key: entry for entry in found}

    def _ask(self, ask: Callable[[], Answer]) -> Answer | None:
        if self.is_silent:
            return None
        try:
            return ask()
        except Error as error:
            self.is_silent = True
            self.troubles.append(Trouble("own.unavailable", str(error).partition("\n")[0]))
            return None


def _listed(rows: Iterable[Answer]) -> Callable[[], list[Answer]]:
    return lambda: list(rows)


def remembered(ask: Callable[[], Answer]) -> Answer | None:
    """Return an answer of our own database, or None where it does not answer: a page shows the rest then."""
    try:
        with in_time(OWN_SECONDS):
            return ask()
    except Error:
        return None


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Let no statement on our own database take longer, where its server can be told so."""
    begin, end = LIMITS.get(connection.vendor, ("", ""))
    is_limited = bool(begin) and _told(begin.format(ms=int(seconds * 1000), seconds=seconds))
    try:
        yield
    finally:
        if is_limited:
            _told(end)


def _told(sql: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
    except Error:
        return False
    return True
