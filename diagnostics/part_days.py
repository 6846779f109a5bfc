"""The host's parts as the page of resources shows them: the newest sample of each, and its last day in half hours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from diagnostics.domain.host_parts import DOWN, IMPAIRED, UNKNOWN, UP
from diagnostics.models import PartSample, Snapshot

NAME = "parts"
HISTORY = timedelta(hours=24)
CELLS = 48
# What one half hour is shown as, where it held several: what is known to be down before what could not be told.
GRAVEST = (DOWN, UNKNOWN, IMPAIRED, UP)
Day = list[str | None]


def keep_for_page(rows: Iterable[PartSample], now: datetime) -> None:
    """Keep what the page shows of these newest samples."""
    newest = list(rows)
    days = last_day([row.part for row in newest], now)
    content = {"at": now.isoformat(), "parts": [_shown(row, days[row.part]) for row in newest]}
    version = hashlib.blake2b(now.isoformat().encode(), digest_size=12).hexdigest()
    Snapshot.objects.update_or_create(name=NAME, defaults={"version": version, "made_at": now, "content": content})


def read_parts() -> Snapshot | None:
    """Return what the last round told; None before the first one."""
    return Snapshot.objects.filter(name=NAME).first()


def last_day(parts: Sequence[str], now: datetime) -> dict[str, Day]:
    """Return for each part the gravest state of every half hour, the oldest first; None where it was not asked."""
    first = now - HISTORY
    days: dict[str, Day] = {part: [None] * CELLS for part in parts}
    samples = PartSample.objects.filter(part__in=parts, at__gt=first, at__lte=now)
    for part, at, state in samples.values_list("part", "at", "state").iterator():
        place = min(int((at - first) / HISTORY * CELLS), CELLS - 1)
        days[part][place] = _graver(days[part][place], state)
    return days


def _graver(known: str | None, state: str) -> str:
    return next((grave for grave in GRAVEST if grave in (known, state)), UNKNOWN)


def _shown(row: PartSample, day: Day) -> dict[str, Any]:
    return {
        "part": row.part,
        "state": row.state,
        "problem": row.problem,
        "detail": row.detail,
        "values": row.values,
        "since": row.since.isoformat(),
        "well_at": row.well_at.isoformat() if row.well_at else None,
        "day": day,
    }
