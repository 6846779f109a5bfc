"""Incidents as pages show them: ranked, with their state, and as the snapshot carries them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from diagnostics.domain.handled import CAME_BACK
from diagnostics.domain.incidents import RECENT, state_of
from diagnostics.models import Incident, SessionEntry
from diagnostics.models.incidents import Incidents

Figures = dict[str, object]
RANKED = 8
STATES = ("open", "new", "regressed", "resolved")


def figures(now: datetime) -> Figures:
    """Return the incidents that stand and are not handled, the gravest first: the first few in full, and how many."""
    standing = Incident.objects.standing()
    ranked = [as_figures(row, now) for row in standing.unhandled().in_order()[:RANKED]]
    handled = standing.handled().aggregate(number=Count("id"), newest=Max("handled_at"))
    return {
        "standing": standing.unhandled().count(),
        "ranked": ranked,
        "handled": handled["number"],
        "handled_at": _iso(handled["newest"]),
    }


def as_figures(row: Incident, now: datetime) -> Figures:
    """Return one incident as JSON can hold it."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "code": row.code,
        "verdict": row.verdict,
        "values": row.values,
        "state": state(row, now),
        "sessions": row.sessions,
        "users": row.users,
        "opened_at": _iso(row.opened_at),
        "is_back": row.handled_end in CAME_BACK,
    }


def state(row: Incident, now: datetime) -> str:
    opened_at = row.opened_at or row.noted_at
    return state_of(opened_at=opened_at, resolved_at=row.resolved_at, times_opened=row.times_opened, now=now).value


def incidents_in(chosen: str, now: datetime, handled: str = "") -> Incidents:
    """Return the incidents of one state of STATES, in the order of their list; "open" are all that stand.

    What was handled is left out, unless `handled` is "yes" (nothing else) or "all" (with it); what is resolved never is.
    """
    found = _in_state(chosen, now)
    if handled == "yes":
        return found.handled()
    return found if handled == "all" else found.unhandled()


def _in_state(chosen: str, now: datetime) -> Incidents:
    if chosen == "resolved":
        return Incident.objects.ever().filter(resolved_at__isnull=False).order_by("-resolved_at", "-id")
    standing = Incident.objects.standing().in_order()
    if chosen == "new":
        return standing.filter(times_opened=1, opened_at__gt=now - RECENT)
    if chosen == "regressed":
        return standing.filter(times_opened__gt=1, opened_at__gt=now - RECENT)
    return standing


def incident_of(shared_hash: int | None) -> Incident | None:
    """Return the incident that stands for what a session shares."""
    if shared_hash is None:
        return None
    return Incident.objects.standing().filter(shared_hash=shared_hash).first()


def newest_sessions(row: Incident, most: int, fields: tuple[str, ...]) -> list[SessionEntry]:
    sessions = SessionEntry.objects.filter(shared_hash=row.shared_hash).only(*fields)
    return list(sessions.order_by("-listed_at", "-id")[:most])


def begun_times(row: Incident, most: int) -> list[datetime]:
    """Return when the sessions of an incident were begun, the newest first."""
    times = SessionEntry.objects.filter(shared_hash=row.shared_hash).order_by("-listed_at", "-id")
    return list(times.values_list("listed_at", flat=True)[:most])


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
