"""The audit: who did what to which session, and why; newest first, in keyset pages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from diagnostics.views.access import needs
from sessions_admin import permissions
from sessions_admin.audit_words import audit_words
from sessions_admin.forms import AuditFilter
from sessions_admin.models import AuditEntry

PAGE_SIZE = 50
LONGEST_SEQ = 18  # digits


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an entry: as it was, and as it was to become; `is_changing` where the action wrote it."""

    name: str
    before: str | None
    after: str | None
    is_changing: bool


@require_safe
@needs(permissions.VIEW_AUDIT)
@vary_on_headers("HX-Request")
def audit_list(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    scope = form.asked
    entries = AuditEntry.objects.filter(**form.scope).defer("before", "after")
    before = request.GET.get("before", "")
    is_later_page = before.isascii() and before.isdigit() and len(before) <= LONGEST_SEQ
    shown = list((entries.filter(seq__lt=int(before)) if is_later_page else entries)[: PAGE_SIZE + 1])
    context = {
        "form": form,
        "scope": scope,
        "entries": shown[:PAGE_SIZE],
        "older": shown[PAGE_SIZE - 1].seq if len(shown) > PAGE_SIZE else "",
        "is_later_page": is_later_page,
        "query": urlencode(scope),
        "titles": audit_words(),
        "is_empty": not shown and not scope and not is_later_page,
    }
    response = render(request, "sessions_admin/audit_list.html", context)
    if request.headers.get("HX-Request"):
        response["HX-Push-Url"] = f"{request.path}?{urlencode(scope)}" if scope else request.path
    return response


@require_safe
@needs(permissions.VIEW_AUDIT)
@vary_on_headers("HX-Request")
def audit_entry(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one entry with everything it holds, and the other entry of the same action on the same session."""
    entry = get_object_or_404(AuditEntry, pk=seq)
    pair = AuditEntry.objects.filter(operation=entry.operation, number=entry.number).exclude(pk=seq).first()
    intent = entry if entry.is_intent else pair
    context = {
        "entry": entry,
        "pair": pair,
        "columns": _columns(intent) if intent else [],
        "title": audit_words().get(entry.action, entry.action),
    }
    is_fragment = bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
    template = "sessions_admin/_audit_entry.html" if is_fragment else "sessions_admin/audit_entry.html"
    return render(request, template, context)


def _columns(intent: AuditEntry) -> list[Column]:
    before, after = intent.before or {}, intent.after or {}
    return [Column(name, value, after.get(name), after.get(name, value) != value) for name, value in before.items()]
