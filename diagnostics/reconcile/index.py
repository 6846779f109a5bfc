"""The session index while a pass runs: what the rows say goes in before anything is diagnosed."""

from __future__ import annotations

from datetime import datetime

from diagnostics import bulk, sources
from diagnostics.domain import paths
from diagnostics.domain.diagnosis import State, Verdict
from diagnostics.domain.facts import SessionKey, SessionRecord
from diagnostics.domain.fingerprints import fingerprint
from diagnostics.domain.redaction import hide_secrets
from diagnostics.host_values import storable
from diagnostics.identity import fold_hash, identity, path_hash, request_hash, shown
from diagnostics.models import SessionEntry

OBSERVED = (
    "verdict",
    "state",
    "cause",
    "confidence",
    "further",
    "is_whole",
    "due_at",
    "first_seen_at",
    "changed_at",
    "reset_at",
    "held_verdict",
    "held_state",
    "held_cause",
    "shared_hash",
    "handled_at",
    "handled_cause",
    "handled_end",
)
# What a diagnosis needs to know of a session's row in the index.
JUDGED = ("key", "key_is_number", "status", "progress_percent", "updated_at", "generating_since", "moved_at", *OBSERVED)
# What the diagnosis of other sessions reads of this one: who claims which file, who asked for what, and the queue.
OTHERS_READ = frozenset({"claim_hash", "fold_hash", "request_hash", "status", "created_at", "listed_at", "gone_at"})
Later = dict[SessionKey, dict[str, object]]
RECORDED = (
    "listed_at",
    "user_id",
    "status",
    "created_at",
    "updated_at",
    "completed_at",
    "duration_seconds",
    "progress_percent",
    "claim",
    "claim_hash",
    "fold_hash",
    "request_hash",
    "file_name",
    "file_size",
    "error_head",
    "error_fingerprint",
    "generating_since",
    "moved_at",
    "gone_at",
)


def entries_of(keys: list[SessionKey], *, fields: tuple[str, ...] = ()) -> dict[SessionKey, SessionEntry]:
    """Return the index's entries of these keys; with `fields`, nothing else of them may be read."""
    wanted = {identity(key): key for key in keys}
    rows = SessionEntry.objects.filter(key__in=[name for name, _ in wanted]).only(*fields)
    return {wanted[(row.key, row.key_is_number)]: row for row in rows if (row.key, row.key_is_number) in wanted}


def write_records(
    records: dict[SessionKey, SessionRecord], known: dict[SessionKey, SessionEntry], now: datetime, later: Later | None
) -> list[SessionEntry]:
    """Put what the rows say into the index and return it, in their order; what is new there is unknown until diagnosed.

    What concerns no other session may wait in `later`, to be written together with the diagnosis.
    """
    entries = [_recorded(record, known.get(key), now) for key, record in records.items()]
    changes = []
    for key, entry in zip(records, entries, strict=True):
        if key in known:
            entry.pk = known[key].pk
            differing = bulk.differences(entry, known[key], RECORDED)
            if later is None or not OTHERS_READ.isdisjoint(differing):
                changes.append((entry.pk, differing))
            else:
                later[key] = differing
    bulk.update(SessionEntry, changes)
    bulk.upsert([entry for entry in entries if not entry.pk], unique=("key", "key_is_number"), renew=RECORDED)
    return entries


def with_observations(entry: SessionEntry, before: SessionEntry) -> SessionEntry:
    """Give a row of the index, made of what the host's row says, what passes had seen of the session."""
    for name in OBSERVED:
        setattr(entry, name, getattr(before, name))
    return entry


def _recorded(record: SessionRecord, before: SessionEntry | None, now: datetime) -> SessionEntry:
    claim = paths.understand(record.path, sources.store_layout())
    is_inside = claim.kind is paths.ClaimKind.INSIDE
    name, is_number = identity(record.key)
    message = " ".join((record.error_message or "").split())
    return SessionEntry(
        key=name,
        key_is_number=is_number,
        listed_at=storable(record.created.at) or (before.listed_at if before else now),
        user_id=shown(record.user_id or "")[:255],
        status=shown(record.status or "")[:64],
        created_at=storable(record.created.at),
        updated_at=storable(record.updated.at),
        completed_at=storable(record.completed.at),
        duration_seconds=record.duration_seconds,
        progress_percent=record.progress_percent,
        claim=shown(claim.path if is_inside else hide_secrets(claim.raw))[:4096],
        claim_hash=path_hash(claim.path) if is_inside else None,
        fold_hash=fold_hash(claim.name) if claim.name else None,
        request_hash=request_hash(record.user_id, record.assessment_id),
        file_name=shown(claim.name)[:255],
        file_size=record.size_bytes if record.size_bytes is not None and abs(record.size_bytes) < 2**63 else None,
        error_head=shown(hide_secrets(message[:4096])[:120])[:120],
        error_fingerprint=fingerprint(record.error_message or "") if message else "",
        verdict=Verdict.UNKNOWN,
        state=State.FAULTY,
        first_seen_at=now,
        changed_at=now,
        generating_since=_generating_since(record, before, now),
        moved_at=_moved_at(record, before, now),
        gone_at=None,
    )


def _generating_since(record: SessionRecord, before: SessionEntry | None, now: datetime) -> datetime | None:
    if record.status != "generating":
        return before.generating_since if before else None
    if before is None:
        return None  # first seen so: when it began is not known to us
    return before.generating_since if before.status == "generating" else now


def _moved_at(record: SessionRecord, before: SessionEntry | None, now: datetime) -> datetime | None:
    if before is None:
        return None
    return now if before.progress_percent != record.progress_percent else before.moved_at
