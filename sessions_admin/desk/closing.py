"""Ends in our books what ended by itself: the passes noticed that it is over, or came back."""

from __future__ import annotations

from datetime import datetime

from diagnostics.models import Incident, SessionEntry
from sessions_admin.models import Handling

End = Handling.End


def close_ended(now: datetime) -> None:
    """Give every open handling that stands in the index no more its end."""
    for handling in Handling.objects.filter(ended_at=None):
        number = handling.shared_hash
        end = _end_of_session(handling.session) if number is None else _end_of_incident(number)
        if end:
            Handling.objects.filter(pk=handling.pk, ended_at=None).update(end=end, ended_at=now)


def _end_of_incident(number: int) -> str:
    row = Incident.objects.filter(shared_hash=number).only("handled_at", "handled_end").first()
    if row is None:
        return End.GONE
    return "" if row.handled_at else row.handled_end or End.MENDED


def _end_of_session(key: str) -> str:
    entries = SessionEntry.objects.filter(key=key).only("gone_at", "handled_at", "handled_end")
    standing = [entry for entry in entries if entry.gone_at is None]
    if not standing:
        return End.GONE
    if any(entry.handled_at for entry in standing):
        return ""
    return next((entry.handled_end for entry in standing if entry.handled_end), End.MENDED)
