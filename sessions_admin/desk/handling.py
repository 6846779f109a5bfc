"""Marks an incident or a session as handled, and takes that back; each is a decision in the audit."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from diagnostics import notes
from diagnostics.models import Incident, SessionEntry
from sessions_admin.actions import results, trail
from sessions_admin.models import Handling
from sessions_admin.roles import roles_of

INCIDENT_HANDLED = gettext_noop("Incident %(number)s was marked as handled, with %(sessions)s sessions (%(code)s).")
INCIDENT_BACK = gettext_noop("Incident %(number)s stands in the lists again.")
SESSION_HANDLED = gettext_noop("Session %(session)s was marked as handled (%(code)s).")
SESSION_BACK = gettext_noop("Session %(session)s stands in the lists again.")
HANDLE, UNHANDLE = "handle", "unhandle"


def handle_incident(
    row: Incident, note: str, actor: User, *, address: str, seen_at: datetime, now: datetime
) -> Handling | None:
    """Mark an incident, as it was at `seen_at`, with its sessions. None: it does not stand, or somebody else did so before."""
    with transaction.atomic():
        number = notes.note_incident_handled(row.shared_hash, min(seen_at, now), now)
        if number is None:
            return None
        _end(Handling.objects.filter(shared_hash=row.shared_hash), row.handled_end, now)
        told = {"number": row.pk, "sessions": number, "code": row.code}
        trail.add_decision(_attempt(HANDLE, actor, address, note), INCIDENT_HANDLED, told)
        looked = {"code": row.code, "sessions": number, "times_opened": row.times_opened}
        return Handling.objects.create(
            shared_hash=row.shared_hash, note=note, by=actor.get_username(), at=now, **looked
        )


def handle_session(entry: SessionEntry, note: str, actor: User, *, address: str, now: datetime) -> Handling | None:
    """Mark a session for the cause that `entry` has. None: it has none or another one by now, or is handled already."""
    with transaction.atomic():
        if not entry.cause or not notes.note_session_handled(entry.key, entry.cause, now):
            return None
        _end(Handling.objects.filter(session=entry.key), entry.handled_end, now)
        told = {"session": entry.key, "code": entry.cause}
        trail.add_decision(_attempt(HANDLE, actor, address, note), SESSION_HANDLED, told, session=entry.key)
        return Handling.objects.create(session=entry.key, note=note, by=actor.get_username(), at=now, code=entry.cause)


def unhandle_incident(row: Incident, actor: User, *, address: str, now: datetime) -> bool:
    """Take back that an incident is handled. False: it is not, any more."""
    with transaction.atomic():
        if not _end(Handling.objects.filter(shared_hash=row.shared_hash), "", now, actor):
            return False
        notes.note_incident_unhandled(row.shared_hash)
        trail.add_decision(_attempt(UNHANDLE, actor, address), INCIDENT_BACK, {"number": row.pk})
        return True


def unhandle_session(key: str, actor: User, *, address: str, now: datetime) -> bool:
    """Take back that a session is handled. False: it is not, any more."""
    with transaction.atomic():
        if not _end(Handling.objects.filter(session=key), "", now, actor):
            return False
        notes.note_session_unhandled(key)
        trail.add_decision(_attempt(UNHANDLE, actor, address), SESSION_BACK, {"session": key}, session=key)
        return True


def refuse(action: str, session: str, actor: User, *, address: str, note: str = "") -> None:
    """Note in the audit that somebody without the right wanted this."""
    trail.add_refusal(_attempt(action, actor, address, note), session, results.NO_RIGHT)


def _end(rows: QuerySet[Handling], end: str, now: datetime, by: User | None = None) -> int:
    """End what is open of these; nothing that ended is changed."""
    told = {"end": end or Handling.End.TAKEN_BACK, "ended_by": by.get_username() if by else "", "ended_at": now}
    return rows.filter(ended_at=None).update(**told)


def _attempt(action: str, actor: User, address: str, note: str = "") -> trail.Attempt:
    return trail.Attempt(action, uuid.uuid4().hex, "", actor.get_username(), roles_of(actor), address, note)
