"""What was heard of files, kept and found again: valid only while a file's size and times are the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from diagnostics.domain.facts import AudioFacts
from diagnostics.domain.sound import SoundFacts
from diagnostics.identity import path_hash
from diagnostics.models import Pass, Sound
from diagnostics.probes.hearing import Stamp

FACTS = (
    "length_seconds",
    "silent_from_seconds",
    "silent_seconds",
    "silent_percent",
    "is_complete",
    "bytes_read",
    "peaks",
    "problem",
)


def keep(path: str, facts: SoundFacts, stamp: Stamp, now: datetime) -> None:
    """Keep what was heard of the file at a path (relative to the root), and have the next pass judge its sessions by it.

    A pass that began meanwhile may have looked before this was written: then it is left to the one after.
    """
    size, mtime, ctime = map(_storable, stamp)
    values = {name: getattr(facts, name) for name in FACTS}
    begun = Pass.newest()
    Sound.objects.update_or_create(
        path_hash=path_hash(path),
        defaults={
            **values,
            "size_bytes": size,
            "mtime_ns": mtime,
            "ctime_ns": ctime,
            "heard_at": now,
            "heard_pass": begun,
        },
    )
    if (newer := Pass.newest()) != begun:
        Sound.objects.filter(pk=path_hash(path)).update(heard_pass=newer)


def of_files(hashes: Iterable[int], *, with_peaks: bool = False) -> dict[int, Sound]:
    """Return what is kept by path hash, whether it still holds or not."""
    rows = Sound.objects.filter(pk__in=list(hashes))
    return {row.path_hash: row for row in (rows if with_peaks else rows.defer("peaks"))}


def holds(row: Sound, stamp: Stamp) -> bool:
    """Whether the file is still the one that was heard."""
    return (row.size_bytes, row.mtime_ns, row.ctime_ns) == tuple(map(_storable, stamp))


def heard_of(row: Sound | None, audio: AudioFacts | None, *, with_peaks: bool = False) -> SoundFacts | None:
    """Return what was heard of the file that stands there now; None: nothing, or of another one."""
    if row is None or audio is None or not holds(row, stamp_of(audio)):
        return None
    names = FACTS if with_peaks else [name for name in FACTS if name != "peaks"]
    values = {name: getattr(row, name) for name in names}
    if with_peaks:
        values["peaks"] = bytes(row.peaks)
    return SoundFacts(**values, heard_at=row.heard_at)


def stamp_of(audio: AudioFacts) -> Stamp:
    return audio.size_bytes, *audio.changed_ns


def _storable(number: int) -> int:
    """Times after the year 2262 do not fit into 64 bits of nanoseconds."""
    return max(-(2**63), min(number, 2**63 - 1))
