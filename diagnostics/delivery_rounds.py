"""The worker's questions to the servers that deliver the audio: a few recent sessions a round, within a time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from diagnostics import deliveries, sources
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.facts import SessionRecord
from diagnostics.domain.links import link_ends_at
from diagnostics.domain.paths import Claim, ClaimKind, understand
from diagnostics.host import HostSchemaError, open_host
from diagnostics.identity import Identity, identity
from diagnostics.models import Finding, LedgerFile, SessionEntry
from diagnostics.probes.databases import HostUnavailable
from diagnostics.probes.delivery import Allowed, probe, without_query

ROUND_SECONDS = 30.0
QUESTION_SECONDS = 5.0
RECENT = timedelta(days=7)
AGAIN, SOON = timedelta(hours=1), timedelta(minutes=5)
MOST_SILENT = 3  # in a row, of one host; then it is not asked any more in this round
FAULTS = ("delivery.not_served", "delivery.not_audio", "delivery.no_range", "delivery.bad_certificate")
OTHER_FAULTS = Q(code="delivery.wrong_url") | Q(code="delivery.link_expired", confidence="likely")


def ask_recent(now: datetime, stop: threading.Event) -> int:
    """Ask for the audio of sessions that play, and first again where delivery was found at fault; return how many answered.

    At most DELIVERY_QUESTIONS a round, and none is begun after half a minute. The signed URL is read from the host's row
    for the question, and is nowhere kept.
    """
    most = settings.DELIVERY_QUESTIONS
    if not most or not (settings.PUBLIC_BASE_URL or settings.DELIVERY_HOSTS):
        return 0
    entries = _chosen(now, most)
    records = _rows_of(entries) if entries else {}
    files = _files_of(entries)
    asking = _Round(deliveries.allowed(), now, time.monotonic() + ROUND_SECONDS)
    for entry in entries:
        if stop.is_set() or time.monotonic() >= asking.ends:
            break
        record, file = records.get((entry.key, entry.key_is_number)), files.get(entry.claim_hash)
        if record is not None and file is not None:
            asking.ask(entry, record, (file.size_bytes, file.mtime_ns))
    return asking.answered


@dataclass(slots=True)
class _Round:
    allowed: Allowed
    now: datetime
    ends: float
    answered: int = 0
    silences: dict[str, list[DeliveryFacts]] = field(default_factory=dict)  # by host, in a row

    def ask(self, entry: SessionEntry, record: SessionRecord, file: deliveries.File) -> None:
        claim = understand(record.path, self.allowed.layout)
        if _is_worth_asking(record, claim, self.now):
            facts = self._facts(claim.client_url)
            deliveries.keep(entry.pk, claim.client_url, file, facts, self._due_at(facts, claim, file))

    def _facts(self, url: str) -> DeliveryFacts:
        """What the server answers; of a host that was silent time and again, its silence, so that others have their turn."""
        shown = without_query(url)
        silences = self.silences.setdefault(DeliveryFacts(shown, self.now).host, [])
        if len(silences) >= MOST_SILENT:
            return replace(silences[-1], url=shown)
        seconds = min(QUESTION_SECONDS, max(0.1, self.ends - time.monotonic()))
        facts = probe(url, self.allowed, now=self.now, seconds=seconds)
        if facts.is_silent:
            silences.append(facts)
        else:
            silences.clear()
        self.answered += not facts.problem or facts.has_bad_certificate
        return facts

    def _due_at(self, facts: DeliveryFacts, claim: Claim, file: deliveries.File) -> datetime:
        """What is at fault is asked again in the next round, until it is well; who was silent, a little later."""
        if not facts.is_telling:
            return self.now + (SOON if facts.is_silent else AGAIN)
        return self.now + AGAIN if facts.is_well_for(file[0]) or not claim.leads_to_file else self.now


def _is_worth_asking(record: SessionRecord, claim: Claim, now: datetime) -> bool:
    """Whether the row still is as the last pass saw it, and its link not over: such a link tells by itself."""
    ends_at = link_ends_at(claim.raw)
    is_over = ends_at is not None and ends_at <= now
    return record.status == "completed" and claim.kind is ClaimKind.INSIDE and not is_over


def _chosen(now: datetime, most: int) -> list[SessionEntry]:
    """At least half of the questions go to sessions at fault, where so many are; the newest of the others get the rest."""
    due = Q(delivery=None) | Q(delivery__due_at__lte=now)
    sessions = SessionEntry.objects.filter(due, status="completed", gone_at=None, claim_hash__isnull=False)
    faulty = list(_at_fault(sessions)[:most])
    playing = list(_recent(sessions, now)[:most])
    return [*faulty[: max(most - len(playing), (most + 1) // 2)], *playing][:most]


def _at_fault(sessions: QuerySet[SessionEntry]) -> QuerySet[SessionEntry]:
    """Those with an open finding of delivery that an answer can end; who was asked longest ago comes first."""
    return sessions.filter(pk__in=_faulty_ids()).order_by(F("delivery__due_at").asc(nulls_first=True), "-id")


def _recent(sessions: QuerySet[SessionEntry], now: datetime) -> QuerySet[SessionEntry]:
    since = now - RECENT
    recent = Q(completed_at__gte=since) | Q(completed_at=None, updated_at__gte=since)
    newest = Coalesce("completed_at", "updated_at").desc()
    return sessions.filter(recent, verdict=Verdict.PLAYABLE).exclude(pk__in=_faulty_ids()).order_by(newest)


def _faulty_ids() -> QuerySet[Finding, int]:
    return Finding.objects.filter(Q(code__in=FAULTS) | OTHER_FAULTS, resolved_at=None).values_list(
        "session_id", flat=True
    )


def _rows_of(entries: Iterable[SessionEntry]) -> dict[Identity, SessionRecord]:
    """The rows as they are now, by key; none where the host's table does not answer, of which the pass tells."""
    keys = [int(entry.key) if entry.key_is_number else entry.key for entry in entries]
    try:
        table = open_host(sources.host_source())
        with closing(table.connection):
            return {identity(key): table.record(row) for key, row in table.rows_of(keys).items()}
    except (HostSchemaError, HostUnavailable):
        return {}


def _files_of(entries: Iterable[SessionEntry]) -> dict[int | None, LedgerFile]:
    hashes = [entry.claim_hash for entry in entries if entry.claim_hash is not None]
    files = LedgerFile.objects.filter(pk__in=hashes, missed_at=None, kind="file")
    return {file.path_hash: file for file in files.only("size_bytes", "mtime_ns")}
