"""Evidence for a batch of sessions: rows from the host, files from the ledger, and a look at what the ledger cannot tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from diagnostics import deliveries, generators, sounds, sources
from diagnostics.cleanups import CleanUps
from diagnostics.domain import clock, paths
from diagnostics.domain.access import Access
from diagnostics.domain.facts import (
    AudioFacts,
    Evidence,
    FormerFile,
    Presence,
    QueueFacts,
    SessionKey,
    SessionRecord,
    StoreFacts,
    WavHeader,
)
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.domain.processes import NOT_ASKED, ProcessFacts
from diagnostics.domain.traces import Removal
from diagnostics.identity import fold_hash, path_hash, shown
from diagnostics.ledger import facts_of, known_header, remembered
from diagnostics.models import DeliveryAnswer, LedgerFile, SessionEntry, Sound
from diagnostics.other_requests import with_others
from diagnostics.other_users import OtherUsers, as_met
from diagnostics.part_samples import Parts, PartSamples
from diagnostics.probes import local_store
from diagnostics.reconcile.movement import last_movement
from diagnostics.reconcile.parts import parts
from diagnostics.reconcile.queue import Queue
from diagnostics.removals import removals_of
from diagnostics.samples import Resources, Samples

MOST_CANDIDATES = 10


@dataclass(slots=True)
class Gatherer:
    """Makes the evidence of one pass; keeps the headers that it had to read, for the ledger."""

    store: StoreFacts
    first_complete_pass_at: datetime | None
    queue: Queue
    others: OtherUsers = field(default_factory=OtherUsers)
    root: str = ""
    headers: dict[int, WavHeader] = field(default_factory=dict)
    cleanups: CleanUps = field(default_factory=CleanUps)
    unlisted: tuple[str, ...] = ()  # what the listing could not see: the ledger only remembers it
    samples: Samples = field(default_factory=Samples)
    part_samples: PartSamples = field(default_factory=PartSamples)
    processes: ProcessFacts | None = None  # looked at once, when the first session asks

    def __post_init__(self) -> None:
        if not self.store.problem:  # a root that hangs is not even asked for its real path
            self.root = sources.audio_root()

    def evidence(
        self, records: list[SessionRecord], entries: dict[SessionKey, SessionEntry], now: datetime
    ) -> list[Evidence]:
        """Return the evidence of each record, in their order."""
        batch = _Batch.of(records)
        batch.resources = self.samples.of_failed(records, entries, now)  # of no other status does a rule ask
        batch.answers = deliveries.of_sessions(entry.pk for entry in entries.values() if entry.status == "completed")
        batch.parts = self.part_samples.of(records, entries, now)
        return with_others([self._of(record, batch, entries.get(record.key), now) for record in records])

    def _of(self, record: SessionRecord, batch: _Batch, entry: SessionEntry | None, now: datetime) -> Evidence:
        claim = batch.claims[record.key]
        audio, former = (None, None) if self.store.problem else self._audio(claim, batch, now)
        reader = self._reader(record, claim, audio, batch)
        audio = as_met(audio, reader)
        growing, is_grown = self._growing(record, batch, now)
        candidates, is_undecided = self._sought(record, claim, audio, batch, now)
        return Evidence(
            record=record,
            now=now,
            limits=sources.limits(),
            claim=claim,
            store=StoreFacts("undecided", "", now) if is_undecided else self.store,
            audio=audio,
            former=former,
            candidates=candidates,
            other_claimants=batch.others(record.key, claim),
            growing=growing,
            first_complete_pass_at=self.first_complete_pass_at,
            first_seen_at=entry.first_seen_at if entry else None,
            generating_since=entry.generating_since if entry else None,
            moved_at=last_movement(record, entry, is_grown=is_grown, now=now),
            reset_at=entry.reset_at if entry else None,
            queue=self._queue(record, entry, now),
            reader=reader,
            reader_at_root=None if self.store.problem else self.others.entering(),
            writer=self.others.writing() if record.status == "failed" and not self.store.problem else None,
            resources=batch.resources.get(record.key, ()),
            removal=batch.removals.get(path_hash(claim.path)) if audio and audio.presence is Presence.ABSENT else None,
            sound=sounds.heard_of(batch.sound(claim), audio),
            delivery=deliveries.answered(batch.answers.get(entry.pk), claim, audio) if entry else None,
            processes=self._processes(record, now),
            parts=batch.parts.get(record.key, ()),
            watched_parts=self.part_samples.watched,
        )

    def _sought(
        self, record: SessionRecord, claim: Claim, audio: AudioFacts | None, batch: _Batch, now: datetime
    ) -> tuple[tuple[AudioFacts, ...], bool]:
        """Files that may be the session's where its row leads to none; and whether none of them could be looked at."""
        is_elsewhere = audio is None or audio.presence in (Presence.ABSENT, Presence.OUTSIDE)
        is_unfinished = record.status != "completed"
        may_seek = not self.store.problem and claim.kind is not ClaimKind.REMOTE
        must_seek = may_seek and (is_elsewhere or is_unfinished)
        sought = tuple(self._candidates(record, claim, batch, now)) if must_seek else ()
        candidates = tuple(found for found in sought if found.presence in (Presence.REGULAR, Presence.UNREADABLE))
        return candidates, not is_unfinished and is_elsewhere and bool(sought) and not candidates

    def _audio(self, claim: Claim, batch: _Batch, now: datetime) -> tuple[AudioFacts | None, FormerFile | None]:
        if claim.kind is not ClaimKind.INSIDE:
            return None, None
        file = batch.files.get(path_hash(claim.path))
        if file is not None and file.missed_at is None and file.kind == "file":
            audio = self._facts(file, claim.path, now)
        else:
            audio = local_store.look_at(self.root, claim.path, now)
        if file is None or audio.presence is not Presence.ABSENT:
            return audio, None
        former = FormerFile(
            path=file.shown_path,
            size_bytes=file.size_bytes,
            seen_at=file.seen_at,
            missed_at=file.missed_at,
            modified_at=local_store.modified_at(file.mtime_ns),
            cleanup=self.cleanups.at(file.missed_at),
        )
        return audio, former

    def _facts(self, file: LedgerFile, path: str, now: datetime) -> AudioFacts:
        """A file of the ledger; its header is read where the ledger has none of this size and time."""
        header = known_header(file) or self.headers.get(file.path_hash)
        if header is not None and not self._is_unlisted(file):
            return facts_of(file, header, now)
        audio = local_store.look_at(self.root, path, now)
        if audio.presence is Presence.REGULAR and audio.header is not None and audio.size_bytes == file.size_bytes:
            self.headers[file.path_hash] = audio.header
        return audio

    def _reader(self, record: SessionRecord, claim: Claim, audio: AudioFacts | None, batch: _Batch) -> Access | None:
        if record.status != "completed" or audio is None or audio.presence is not Presence.REGULAR:
            return None
        file, found = batch.files.get(path_hash(claim.path)), self.others.reading(claim.path)
        is_listed = file is not None and file.kind == "file" and not file.missed_at and not self._is_unlisted(file)
        return replace(found, is_watched=is_listed) if found else None

    def _is_unlisted(self, file: LedgerFile) -> bool:
        return any(file.shown_path == path or file.shown_path.startswith(f"{path}/") for path in self.unlisted)

    def _candidates(self, record: SessionRecord, claim: Claim, batch: _Batch, now: datetime) -> Iterable[AudioFacts]:
        """Files in the root, other than the one named, that are plainly this session's and that no other row claims."""
        for file in batch.resembling(record, claim)[:MOST_CANDIDATES]:
            audio = self._facts(file, _path(file), now)
            if audio.presence in (Presence.REGULAR, Presence.UNREADABLE) or audio.is_unknown:
                yield audio

    def _growing(self, record: SessionRecord, batch: _Batch, now: datetime) -> tuple[AudioFacts | None, bool]:
        """The file that a generating session's worker wrote last, and whether it grew since it was listed."""
        if record.status != "generating":
            return None, False
        files = [file for file in batch.by_session.get(shown(str(record.key)), []) if file.missed_at is None]
        youngest = max(files, key=lambda file: (_is_past(file, now), file.mtime_ns), default=None)
        if youngest is None:
            return None, False
        if self.store.problem:
            return remembered(youngest), False
        facts = local_store.look_at(self.root, _path(youngest), now, with_header=False)
        return facts, facts.size_bytes > youngest.size_bytes

    def _processes(self, record: SessionRecord, now: datetime) -> ProcessFacts:
        if record.status not in ("pending", "generating"):
            return NOT_ASKED
        if self.processes is None:
            self.processes = generators.look(now, seconds=generators.PASS_SECONDS)
        return self.processes

    def _queue(self, record: SessionRecord, entry: SessionEntry | None, now: datetime) -> QueueFacts:
        if record.status != "pending":
            return QueueFacts()
        return self.queue.place_of(record, entry.reset_at if entry else None, now)


