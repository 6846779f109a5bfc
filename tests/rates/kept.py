"""Endings put straight into our database, with their hours marked, as passes leave them."""

from __future__ import annotations

import threading
from datetime import datetime

from django.utils import timezone

from diagnostics.domain.rates.hours import hour_of
from diagnostics.models import Ending, SessionEntry, StaleHour
from diagnostics.rates.recount import recount


def session(key: str = "1") -> SessionEntry:
    now = timezone.now()
    wanted = {"listed_at": now, "first_seen_at": now, "changed_at": now, "verdict": "playable", "state": "ok"}
    return SessionEntry.objects.get_or_create(key=key, defaults=wanted)[0]


def keep(ended_at: datetime, kind: str = "completed", **values: object) -> Ending:
    """Store one ending, of a piece that was whole unless told otherwise."""
    told = {"is_playable": kind == "completed", "cause": "" if kind == "completed" else "generation.timed_out"}
    ending = Ending.objects.create(session=session(), kind=kind, ended_at=ended_at, **{**told, **values})
    mark(ended_at)
    return ending


def mark(at: datetime, number: int = 1) -> None:
    StaleHour.objects.update_or_create(at=hour_of(at, timezone.get_default_timezone()), defaults={"mark": number})


def count(now: datetime | None = None) -> int:
    return recount(now or timezone.now(), threading.Event())
