"""What the last pass and the samples say of sessions that are to be composed again: will it help, and is there room?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext_noop

from diagnostics.models import ResourceSample, SessionEntry
from diagnostics.reconcile.parts import parts
from diagnostics.sampling import FILES_FOR_ROOM

WHOLE_FILE = gettext_noop(
    "Session %(session)s is left alone: its whole file is there; complete it from the file instead."
)
DISK_FULL = gettext_noop(
    "Session %(session)s is left alone: it failed for want of disk space, and the disk is still full."
)


def hindrances_to_composing(keys: Iterable[str]) -> dict[str, str]:
    """Return key -> why composing a session again would not help, or not yet, as far as the last pass knows."""
    reasons = {"record.half_committed": WHOLE_FILE}
    if disk_is_full():
        reasons["generation.disk_full"] = DISK_FULL
    found: dict[str, str] = {}
    for part in parts(keys):
        rows = SessionEntry.objects.filter(key__in=part, gone_at=None, cause__in=reasons)
        found |= {key: reasons[cause] for key, cause in rows.values_list("key", "cause")}
    return found


def disk_is_full() -> bool:
    """Whether the last sample found no room, in bytes or inodes, where the audio lies; unknown is no."""
    values = _last_sample()
    used = [values.get(f"audio_{what}_percent") for what in ("bytes", "inodes")]
    return any(percent is not None and percent >= settings.LIMITS.disk_full_percent for percent in used)


def bytes_free() -> int | None:
    """Return the room where the audio lies, by the last sample; None: not known."""
    found = _last_sample().get("audio_free_bytes")
    return None if found is None else int(found)


def bytes_needed(keys: Sequence[str]) -> int | None:
    """Return what these sessions' audio will take, by their lengths and the size of what was composed last.

    None where nothing was composed yet, or the host's table tells no lengths.
    """
    rate, lengths = _bytes_per_second(), list(_lengths(keys))
    if rate is None or not any(lengths):
        return None
    known = [length for length in lengths if length]
    return round(rate * sum(known) / len(known) * len(lengths))


def _bytes_per_second() -> float | None:
    whole = SessionEntry.objects.filter(gone_at=None, is_whole=True, file_size__gt=0, duration_seconds__gt=0)
    newest = whole.order_by("-completed_at").values("pk")[:FILES_FOR_ROOM]
    sums = SessionEntry.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).aggregate(
        size=Sum("file_size"), seconds=Sum("duration_seconds")
    )
    return sums["size"] / sums["seconds"] if sums["seconds"] else None


def _lengths(keys: Sequence[str]) -> Iterator[float | None]:
    for part in parts(keys):
        rows = SessionEntry.objects.filter(key__in=part, gone_at=None)
        yield from rows.values_list("duration_seconds", flat=True)


def _last_sample() -> dict[str, float | None]:
    values = ResourceSample.objects.order_by("-at").values_list("values", flat=True).first()
    return values if isinstance(values, dict) else {}
