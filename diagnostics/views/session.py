"""One session: what the last pass knew at once, then what a live examination sees; the chain, the row, the file."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from diagnostics import permissions, sources
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.domain.sharing import shared
from diagnostics.domain.wording.formatting import safe
from diagnostics.domain.wording.troubles import trouble_sentence
from diagnostics.examine import Examination, examine
from diagnostics.identity import shared_hash
from diagnostics.incidents import incident_of
from diagnostics.live_memory import remembered
from diagnostics.models import SessionEntry
from diagnostics.session_query import TEXT_LENGTH
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment
from diagnostics.views.frame import snapshot_of
from diagnostics.views.report_shown import weighed
from diagnostics.views.session_card import card_of, last_known_card
from diagnostics.views.session_chain import steps_of, unexamined_steps
from diagnostics.views.session_facts import error_text, file_facts, last_known_row, row_facts
from diagnostics.views.session_sound import shown_sound
from diagnostics.views.session_timeline import timeline


@require_safe
@needs(permissions.VIEW_SESSIONS)
def session_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show a session as the last pass knew it; the live examination follows as a fragment, or at once when asked for."""
    entry = entry_of(key)
    examination = examine(key) if entry is None or "examine" in request.GET else None
    if entry is None and examination is not None and examination.evidence is None:
        return missing(request, key, examination)
    response = render(request, "diagnostics/session_detail.html", context_of(request, key, entry, examination))
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@require_safe
@needs(permissions.VIEW_SESSIONS)
def examination(request: HttpRequest, key: str) -> HttpResponse:
    """Examine a session now and return the part of its page that says so; without htmx, the whole page."""
    if not is_fragment(request):
        return redirect(f"{reverse('diagnostics:session_detail', args=[key])}?examine=1")
    context = context_of(request, key, entry_of(key), examine(key))
    return render(request, "diagnostics/_examination.html", context)


@require_POST
@needs(permissions.VIEW_SESSIONS)
def listening(request: HttpRequest, key: str) -> HttpResponse:
    """Have the session's file listened to, within seconds, and show the session as it is known then."""
    examined = examine(key, listen=True)
    if not is_fragment(request):
        return redirect(f"{reverse('diagnostics:session_detail', args=[key])}?examine=1#sound")
    return render(request, "diagnostics/_examination.html", context_of(request, key, entry_of(key), examined))


def entry_of(key: str) -> SessionEntry | None:
    """Return the indexed session whose id reads as this; one that is still in the host's table before one that is gone."""
    if "\0" in key:
        return None
    found = SessionEntry.objects.filter(key=key[:TEXT_LENGTH]).order_by("id")
    known = remembered(lambda: list(found))
    return min(known or (), key=lambda entry: entry.gone_at is not None, default=None)


def missing(request: HttpRequest, key: str, examination: Examination) -> HttpResponse:
    """An id that is nowhere is a 404; where the host could not be asked, nobody knows, and that is said instead."""
    context = {"key": key, "found": examination.found, "troubles": _troubles(examination)}
    return render(request, "diagnostics/session_missing.html", context, status=503 if examination.found else 404)


def context_of(
    request: HttpRequest, key: str, entry: SessionEntry | None, examination: Examination | None
) -> dict[str, object]:
    """Return what the page of a session shows: as it was examined, else as the last pass knew it."""
    record = examination.evidence.record if examination and examination.evidence else None
    context: dict[str, object] = {
        "key": key,
        "entry": entry,
        "is_live": examination is not None,
        "troubles": _troubles(examination),
        "is_row_gone": examination is not None and not examination.found,
        "is_host_silent": examination is not None and examination.found and examination.evidence is None,
        "took_ms": round(examination.seconds * 1000) if examination else None,
        "passed_at": remembered(lambda: (snapshot_of(request).content["passes"]["complete"] or {}).get("finished_at")),
        "timeline": remembered(lambda: timeline(entry, record)) or [],
    }
    if examination is None or examination.diagnosis is None or examination.evidence is None:
        return context | _last_known(entry) | {"incident": incident_of(entry.shared_hash) if entry else None}
    seen = _as_seen_now(examination.evidence, examination.diagnosis, examination.raw_row)
    incident = incident_of(shared_hash(shared(examination.diagnosis, examination.evidence, sources.store_layout())))
    return context | seen | {"remedies": examination.diagnosis.actions, "incident": incident}


def _last_known(entry: SessionEntry | None) -> dict[str, object]:
    if entry is None:
        return {}
    steps = unexamined_steps(entry.cause)
    return {
        "card": last_known_card(entry),
        "steps": steps,
        "is_broken_somewhere": any(step.is_where_it_broke for step in steps),
        "row": last_known_row(entry),
    }


def _as_seen_now(evidence: Evidence, diagnosis: Diagnosis, raw: Mapping[str, object]) -> dict[str, object]:
    row, file, steps = row_facts(raw, evidence.record), file_facts(evidence), steps_of(evidence, diagnosis)
    return {
        "card": card_of(diagnosis, row=row, file=file),
        "steps": steps,
        "is_broken_somewhere": any(step.is_where_it_broke for step in steps),
        "row": row,
        "error": error_text(evidence.record.error_message),
        "file": file,
        "sound": shown_sound(evidence),
        "weighed": weighed(evidence, diagnosis),
    }


def _troubles(examination: Examination | None) -> list[tuple[str, str]]:
    """Return what stood in the examination's way, as sentences for the viewer, each with the source's own word."""
    language, zone = get_language() or "en", timezone.get_current_timezone()
    troubles = examination.problems if examination else ()
    return [(trouble_sentence(trouble, language, zone), safe(trouble.detail, 300)) for trouble in troubles]
