"""Runs: the last ones, and one with its progress, its four counts with their rows, and a way to stop it."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.actors import person_of
from sessions_admin.models import Run
from sessions_admin.runs.counts import outcomes_of, tallies

LISTED_RUNS = 50
SHOWN_ITEMS = 100


@require_safe
@needs(permissions.ACT_ON_MANY)
def run_list(request: HttpRequest) -> HttpResponse:
    runs = list(Run.objects.select_related("plan").order_by("-queued_at")[:LISTED_RUNS])
    titles = {name: action.title_of_many for name, action in ACTIONS.items()}
    context = {"runs": [(run, tallies(run)) for run in runs], "titles": titles}
    return render(request, "sessions_admin/run_list.html", context)


@require_safe
@needs(permissions.ACT_ON_MANY)
def run_detail(request: HttpRequest, operation: str) -> HttpResponse:
    """Show a run; htmx asks for its living part again while it goes on."""
    run = get_object_or_404(Run.objects.select_related("plan"), pk=operation)
    snapshot, version = snapshot_of(request), _version(run)
    if is_fragment(request) and (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    context = _context(request, run) | {"snapshot": snapshot, "live_version": version}
    template = "sessions_admin/_run_panels.html" if is_fragment(request) else "sessions_admin/run_detail.html"
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


@require_POST
@needs(permissions.ACT_ON_MANY)
def run_abort(request: HttpRequest, operation: str) -> HttpResponse:
    """Ask a run to stop before its next items; what is done stays done."""
    run = get_object_or_404(Run, pk=operation)
    Run.objects.filter(pk=run.pk, abort_asked_by="", state__in=(Run.State.QUEUED, Run.State.RUNNING)).update(
        abort_asked_by=person_of(request).get_username()
    )
    return redirect("sessions_admin:run_detail", operation=run.pk)


def _context(request: HttpRequest, run: Run) -> dict[str, object]:
    shown = request.GET.get("show", "")
    outcomes, items = outcomes_of(shown), run.plan.items.order_by("number")
    address = reverse("sessions_admin:run_detail", args=[run.pk])
    here = f"{address}?show={shown}" if outcomes else address
    return {
        "run": run,
        "plan": run.plan,
        "action": ACTIONS[run.plan.action],
        "title": ACTIONS[run.plan.action].title_of_many,
        "tallies": tallies(run),
        "shown": shown if outcomes else "",
        "items": (items.filter(outcome__in=outcomes) if outcomes else items)[:SHOWN_ITEMS],
        "address": address,
        "live_url": "" if run.is_over else here,
    }


def _version(run: Run) -> str:
    told = f"{run.pk} {run.state} {run.heartbeat_at} {run.abort_asked_by} {run.waiting_for} {run.looked_at}"
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
