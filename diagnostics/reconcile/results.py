"""What a pass writes of its diagnoses: the index, the findings with their life, the timeline; only what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from diagnostics import bulk, sources
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.domain.document import evidence_lines
from diagnostics.domain.facts import Evidence, SessionKey
from diagnostics.domain.facts import Finding as Found
from diagnostics.domain.rules.worker import may_move_unseen
from diagnostics.domain.sharing import Shared, shared
from diagnostics.host_values import storable
from diagnostics.identity import fold_hash, shared_hash
from diagnostics.models import Finding, LedgerFile, SessionEntry, SessionEvent
from diagnostics.reconcile import endings, handled, incidents
from diagnostics.reconcile.conditions import LOST
from diagnostics.reconcile.index import Later

UNCHECKED = "storage.unavailable"
MISPLACED = "file.misplaced"
LIVED = ("confidence", "evidence", "opened_at", "resolved_at", "times_opened")
UNFINISHED = ("pending", "generating")
STANDING_STILL = ("worker.crashed", "worker.stalled")
Before = dict[SessionKey, tuple[str, float | None, datetime | None, str, str, str]]


class Results:
    """Takes the diagnoses of a pass, batch by batch, each in one transaction of the caller's."""

    def __init__(self, changed_keys: set[SessionKey], recorded: Later) -> None:
        self.changed_keys = changed_keys
        self.recorded = recorded  # what rows say and the index does not have yet
        self.layout = sources.store_layout()

    def write(
        self,
        pairs: list[tuple[Evidence, Diagnosis]],
        entries: dict[SessionKey, SessionEntry],
        before: Before,
        now: datetime,
    ) -> None:
        """Write one batch. `entries` are the index's rows by key, `before` what their timeline said last."""
        concluded = []
        events = []
        shares = _Shares()
        for evidence, diagnosis in pairs:
            entry = entries[diagnosis.session_id]
            recorded = self.recorded.pop(diagnosis.session_id, {})
            told = self._concluded(evidence, diagnosis, entry, now)
            told |= self._shared(evidence, diagnosis, entry, shares)
            concluded.append((entry.pk, recorded | told))
            if _is_event(entry, diagnosis, before.get(diagnosis.session_id)):
                events.append(_event(entry, diagnosis, now))
        _mark_alike(pairs, entries, now)
        bulk.update(SessionEntry, concluded)
        bulk.insert(events)
        endings.note(pairs, entries, {key: told[0] for key, told in before.items()}, self.changed_keys, now)
        incidents.note(shares.by_hash, shares.changed, shares.left, now)
        _write_findings(pairs, entries, now)

    def _concluded(
        self, evidence: Evidence, diagnosis: Diagnosis, entry: SessionEntry, now: datetime
    ) -> dict[str, object]:
        """Return what of a session's row is to be changed by its diagnosis."""
        if _is_unchecked(evidence, diagnosis) and diagnosis.session_id not in self.changed_keys:
            return {}  # what was known is held aside as a whole, and stands again when the store is back
        is_whole = diagnosis.verdict is Verdict.PLAYABLE and evidence.audio is not None and evidence.audio.is_whole
        told = {"verdict": str(diagnosis.verdict), "state": str(diagnosis.state), "cause": diagnosis.cause or ""}
        is_same = all(getattr(entry, name) == value for name, value in told.items())
        new = told | {
            "confidence": str(diagnosis.confidence),
            "further": max(0, len(diagnosis.findings) - 1),
            "is_whole": entry.is_whole if diagnosis.cause in (UNCHECKED, *LOST) else is_whole,
            "due_at": storable(diagnosis.due_at),
            "changed_at": entry.changed_at if is_same else now,
            "held_verdict": "",
            "held_state": "",
            "held_cause": "",
        }
        return {name: value for name, value in new.items() if getattr(entry, name) != value}

    def _shared(
        self, evidence: Evidence, diagnosis: Diagnosis, entry: SessionEntry, shares: _Shares
    ) -> dict[str, object]:
        """Return the hash of what a session shares, where it is another than before, and what becomes of its handling.

        A store that is away tells nothing; while changes settle, what was handled shares what it did.
        """
        if _is_unchecked(evidence, diagnosis) or (entry.handled_at is not None and diagnosis.state is State.SETTLING):
            return {}
        number = shares.add(shared(diagnosis, evidence, self.layout))
        followed = handled.followed(entry, diagnosis, number)
        if number != entry.shared_hash or diagnosis.session_id in self.changed_keys:
            shares.changed |= {entry.shared_hash, number}
        if number == entry.shared_hash:
            return followed
        if entry.shared_hash is not None:
            shares.left.append((entry.pk, entry.shared_hash))
        return {"shared_hash": number, **followed}


@dataclass(slots=True)
class _Shares:
    """What the sessions of one batch share, by hash, the hashes of what changed, and who left which."""

    by_hash: dict[int, Shared] = field(default_factory=dict)
    changed: set[int | None] = field(default_factory=set)
    left: list[tuple[int, int]] = field(default_factory=list)

    def add(self, found: Shared | None) -> int | None:
        number = shared_hash(found)
        if found is not None and number is not None:
            self.by_hash[number] = found
        return number