@dataclass(slots=True)
class _Batch:
    """What the ledger and the index know around a batch of rows, fetched with a handful of queries."""

    claims: dict[SessionKey, Claim]
    files: dict[int, LedgerFile]
    by_session: dict[object, list[LedgerFile]]
    by_fold: dict[object, list[LedgerFile]]
    claimants: dict[int, list[str]]
    sounds: dict[int, Sound]
    live_ids: set[str]
    removals: dict[int, Removal]
    resources: Resources = field(default_factory=dict)
    answers: dict[int, DeliveryAnswer] = field(default_factory=dict)
    parts: Parts = field(default_factory=dict)

    @classmethod
    def of(cls, records: list[SessionRecord]) -> _Batch:
        layout = sources.store_layout()
        claims = {record.key: paths.understand(record.path, layout) for record in records}
        hashes = {path_hash(claim.path) for claim in claims.values() if claim.kind is ClaimKind.INSIDE}
        files = {file.path_hash: file for file in _ledger().filter(path_hash__in=hashes)}
        seeking = [record for record in records if _must_seek(record, claims[record.key], files)]
        by_session = _grouped("named_session", {shown(str(record.key))[:255] for record in seeking})
        by_fold = _grouped("fold_hash", {fold_hash(name) for record in seeking if (name := claims[record.key].name)})
        around = [file for group in (*by_session.values(), *by_fold.values()) for file in group]
        claimants = _claimants(hashes | {file.path_hash for file in around})
        return cls(
            claims=claims,
            files=files,
            by_session=by_session,
            by_fold=by_fold,
            claimants=claimants,
            live_ids=_live({file.named_session for file in around} - {""}),
            sounds=sounds.of_files(hashes),
            removals=removals_of(hash_ for hash_ in hashes if (file := files.get(hash_)) is None or file.missed_at),
        )

    def others(self, key: SessionKey, claim: Claim) -> tuple[str, ...]:
        if claim.kind is not ClaimKind.INSIDE:
            return ()
        return tuple(name for name in self.claimants.get(path_hash(claim.path), []) if name != shown(str(key)))

    def sound(self, claim: Claim) -> Sound | None:
        return self.sounds.get(path_hash(claim.path)) if claim.kind is ClaimKind.INSIDE else None

    def resembling(self, record: SessionRecord, claim: Claim) -> list[LedgerFile]:
        """Files by the convention's name with this id, or of the claimed name but for folder, form, case, extension."""
        own = shown(str(record.key))[:255]
        found = {file.path_hash: file for file in self.by_session.get(own, [])}
        if claim.name:
            found |= {file.path_hash: file for file in self.by_fold.get(fold_hash(claim.name), [])}
        claimed = path_hash(claim.path) if claim.kind is ClaimKind.INSIDE else None
        return [file for hash_, file in sorted(found.items()) if hash_ != claimed and self._is_its(file, own)]

    def _is_its(self, file: LedgerFile, own: str) -> bool:
        if file.kind != "file" or file.role == "temporary":
            return False
        if file.named_session not in ("", own) and file.named_session in self.live_ids:
            return False
        return all(name == own for name in self.claimants.get(file.path_hash, []))


