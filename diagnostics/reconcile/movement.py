"""Movement that no time tells of: a file that grew while its time of change stood, a progress that went on since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from diagnostics.domain import clock
from diagnostics.domain.facts import AudioFacts, SessionRecord
from diagnostics.identity import path_hash
from diagnostics.models import LedgerFile, Pass, SessionEntry
from diagnostics.probes.local_store import modified_at
from diagnostics.reconcile.parts import parts


def note_growth(rows: Iterable[LedgerFile], sizes: Mapping[bytes, int], looked_at: datetime, now: datetime) -> None:
    """Tell the generating sessions whose files grew since an earlier pass that they moved, where no time tells it.

    `sizes` are those that it saw, at `looked_at`. A new file says nothing: one put there from elsewhere is no movement.
    """
    grown = (row for row in rows if row.size_bytes > sizes.get(bytes(row.path), row.size_bytes))
    unseen = (row for row in grown if not _tells(modified_at(row.mtime_ns), looked_at, now))
    for some in parts(unseen):
        generating = SessionEntry.objects.filter(status="generating")
        generating.filter(key__in={row.named_session for row in some} - {""}).update(moved_at=now)
        generating.filter(claim_hash__in=[row.path_hash for row in some]).update(moved_at=now)


def last_movement(
    record: SessionRecord, entry: SessionEntry | None, *, is_grown: bool, now: datetime
) -> datetime | None:
    """Return when a session was seen to move: now, where its progress or its file differ from what the last pass saw."""
    if entry is None or record.status != "generating":
        return entry.moved_at if entry else None
    has_progressed = entry.status == "generating" and entry.progress_percent != record.progress_percent
    return now if has_progressed or is_grown else entry.moved_at


def youngest(files: Iterable[AudioFacts], now: datetime) -> AudioFacts | None:
    """Return the file that was written last; one that is dated ahead hides no other."""
    dated = [(clock.is_past(at, now), at, facts) for facts in files if (at := facts.modified_at) is not None]
    return max(dated, key=lambda found: found[:2])[2] if dated else None


def have_grown(files: Iterable[AudioFacts | None], now: datetime) -> bool:
    """Return whether one of these files has grown since the last pass, and its time does not tell when."""
    seen = {path_hash(facts.path): facts for facts in files if facts and facts.size_bytes}
    known = LedgerFile.objects.filter(path_hash__in=seen, missed_at=None).values_list("path_hash", "size_bytes")
    grown = [seen[number] for number, size in known if seen[number].size_bytes > size]
    last = Pass.objects.filter(root_device__isnull=False).order_by("-id").first() if grown else None
    return last is not None and any(not _tells(facts.modified_at, last.started_at, now) for facts in grown)


def _tells(modified: datetime | None, looked_at: datetime, now: datetime) -> bool:
    """Whether a file's time tells when it grew: it did so after it had been looked at, and not in the future."""
    return modified is not None and looked_at - clock.SKEW <= modified <= now + clock.SKEW
