"""From the raw values of a host's row to a SessionRecord: nothing raises, whatever a column holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from diagnostics.domain.facts import Moment, SessionKey, SessionRecord

Raw = int | float | str | bytes | None
MOMENTS = ("created_at", "updated_at", "completed_at", "heartbeat_at")
WIDEST_INTEGER = 2**63
EARLIEST, LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
EPOCH_MILLISECONDS = 100_000_000_000  # larger numbers than this are no seconds of our days


def record_of(row: Mapping[str, object], absent: frozenset[str], zone: tzinfo) -> SessionRecord:
    """Return the record of a raw row (field name -> value as the driver gave it, uninterpreted)."""
    created, updated, completed, heartbeat = (moment(row.get(name), zone) for name in MOMENTS)
    return SessionRecord(
        key=key_of(row.get("session_id")),
        status=text(row.get("status")),
        created=created,
        updated=updated,
        completed=completed,
        heartbeat=heartbeat,
        error_message=text(row.get("error_message")),
        path=path_text(row.get("final_file_path")),
        size_bytes=whole(row.get("final_file_size")),
        user_id=text(row.get("user_id")),
        assessment_id=text(row.get("assessment_id")),
        duration_seconds=_duration(row),
        segment_count=text(row.get("segment_count")),
        progress_percent=number(row.get("progress_percentage")),
        generation_mode=text(row.get("generation_mode")),
        scene_id=text(row.get("scene_id")),
        absent=absent,
    )


def key_of(value: object) -> SessionKey:
    """A session's key: an integer where the host stores one, else text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and abs(value) < WIDEST_INTEGER and value.is_integer():
        return int(value)
    return text(value) or ""


def text(value: object) -> str | None:
    """A value as text; bytes that are no UTF-8 are shown as escapes."""
    if value is None:
        return None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="backslashreplace")
    return str(value)


def path_text(value: object) -> str | None:
    """A path as text that names the same file again, also where its bytes are no UTF-8."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="surrogateescape")
    return None if value is None else str(value)


def number(value: object) -> float | None:
    """A finite number, or None where there is none to read."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = float(value) if isinstance(value, int | float | Decimal) else float((text(value) or "").strip())
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def moment(value: object, zone: tzinfo) -> Moment:
    """A time as the host wrote it, read in the host's zone where it names none; numbers are Unix times."""
    raw = text(value)
    if raw is None or not raw.strip():
        return Moment(raw, None)
    found = _unix(raw) if _looks_numeric(raw) else _iso(raw.strip())
    if found is None:
        return Moment(raw, None)
    try:
        at = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return Moment(raw, None)
    # At the edges of the calendar no other zone and no sum has room: such a date means "none" or "never" anyway.
    return Moment(raw, at if EARLIEST < at < LATEST else None)


def storable(time: datetime | None) -> datetime | None:
    """A time that every engine can keep: not at the edges of the calendar, where a time zone would push it over."""
    if time is None or not 1000 < time.year < 9990:
        return None
    return time + timedelta(0)


def _duration(row: Mapping[str, object]) -> float | None:
    """`total_duration_minutes`, or the `duration_seconds` of older rows; what is not positive says nothing."""
    minutes = number(row.get("total_duration_minutes"))
    seconds = minutes * 60 if minutes is not None else number(row.get("duration_seconds"))
    return seconds if seconds is not None and 0 < seconds < math.inf else None


def _looks_numeric(raw: str) -> bool:
    return raw.strip().replace(".", "", 1).isdecimal() and len(raw.strip()) >= 9


def _unix(raw: str) -> datetime | None:
    seconds = float(raw)
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > EPOCH_MILLISECONDS else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None
