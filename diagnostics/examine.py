"""One session, live: the row, the file and its header as they are now, each source within a time limit of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from diagnostics import generators, listening, sounds, sources
from diagnostics.cleanups import CleanUps
from diagnostics.domain import paths
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import AudioFacts, Evidence, FormerFile, Presence, QueueFacts, SessionKey, SessionRecord
from diagnostics.domain.paths import Claim, ClaimKind
from diagnostics.domain.processes import NOT_ASKED
from diagnostics.domain.rules import diagnose
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.traces import Removal
from diagnostics.host import HostSchemaError, HostTable, open_host
from diagnostics.identity import identity, path_hash, shown
from diagnostics.ledger import remembered
from diagnostics.live_queue import live_queue
from diagnostics.live_requests import other_requests
from diagnostics.live_store import LiveStore, open_store
from diagnostics.models import LedgerFile, Pass, SessionEntry
from diagnostics.other_users import as_met
from diagnostics.probes import local_store
from diagnostics.probes.databases import HostUnavailable
from diagnostics.reconcile.movement import have_grown, last_movement, youngest
from diagnostics.removals import removals_of
from diagnostics.samples import resources_of

HOST_SECONDS = 1.5
MOST_CLAIMANTS = 50
UNHEARD = {
    "timeout": "The process list did not answer in time.",
    "unreadable": "The process list could not be read.",
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What a live look found. `found` is False where the host's table has no such row (and True where it did not answer).

    `problems` names each source that did not answer, in an operator's words; `raw_row` is the row as it stands.
    """

    found: bool
    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    problems: tuple[str, ...] = ()
    raw_row: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0


def examine(key: str, *, clock: Callable[[], datetime] = timezone.now, listen: bool = False) -> Examination:
    """Return the live examination of the session whose key reads as this text. Never raises for what a source does.

    With `listen` its file is listened to as well, which may take some seconds; else what was heard before counts.
    """
    begun = time.monotonic()
    try:
        table = open_host(sources.host_source(timeout_seconds=HOST_SECONDS))
    except (HostUnavailable, HostSchemaError) as error:
        return Examination(found=True, problems=(str(error),), seconds=time.monotonic() - begun)
    with closing(table.connection):
        try:
            return _examined(table, key, clock(), begun, listen=listen)
        except HostUnavailable as error:
            return Examination(found=True, problems=(str(error),), seconds=time.monotonic() - begun)


def _examined(table: HostTable, key: str, now: datetime, begun: float, *, listen: bool) -> Examination:
    row = table.find(key)
    if row is None:
        return Examination(found=False, seconds=time.monotonic() - begun)
    evidence, problems = gather(table, table.record(row), now, listen=listen)
    seconds = time.monotonic() - begun
    return Examination(
        found=True,
        evidence=evidence,
        diagnosis=diagnose(evidence),
        problems=problems,
        raw_row=table.as_mapping(row),
        seconds=seconds,
    )


def gather(
    table: HostTable, record: SessionRecord, now: datetime, *, listen: bool = False
) -> tuple[Evidence, tuple[str, ...]]:
    """Return the evidence of one row as things stand now, and what could not be asked."""
    begun = time.monotonic()
    claim = paths.understand(record.path, sources.store_layout())
    store = open_store(now)
    audio = None if store.facts.problem or claim.kind is not ClaimKind.INSIDE else store.look(claim.path)
    is_served = record.status == "completed" and audio is not None and audio.presence is Presence.REGULAR
    reader = store.reading(claim.path) if is_served else None
    audio = as_met(audio, reader)
    reader_at_root, writer = store.at_root()
    name, is_number = identity(record.key)
    entry = SessionEntry.objects.filter(key=name, key_is_number=is_number).first()
    queue, problems = _queue(table, record, entry, store, now)
    claimants = _Claimants(table)
    first = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, root_device__isnull=False).order_by("id").first()
    processes = generators.look(now) if record.status in ("pending", "generating") else NOT_ASKED
    own = store.own_files(record.key) if record.status == "generating" else []
    growing = youngest(own, now) or (_last_written(record, now) if store.facts.problem or store.problems else None)
    evidence = Evidence(
        record=record,
        now=now,
        limits=sources.limits(),
        claim=claim,
        store=store.facts,
        audio=audio,
        former=_former(claim, audio, now),
        candidates=_candidates(claimants, record, claim, audio, store),
        other_claimants=claimants.others(claim, str(record.key)),
        growing=growing,
        first_complete_pass_at=first.started_at if first else None,
        first_seen_at=entry.first_seen_at if entry else None,
        generating_since=entry.generating_since if entry else None,
        moved_at=last_movement(record, entry, is_grown=bool(own) and have_grown((audio, *own), now), now=now),
        reset_at=entry.reset_at if entry else None,
        queue=queue,
        reader=reader,
        reader_at_root=reader_at_root,
        writer=writer,
        resources=resources_of(record, entry, now),
        removal=_removal(claim, audio),
        sound=_sound(claim, audio, now, listen=listen),
        processes=processes,
    )
    unheard = [UNHEARD[processes.problem]] if processes.problem in UNHEARD else []
    is_slow = bool(claimants.problems) or time.monotonic() - begun > HOST_SECONDS / 2
    others, unasked = other_requests(table, evidence, is_slow=is_slow)
    evidence = replace(evidence, other_requests=others)
    return evidence, (*store.problems, *problems, *claimants.problems, *unheard, *unasked)


