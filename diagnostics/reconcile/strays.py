"""Findings about files, not sessions: orphans and leftovers older than the grace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from diagnostics import sources
from diagnostics.domain.document import iso
from diagnostics.models import FileFinding, LedgerFile, SessionEntry
from diagnostics.probes.local_store import modified_at
from diagnostics.reconcile.parts import parts

CODES = {"audio": "file.orphan", "temporary": "file.leftover"}


def judge_changed(since_pass: int, now: datetime) -> None:
    """Judge the files that this pass has reason to: changed ones, and those whose time has come or who were marked."""
    changed = LedgerFile.objects.filter(changed_pass__gt=since_pass).exclude(role="foreign")
    claimed = SessionEntry.objects.filter(claim_hash=OuterRef("path_hash"))
    _judge_all(changed.filter(~Exists(claimed)), now)  # most are claimed, and no strays
    _judge_all(changed.filter(findings__resolved_at=None, findings__isnull=False), now)
    _judge_all(LedgerFile.objects.filter(due_at__lte=now).exclude(role="foreign"), now)


def _judge_all(files: QuerySet[LedgerFile], now: datetime) -> None:
    needed = files.only("named_session", "fold_hash", "role", "kind", "mtime_ns", "missed_at", "due_at")
    for part in parts(needed.iterator(chunk_size=2_000)):
        _judge(part, now)


def _judge(files: list[LedgerFile], now: datetime) -> None:
    claimed, live, folds = _around(files)
    open_now = {
        (row.file_id, row.code): row
        for row in FileFinding.objects.filter(file_id__in=[file.path_hash for file in files])
    }
    for file in files:
        is_free = file.missed_at is None and file.kind == "file" and file.path_hash not in claimed
        if file.role == "audio":
            is_free = is_free and file.named_session not in live and file.fold_hash not in folds
        ends = _grace_ends(file)
        is_stray = is_free and ends is not None and ends <= now
        code = CODES.get(file.role, "")
        row = open_now.get((file.path_hash, code))
        if is_stray:
            _open(file, code, row, now)
        elif row is not None and row.resolved_at is None:
            FileFinding.objects.filter(pk=row.pk).update(resolved_at=now)
        due_at = ends if is_free and not is_stray else None
        if due_at != file.due_at:
            LedgerFile.objects.filter(pk=file.pk).update(due_at=due_at)


def _around(files: list[LedgerFile]) -> tuple[set[int], set[str], set[int]]:
    """Which of these files a row claims, which ids they bear have rows, which are the misplaced files of sessions."""
    entries = SessionEntry.objects.all()
    claimed = entries.filter(claim_hash__in=[file.path_hash for file in files]).values_list("claim_hash", flat=True)
    named = entries.filter(key__in=[file.named_session for file in files]).values_list("key", "gone_at")
    alike = entries.filter(fold_hash__in=[file.fold_hash for file in files]).values_list("fold_hash", "cause")
    live = {key for key, gone_at in named if gone_at is None}
    misplaced = {fold for fold, cause in alike if cause == "file.misplaced" and fold is not None}
    return set(filter(None, claimed)), live, misplaced


def _grace_ends(file: LedgerFile) -> datetime | None:
    modified = modified_at(file.mtime_ns)
    return modified + timedelta(seconds=sources.limits().orphan_grace_seconds) if modified else None


def _open(file: LedgerFile, code: str, row: FileFinding | None, now: datetime) -> None:
    if row is None:
        FileFinding.objects.create(file=file, code=code, evidence=evidence_of(file, now), opened_at=now)
    elif row.resolved_at is not None:
        FileFinding.objects.filter(pk=row.pk).update(resolved_at=None, opened_at=now, evidence=evidence_of(file, now))


def evidence_of(file: LedgerFile, now: datetime) -> list[dict[str, str | None]]:
    zone = sources.host_zone()
    facts = [("size", f"{file.size_bytes} bytes"), ("modified", iso(modified_at(file.mtime_ns), zone) or "")]
    if file.named_session:
        facts.append(("session id in the name", f"{file.named_session}: no such row"))
    return [{"source": "disk", "fact": fact, "value": value, "observed_at": iso(now, zone)} for fact, value in facts]


def documents() -> Iterator[dict[str, object]]:
    """Yield the open file findings as documents (causes.md: file findings are lines of their own)."""
    zone = sources.host_zone()
    for row in FileFinding.objects.filter(resolved_at=None).select_related("file").order_by("file__shown_path"):
        yield {
            "path": row.file.shown_path,
            "cause": row.code,
            "size": row.file.size_bytes,
            "mtime": iso(modified_at(row.file.mtime_ns), zone),
            "evidence": row.evidence,
        }


def foreign_changed(since_pass: int) -> bool:
    """Whether files that are not the host's by name came, went or changed."""
    return LedgerFile.objects.filter(changed_pass__gt=since_pass, role="foreign").exists()


def foreign_files() -> int:
    """How many files are neither the host's by name nor claimed by a row: counted, never touched."""
    foreign = LedgerFile.objects.filter(role="foreign", missed_at=None).values_list("path_hash", flat=True)
    count = 0
    for hashes in parts(foreign.iterator(chunk_size=2_000)):
        claimed = SessionEntry.objects.filter(claim_hash__in=hashes).values_list("claim_hash", flat=True)
        count += len(set(hashes) - set(claimed))
    return count
