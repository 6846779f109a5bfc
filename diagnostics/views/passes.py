"""Passes: the last ones, the running one with its progress, one in full, and what they found about files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.domain.causes import FILE_CODES
from diagnostics.models import FileFinding, Pass
from diagnostics.views.access import needs
from diagnostics.views.fragments import answer_poll, unchanged
from diagnostics.views.frame import snapshot_of

LISTED_PASSES = 50
PAGE_SIZE = 50
COUNT_CEILING = 10_000


@require_safe
@needs(permissions.VIEW_SYSTEM)
def pass_list(request: HttpRequest) -> HttpResponse:
    return render(request, "diagnostics/pass_list.html", _list_context(request))


@require_safe
@needs(permissions.VIEW_SYSTEM)
def pass_panels(request: HttpRequest) -> HttpResponse:
    snapshot = snapshot_of(request)
    version = str(snapshot.content["rows_version"])
    if (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = _list_context(request)
    return answer_poll(request, "diagnostics/_pass_panels.html", context, snapshot=snapshot, version=version)


def _list_context(request: HttpRequest) -> dict[str, object]:
    snapshot = snapshot_of(request)
    listed = Pass.objects.exclude(outcome=Pass.Outcome.RUNNING).defer("error", "listing_errors", "notes")
    return {
        "snapshot": snapshot,
        "live_version": snapshot.content["rows_version"],
        "live_url": reverse("diagnostics:pass_panels"),
        "running": snapshot.content["passes"]["running"],
        "passes": listed[:LISTED_PASSES],
        "open_file_findings": FileFinding.objects.filter(resolved_at=None)[: COUNT_CEILING + 1].count(),
        "may_see_sessions": request.user.has_perm(permissions.VIEW_SESSIONS),
    }


@require_safe
@needs(permissions.VIEW_SYSTEM)
def pass_detail(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Pass, pk=number)
    causes = sorted(row.by_cause.items(), key=lambda pair: (-pair[1], pair[0]))
    context = {"row": row, "causes": causes, "may_see_sessions": request.user.has_perm(permissions.VIEW_SESSIONS)}
    return render(request, "diagnostics/pass_detail.html", context)


@require_safe
@needs(permissions.VIEW_SESSIONS)
def file_finding_list(request: HttpRequest) -> HttpResponse:
    """Show the open findings about files, newest first, in keyset pages by their id."""
    code = request.GET.get("code", "")
    findings = FileFinding.objects.filter(resolved_at=None).select_related("file").order_by("-id")
    if code in FILE_CODES:
        findings = findings.filter(code=code)
    after = request.GET.get("after", "")
    page = findings.filter(pk__lt=int(after)) if after.isascii() and after.isdigit() and len(after) < 19 else findings
    shown = list(page[: PAGE_SIZE + 1])
    context = {
        "findings": shown[:PAGE_SIZE],
        "code": code if code in FILE_CODES else "",
        "codes": FILE_CODES,
        "older": str(shown[PAGE_SIZE - 1].pk) if len(shown) > PAGE_SIZE else "",
        "is_first_page": not after,
    }
    return render(request, "diagnostics/file_finding_list.html", context)
