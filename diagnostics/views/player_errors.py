"""Player errors decoded: a pasted text and what it means, with the way to the session that it is about."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from diagnostics import permissions
from diagnostics.domain.player_errors import explain
from diagnostics.examine import examine
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment
from diagnostics.views.pasted import Pasted, pasted_in
from diagnostics.views.report_shown import errors_of, statements_of
from diagnostics.views.session import context_of, entry_of, missing

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@sensitive_post_parameters("text")
@needs(permissions.VIEW_SESSIONS)
def player_errors(request: HttpRequest) -> HttpResponse:
    """Show the field, and what was pasted into it explained. The text is in the answer, and nowhere else."""
    if request.method != "POST":
        return render(request, "diagnostics/player_errors.html")
    pasted = pasted_in(request)
    if pasted.problem:
        return render(request, "diagnostics/player_errors.html", {"pasted": pasted}, status=422)
    report = explain(pasted.text, at=timezone.now())
    context = {
        "pasted": pasted,
        "errors": errors_of(report),
        "statements": statements_of(report),
        "session_key": (report.session_id or "").strip(),
        "is_explained": True,
    }
    return render(request, "diagnostics/player_errors.html", context)


@require_http_methods(METHODS)
@sensitive_post_parameters("text")
@needs(permissions.VIEW_SESSIONS)
def client_report(request: HttpRequest, key: str) -> HttpResponse:
    """Examine a session with what its client says; asked for by its address alone, it is the session's page."""
    if request.method != "POST":
        return redirect(f"{reverse('diagnostics:session_detail', args=[key])}?examine=1")
    pasted = pasted_in(request)
    if pasted.problem:
        return _refused(request, key, pasted)
    entry, examined = entry_of(key), examine(key, report=explain(pasted.text, at=timezone.now()))
    if entry is None and examined.evidence is None:
        return missing(request, key, examined)
    template = "diagnostics/_examination.html" if is_fragment(request) else "diagnostics/session_detail.html"
    return render(request, template, context_of(request, key, entry, examined) | {"pasted": pasted})


def _refused(request: HttpRequest, key: str, pasted: Pasted) -> HttpResponse:
    """Say why a text was not weighed, in its own place; what the page knew of the session stays."""
    if is_fragment(request):
        context: dict[str, object] = {"key": key, "pasted": pasted}
        response = render(request, "diagnostics/_client_report.html", context, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#client-report", "outerHTML"
        return response
    entry, examined = entry_of(key), examine(key)
    if entry is None and examined.evidence is None:
        return missing(request, key, examined)
    context = context_of(request, key, entry, examined) | {"pasted": pasted}
    return render(request, "diagnostics/session_detail.html", context, status=422)
