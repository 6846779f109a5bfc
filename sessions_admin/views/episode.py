"""One episode of an alert: what was wrong, from when to when, how it went, what is known of it, what was done, who was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.alerts import reading
from diagnostics.domain.wording import alerts as wording
from diagnostics.models import AlertState, Episode, Incident
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from diagnostics.views.incident_shown import shown as shown_incident
from sessions_admin.alerting import silences
from sessions_admin.alerting.deeds import deeds
from sessions_admin.models import Notified
from sessions_admin.views.alerts_history import episode_rows, kept_levels, peak_of
from sessions_admin.views.alerts_shown import address, page_of, problem_for
from sessions_admin.views.episode_shown import course, told
from sessions_admin.views.evidence_shown import evidence

LONGEST_NUMBER = 18
EARLIER, MOST_INCIDENTS, MOST_TOLD = 10, 10, 100
# What was done shortly before is what may have brought it about.
BEFORE = timedelta(minutes=30)


@require_safe
@needs(permissions.VIEW_FIGURES)
def episode(request: HttpRequest, number: int) -> HttpResponse:
    """Show one episode; while it lasts htmx asks for the living part again."""
    row = Episode.objects.filter(pk=number).first() if number < 10**LONGEST_NUMBER else None
    if row is None:
        raise Http404
    now, snapshot = timezone.now(), snapshot_of(request)
    state = AlertState.objects.filter(episode=row).first()
    version = f"{row.pk}.{row.ended_at}.{state.version if state else ''}.{snapshot.content.get('rows_version')}"
    if is_fragment(request) and (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = {
        **_context(request, row, state, now),
        "snapshot": snapshot,
        "live_version": version,
        "live_url": "" if row.ended_at else reverse("sessions_admin:episode", args=[number]),
    }
    template = "sessions_admin/_episode_panels.html" if is_fragment(request) else "sessions_admin/episode.html"
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def _context(request: HttpRequest, row: Episode, state: AlertState | None, now: datetime) -> dict[str, object]:
    viewer, language, levels = request.user, get_language() or "en", kept_levels(row)
    until, may_see_sessions = row.ended_at or now, viewer.has_perm(permissions.VIEW_SESSIONS)
    flips = reading.flips_of(row, now)
    return {
        "episode": episode_rows([row], now)[0],
        "row": row,
        "state": state,
        "sentence": _sentence(row, state, language, problem_for(state.problem, viewer) if state else ""),
        "meaning": wording.meaning(row.rule, language, levels),
        "users_see": wording.users_see(row.rule, language),
        "first_check": wording.first_check(row.rule, language, row.subject),
        "levels": [tell(row.rule, language, levels) for tell in (wording.raised_text, wording.cleared_text)],
        "peak": peak_of(row),
        "page": page_of(row.rule, viewer),
        "rule_url": address("sessions_admin:alert_rule", row.rule),
        "course": course(row, flips, now),
        "evidence": evidence(row, sees_texts=viewer.has_perm(permissions.VIEW_SYSTEM)),
        "incidents": _incidents(row, until, now) if may_see_sessions else [],
        "deeds": deeds(viewer, row.begun_at - BEFORE, until),
        "told": told(_notified(row), sees_texts=viewer.has_perm(permissions.VIEW_SYSTEM)),
        "is_silenced": any(silences.holds(held, row.rule, row.subject) for held in silences.standing(now)),
        "earlier": episode_rows(reading.newest_of_rule(row, EARLIER), now),
    }


def _sentence(row: Episode, state: AlertState | None, language: str, problem: str) -> str:
    zone, levels = timezone.get_current_timezone(), kept_levels(row)
    is_error = row.kind == Episode.Kind.ERROR
    if row.ended_at is not None:
        over: Callable[..., str] = wording.ended_sentence
        span = {"begun": row.begun_at, "ended": row.ended_at, "peak": row.peak}
        return over(row.rule, row.subject, **span, language=language, zone=zone, levels=levels, is_error=is_error)
    standing: Callable[..., str] = wording.sentence
    return standing(
        row.rule,
        row.subject,
        state.state if state else row.kind,
        value=state.value if state else row.last_value,
        language=language,
        zone=zone,
        levels=levels,
        sample=state.sample if state else None,
        since=row.begun_at,
        problem=problem,
    )


def _incidents(row: Episode, until: datetime, now: datetime) -> list[dict[str, object]]:
    """Return the incident that it tells of, and those that opened while it lasted."""
    opened = list(Incident.objects.ever().filter(opened_at__gte=row.begun_at, opened_at__lte=until)[:MOST_INCIDENTS])
    if row.incident and row.incident not in {incident.pk for incident in opened}:
        opened = [*Incident.objects.ever().filter(pk=row.incident), *opened]
    return [
        {"shown": shown_incident(incident, now, None), "is_its_own": incident.pk == row.incident}
        for incident in sorted(opened, key=lambda incident: incident.pk != row.incident)
    ]


def _notified(row: Episode) -> list[Notified]:
    found = Notified.objects.filter(episode=row).select_related("channel", "notification")
    return list(found.order_by("at", "pk")[:MOST_TOLD])
