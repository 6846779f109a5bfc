"""Movement that no time tells of: a file that grew while its time of change stood, a progress that went on since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from diagnostics.domain.facts import AudioFacts, SessionRecord
from diagnostics.identity import path_hash
from diagnostics.models import LedgerFile, SessionEntry
from diagnostics.reconcile.parts import parts


def note_growth(rows: Iterable[LedgerFile], sizes_before: Mapping[bytes, int], at: datetime) -> None:
    """Tell the generating sessions whose files are larger than an earlier pass saw them that they moved.

    A new file says nothing here: its own time of change does, and one that was put there from elsewhere is no movement.
    """
    grown = (row for row in rows if row.size_bytes > sizes_before.get(bytes(row.path), row.size_bytes))
    for some in parts(grown):
        generating = SessionEntry.objects.filter(status="generating")
        generating.filter(key__in={row.named_session for row in some} - {""}).update(moved_at=at)
        generating.filter(claim_hash__in=[row.path_hash for row in some]).update(moved_at=at)


def last_movement(
    record: SessionRecord, entry: SessionEntry | None, *, has_grown: bool, now: datetime
) -> datetime | None:
    """Return when a session was seen to move: now, where its progress or its file differ from what the last pass saw."""
    if entry is None or record.status != "generating":
        return entry.moved_at if entry else None
    has_progressed = entry.status == "generating" and entry.progress_percent != record.progress_percent
    return now if has_progressed or has_grown else entry.moved_at


def youngest(files: Iterable[AudioFacts], now: datetime) -> AudioFacts | None:
    """Return the file that was written last; one that is dated ahead hides no other."""
    dated = [(at <= now, at, facts) for facts in files if (at := facts.modified_at) is not None]
    return max(dated, key=lambda found: found[:2])[2] if dated else None


def are_grown(files: Iterable[AudioFacts | None]) -> bool:
    """Return whether one of these files is larger than the last pass saw it."""
    sizes = {path_hash(facts.path): facts.size_bytes for facts in files if facts and facts.size_bytes}
    known = LedgerFile.objects.filter(path_hash__in=sizes, missed_at=None).values_list("path_hash", "size_bytes")
    return any(sizes[number] > size for number, size in known)