def _must_seek(record: SessionRecord, claim: Claim, files: dict[int, LedgerFile]) -> bool:
    """Whether a session's file may lie elsewhere than its row says; most lie where they should."""
    file = files.get(path_hash(claim.path)) if claim.kind is ClaimKind.INSIDE else None
    return record.status != "completed" or file is None or file.missed_at is not None or file.kind != "file"


def _ledger() -> QuerySet[LedgerFile]:
    return LedgerFile.objects.defer("inode", "first_seen_at", "changed_pass", "due_at")


def _grouped(field_name: str, values: set[str] | set[int]) -> dict[object, list[LedgerFile]]:
    found: dict[object, list[LedgerFile]] = defaultdict(list)
    for file in _ledger().filter(**{f"{field_name}__in": values}):
        if file.missed_at is None:
            found[getattr(file, field_name)].append(file)
    return found


def _claimants(hashes: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for part in parts(sorted(hashes)):
        rows = SessionEntry.objects.filter(claim_hash__in=part).values_list("claim_hash", "key")
        for claim_hash, key in sorted(rows):
            if claim_hash is not None:
                found[claim_hash].append(key)
    return found


def _live(keys: set[str]) -> set[str]:
    rows = SessionEntry.objects.filter(key__in=keys).values_list("key", "gone_at")
    return {key for key, gone_at in rows if gone_at is None}


def _is_past(file: LedgerFile, now: datetime) -> bool:
    """A file that is dated ahead hides no other."""
    modified = local_store.modified_at(file.mtime_ns)
    return modified is not None and clock.is_past(modified, now)


def _path(file: LedgerFile) -> str:
    return bytes(file.path).decode(errors="surrogateescape")
