"""What somebody said is dealt with, while a pass runs: with each diagnosis, and once more for what was said meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from diagnostics.domain import handled
from diagnostics.domain.diagnosis import Diagnosis, State
from diagnostics.domain.handled import End, Handled
from diagnostics.models import Incident, SessionEntry

UNCHECKED = "storage.unavailable"
# Clocks of the worker and the web server may differ by some seconds.
LEEWAY = timedelta(minutes=1)


def followed(entry: SessionEntry, diagnosis: Diagnosis, number: int | None) -> dict[str, object]:
    """Return what of a session's handling changes with its diagnosis; `number` is the hash of what it shares now."""
    if entry.handled_at is None and not entry.handled_end:
        return {}
    before = Handled(entry.handled_at is not None, entry.handled_cause, entry.handled_end)
    after = handled.course(
        before,
        cause=diagnosis.cause or "",
        verdict=str(diagnosis.verdict),
        state=str(diagnosis.state),
        is_other_incident=_is_other(entry, number),
    )
    if after == before:
        return {}
    new = {
        "handled_at": entry.handled_at if after.stands else None,
        "handled_cause": after.cause,
        "handled_end": str(after.end),
    }
    return {name: value for name, value in new.items() if getattr(entry, name) != value}


def _is_other(entry: SessionEntry, number: int | None) -> bool:
    """What was handled with its incident stays handled with that one alone; else another error is another fault."""
    may_share_nothing = bool(entry.handled_cause) and None in (number, entry.shared_hash)
    return number != entry.shared_hash and not may_share_nothing


def settle(begun_at: datetime) -> None:
    """Bring back what was handled since the pass began, and had changed before that was known to it.

    One question of an index in which nothing stands but what was handled.
    """
    recent = SessionEntry.objects.filter(handled_at__gte=begun_at - LEEWAY)
    alone = ~Q(handled_cause="") & ~Q(cause=F("handled_cause")) & ~Q(cause=UNCHECKED) & ~Q(state=State.SETTLING)
    hashes = Incident.objects.handled().values("shared_hash")
    with_incident = Q(handled_cause="") & ~Q(shared_hash__in=hashes)
    changed = recent.filter(alone | with_incident).values_list("pk", "cause", "handled_cause")
    for pk, cause, was in list(changed):
        end = End.OTHER if cause else End.MENDED if was else ""
        SessionEntry.objects.filter(pk=pk).update(handled_at=None, handled_end=str(end))