def _is_unchecked(evidence: Evidence, diagnosis: Diagnosis) -> bool:
    """Whether nothing can be said of a session because the whole store is away."""
    return bool(evidence.store.problem) and diagnosis.cause == UNCHECKED


def timeline(entry: SessionEntry) -> tuple[str, float | None, datetime | None, str, str, str]:
    """Return what a line of the timeline tells of a session, as the index has it."""
    return entry.status, entry.progress_percent, entry.updated_at, entry.verdict, entry.state, entry.cause


def _mark_alike(
    pairs: list[tuple[Evidence, Diagnosis]], entries: dict[SessionKey, SessionEntry], now: datetime
) -> None:
    """A file that becomes, or is no more, the misplaced one of a session may be a stray, or none any more."""
    turned = {
        fold_hash(evidence.claim.name)
        for evidence, diagnosis in pairs
        if (entries[diagnosis.session_id].cause == MISPLACED) != (diagnosis.cause == MISPLACED)
    }
    if turned:
        LedgerFile.objects.filter(fold_hash__in=turned).exclude(role="foreign").update(due_at=now)


def _is_event(entry: SessionEntry, diagnosis: Diagnosis, before: tuple[object, ...] | None) -> bool:
    """A line of the timeline: the first sight of an unfinished session, and every change that a pass saw."""
    if before is None:
        return diagnosis.status in UNFINISHED
    verdict, cause, state = str(diagnosis.verdict), diagnosis.cause or "", str(diagnosis.state)
    return before != (entry.status, entry.progress_percent, entry.updated_at, verdict, state, cause)


def _event(entry: SessionEntry, diagnosis: Diagnosis, now: datetime) -> SessionEvent:
    return SessionEvent(
        session_id=entry.pk,
        at=now,
        status=entry.status,
        progress_percent=entry.progress_percent,
        updated_at=entry.updated_at,
        verdict=str(diagnosis.verdict),
        state=str(diagnosis.state),
        cause=diagnosis.cause or "",
    )


def _write_findings(
    pairs: list[tuple[Evidence, Diagnosis]], entries: dict[SessionKey, SessionEntry], now: datetime
) -> None:
    known = _known(entry.pk for entry in entries.values())
    new: list[Finding] = []
    changed: list[Finding] = []
    for evidence, diagnosis in pairs:
        entry = entries[diagnosis.session_id]
        before = known[entry.pk]
        for found in diagnosis.findings:
            if found.code == UNCHECKED and evidence.store.problem:
                continue
            row = before.get(found.code)
            if row is None:
                new.append(_opened(entry.pk, found, now))
            elif _is_news(row, found):
                changed.append(_renewed(row, found, now))
        changed += [_resolved(row, now) for row in before.values() if _is_over(row, diagnosis, evidence)]
    bulk.insert(new)
    bulk.update(Finding, ((row.pk, {name: getattr(row, name) for name in LIVED}) for row in changed))


def _known(ids: Iterable[int]) -> dict[int, dict[str, Finding]]:
    known: dict[int, dict[str, Finding]] = defaultdict(dict)
    for row in Finding.objects.filter(session_id__in=list(ids)):
        known[row.session_id][row.code] = row
    return known


def _opened(session_id: int, found: Found, now: datetime) -> Finding:
    lines = evidence_lines(found.evidence, sources.host_zone())
    return Finding(
        session_id=session_id, code=found.code, confidence=str(found.confidence), evidence=lines, opened_at=now
    )


def _is_news(row: Finding, found: Found) -> bool:
    facts = [(line["source"], line["fact"], line["value"]) for line in row.evidence]
    same = facts == [(str(line.source), line.fact, line.value) for line in found.evidence]
    return row.resolved_at is not None or row.confidence != str(found.confidence) or not same


def _renewed(row: Finding, found: Found, now: datetime) -> Finding:
    row.confidence = str(found.confidence)
    row.evidence = evidence_lines(found.evidence, sources.host_zone())
    if row.resolved_at is not None:
        row.opened_at, row.resolved_at, row.times_opened = now, None, row.times_opened + 1
    return row


def _resolved(row: Finding, now: datetime) -> Finding:
    row.resolved_at = now
    return row


def _is_over(row: Finding, diagnosis: Diagnosis, evidence: Evidence) -> bool:
    """Whether an open finding ended: not while the store is unknown, nor while fresh changes still settle."""
    if row.resolved_at is not None or any(found.code == row.code for found in diagnosis.findings):
        return False
    if any(found.code == UNCHECKED for found in diagnosis.findings):
        return row.code.startswith("generation.")
    if row.code in STANDING_STILL and may_move_unseen(evidence):
        return False
    cause = CATALOGUE.get(row.code)
    return not (diagnosis.state is State.SETTLING and cause is not None and cause.is_held_while_settling)
