"""Incidents: what many sessions share, ranked, and a page for each with its course, its sessions and one's evidence."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from diagnostics import incidents, permissions
from diagnostics.domain import wording
from diagnostics.mended import mended
from diagnostics.models import Finding, Incident, SessionEntry
from diagnostics.models.incidents import Incidents
from diagnostics.session_query import COUNT_CEILING, HANDLED, LISTED
from diagnostics.templatetags.formats import moment
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from diagnostics.views.incident_shown import course, shown
from diagnostics.views.mended_parts import mended_parts
from diagnostics.views.session_chain import Line, stored_lines

PAGE_SIZE = 50
NEWEST_SESSIONS = 10
LONGEST_NUMBER = 18


@require_safe
@needs(permissions.VIEW_SESSIONS)
def incident_list(request: HttpRequest) -> HttpResponse:
    """Show the incidents of one state, the gravest first, or only their part of the page for htmx."""
    now = timezone.now()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in incidents.STATES else incidents.STATES[0]
    handled = request.GET.get("handled", "")
    handled = handled if handled in HANDLED else ""
    rows, after = _page(incidents.incidents_in(chosen, now, handled), chosen, request.GET.get("after", ""))
    address = f"{reverse('diagnostics:incident_list')}?state={chosen}"
    context: dict[str, object] = {
        "incidents": [shown(row, now, _passed_at(request)) for row in rows[:PAGE_SIZE]],
        "rows": rows[:PAGE_SIZE],
        "chosen": chosen,
        "chosen_handled": handled,
        "handled": 0 if handled else incidents.incidents_in(chosen, now, "yes").count(),
        "handled_url": f"{address}&handled=yes",
        "states": incidents.STATES,
        "older": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "is_first_page": not after,
        "is_checked": snapshot_of(request).content["passes"]["complete"] is not None,
        "was_any": bool(rows) or Incident.objects.ever().exists(),
        "live_url": "" if after else f"{address}&handled={handled}" if handled else address,
    }
    return _answer(request, "list", context)


def _page(found: Incidents, chosen: str, after: str) -> tuple[list[Incident], Incident | None]:
    """Return one page and a row more where it goes on, and the incident behind which it begins, as it ranks now."""
    is_number = after.isascii() and after.isdigit() and len(after) <= LONGEST_NUMBER
    edge = found.filter(pk=int(after)).first() if is_number else None
    if edge is not None:
        found = found.over_before(edge) if chosen == "resolved" else found.behind(edge)
    return list(found[: PAGE_SIZE + 1]), edge


@require_safe
@needs(permissions.VIEW_SESSIONS)
def incident_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one incident; what never became one has no page."""
    row = Incident.objects.ever().filter(pk=number).first() if number < 10**LONGEST_NUMBER else None
    if row is None:
        raise Http404
    incident = shown(row, timezone.now(), _passed_at(request))
    language = get_language() or "en"
    sessions = incidents.newest_sessions(row, NEWEST_SESSIONS, (*LISTED, "held_cause"))
    times, so_far = incidents.begun_times(row, COUNT_CEILING), mended(row)
    context = {
        "incident": incident,
        "meaning": wording.meaning(row.code, language),
        "next_step": wording.next_step(row.code, language),
        "mended": so_far,
        "mended_parts": mended_parts(so_far, number),
        "sessions": sessions,
        "course": course(times, row.verdict),
        "is_course_cut": len(times) == COUNT_CEILING,
        "example": sessions[0] if sessions else None,
        "evidence": _evidence(sessions[0]) if sessions else (),
        "live_url": reverse("diagnostics:incident_detail", args=[number]),
    }
    return _answer(request, "detail", context)


def _evidence(entry: SessionEntry) -> tuple[Line, ...]:
    found = Finding.objects.filter(session=entry, code=entry.held_cause or entry.cause, resolved_at=None).first()
    return stored_lines(found.evidence) if found else ()


def _answer(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    snapshot = snapshot_of(request)
    version = str(snapshot.content["rows_version"])
    if (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    template = (
        f"diagnostics/_incident_{name}_panels.html" if is_fragment(request) else f"diagnostics/incident_{name}.html"
    )
    context |= {"snapshot": snapshot, "live_version": version}
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def _passed_at(request: HttpRequest) -> datetime | None:
    """When the last complete pass ended, which saw whatever stands."""
    complete = snapshot_of(request).content["passes"]["complete"]
    return moment(complete["finished_at"]) if complete else None