def _removal(claim: Claim, audio: AudioFacts | None) -> Removal | None:
    if audio is None or audio.presence is not Presence.ABSENT:
        return None
    number = path_hash(claim.path)
    return removals_of([number]).get(number)


def _sound(claim: Claim, audio: AudioFacts | None, now: datetime, *, listen: bool) -> SoundFacts | None:
    """What was heard of the file as it is; where that is asked for, after listening to it now."""
    if audio is None or not audio.is_whole:
        return None
    heard = listening.listen_now(claim.path, now) if listen else None
    number = path_hash(claim.path)
    kept = sounds.heard_of(sounds.of_files([number], with_peaks=True).get(number), audio, with_peaks=True)
    return kept or (heard if heard is not None and heard.problem else None)


def _last_written(record: SessionRecord, now: datetime) -> AudioFacts | None:
    """The youngest file of a generating session as the last pass saw it, where the store itself cannot be asked."""
    if record.status != "generating":
        return None
    files = LedgerFile.objects.filter(named_session=shown(str(record.key))[:255], missed_at=None)
    return youngest(map(remembered, files), now)


def _former(claim: Claim, audio: AudioFacts | None, now: datetime) -> FormerFile | None:
    """What the ledger knows of a file that is gone."""
    if audio is None or audio.presence is not Presence.ABSENT:
        return None
    file = LedgerFile.objects.filter(pk=path_hash(claim.path)).first()
    if file is None:
        return None
    last = Pass.objects.filter(root_device__isnull=False).order_by("-id").first()
    seen_at = file.seen_at if file.missed_at or last is None else max(file.seen_at, last.started_at)
    modified = local_store.modified_at(file.mtime_ns)
    cleanup = CleanUps().at(file.missed_at)
    return FormerFile(file.shown_path, file.size_bytes, seen_at, file.missed_at or now, modified, cleanup)


def _candidates(
    claimants: _Claimants, record: SessionRecord, claim: Claim, audio: AudioFacts | None, store: LiveStore
) -> tuple[AudioFacts, ...]:
    """Files in the root, other than the one named, that are plainly this session's and that no other row claims."""
    is_elsewhere = audio is None or audio.presence in (Presence.ABSENT, Presence.OUTSIDE)
    if store.facts.problem or claim.kind is ClaimKind.REMOTE or not (is_elsewhere or record.status != "completed"):
        return ()
    own = str(record.key)
    found = []
    for path, other in store.resembling(record.key, claim):
        if other not in ("", own) and claimants.has_row(other):
            continue
        facts = store.look(path)
        if facts.presence is Presence.REGULAR and not claimants.of(path, own):
            found.append(facts)
    return tuple(found)


@dataclass(slots=True)
class _Claimants:
    """Asks the host's table which rows name a file; where it does not answer in time, the last pass is asked."""

    table: HostTable
    problems: list[str] = field(default_factory=list)

    def others(self, claim: Claim, own: str) -> tuple[str, ...]:
        return self.of(claim.path, own) if claim.kind is ClaimKind.INSIDE and claim.path else ()

    def of(self, path: str, own: str) -> tuple[str, ...]:
        """Return the keys of other rows that name this file, however they write its path.

        The table is asked for the plain name; rows that escape it are those which the last pass understood so.
        """
        layout = sources.store_layout()
        named = dict(self._naming(path.rsplit("/", 1)[-1]))
        known = SessionEntry.objects.filter(claim_hash=path_hash(path), gone_at=None)[:MOST_CLAIMANTS]
        keys = {int(entry.key) if entry.key_is_number else entry.key for entry in known}
        rows = self.table.rows_of(keys - set(named))
        named |= {key: self.table.record(row).path or "" for key, row in rows.items()}
        claims = {str(key): paths.understand(raw, layout) for key, raw in named.items()}
        return tuple(sorted(key for key, claim in claims.items() if claim.path == path and key != own))

    def has_row(self, key: str) -> bool:
        return self.table.find(key) is not None

    def _naming(self, name: str) -> list[tuple[SessionKey, str]]:
        """No index helps here: the whole table is read, which a large one may not do in time."""
        try:
            return [] if self.problems else self.table.naming(name)
        except HostUnavailable as error:
            self.problems.append(f"Which other rows name the same file is as of the last pass: {error}")
            return []


def _queue(
    table: HostTable, record: SessionRecord, entry: SessionEntry | None, store: LiveStore, now: datetime
) -> tuple[QueueFacts, tuple[str, ...]]:
    if record.status != "pending":
        return QueueFacts(), ()
    try:
        queue = live_queue(table, store, now)
    except HostUnavailable as error:
        return QueueFacts(), (str(error),)
    return queue.place_of(record, entry.reset_at if entry else None, now), ()
