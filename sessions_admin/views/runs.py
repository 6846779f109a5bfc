"""Runs: the last ones, and one with its progress, its four counts with their rows, and a way to stop it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.actors import address_of, person_of
from sessions_admin.models import Run
from sessions_admin.runs.abort import abort
from sessions_admin.runs.approve import is_unanswered, may_answer, waits_until
from sessions_admin.runs.counts import Tally, outcomes_of, tallies
from sessions_admin.telling.progress import Progress, progress_of
from sessions_admin.views.asked_run import asked_context, decline_reason
from sessions_admin.views.doing import may

LISTED_RUNS = 50
SHOWN_ITEMS = 100


@require_safe
@needs(permissions.ACT_ON_MANY)
def run_list(request: HttpRequest) -> HttpResponse:
    """Show the runs that wait for a second person, the longest waiting first, then the others, newest first."""
    now, person = timezone.now(), person_of(request)
    runs = Run.objects.select_related("plan")
    asked = [run for run in runs.filter(state=Run.State.ASKED).order_by("queued_at") if not is_unanswered(run, now)]
    others = runs.exclude(pk__in=[run.pk for run in asked]).order_by("-queued_at")[:LISTED_RUNS]
    context = {
        "asked": [(run, may_answer(run, person), waits_until(run)) for run in asked],
        "runs": [(run, tallies(run)) for run in others],
        "titles": {name: action.title_of_many for name, action in ACTIONS.items()},
    }
    return render(request, "sessions_admin/run_list.html", context)


@require_safe
@needs(permissions.ACT_ON_MANY)
def run_detail(request: HttpRequest, operation: str) -> HttpResponse:
    """Show a run; htmx asks for its living part again while it goes on."""
    run = get_object_or_404(Run.objects.select_related("plan"), pk=operation)
    telling = progress_of(run.pk)
    snapshot, version = snapshot_of(request), _version(run, telling)
    if is_fragment(request) and (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    template = "sessions_admin/_run_panels.html" if is_fragment(request) else "sessions_admin/run_detail.html"
    context = _context(request, run, telling)
    return stamped(render(request, template, context), snapshot=snapshot, version=version)


def page_of_answer(request: HttpRequest, run: Run, form: dict[str, object]) -> HttpResponse:
    """Return a run's page after an answer that was refused: what is wrong with its form is shown there."""
    return render(
        request, "sessions_admin/run_detail.html", _context(request, run, progress_of(run.pk)) | form, status=422
    )


@require_POST
@may(permissions.ACT_ON_MANY, "run_abort")
def run_abort(request: HttpRequest, operation: str) -> HttpResponse:
    """Stop a run before its next items; what is done stays done."""
    run = get_object_or_404(Run.objects.select_related("plan"), pk=operation)
    abort(run, person_of(request), address_of(request), timezone.now())
    return redirect("sessions_admin:run_detail", operation=run.pk)


def _context(request: HttpRequest, run: Run, telling: Progress | None) -> dict[str, object]:
    shown = request.GET.get("show", "")
    outcomes, items = outcomes_of(shown), run.plan.items.order_by("number")
    address = reverse("sessions_admin:run_detail", args=[run.pk])
    here = f"{address}?show={shown}" if outcomes else address
    counts = tallies(run)
    return {
        "run": run,
        "plan": run.plan,
        "action": ACTIONS[run.plan.action],
        "title": ACTIONS[run.plan.action].title_of_many,
        "tallies": counts,
        "telling": telling,
        "pickup": settings.HOST_PICKUP,
        "had_no_effect": bool(run.looked_at and run.picked_up == 0 and _done(counts)),
        "shown": shown if outcomes else "",
        "items": (items.filter(outcome__in=outcomes) if outcomes else items)[:SHOWN_ITEMS],
        "address": address,
        "live_url": here if not run.is_over or (telling and telling.waiting) else "",
        "waits_until": waits_until(run),
        "is_unanswered": is_unanswered(run, timezone.now()),
        "decline_reason": decline_reason(run),
        "snapshot": snapshot_of(request),
        "live_version": _version(run, telling),
        **asked_context(request, run),
    }


def _done(counts: Sequence[Tally]) -> int:
    return next(tally.number for tally in counts if tally.name == "done")


def _version(run: Run, telling: Progress | None) -> str:
    told = f"{run.pk} {run.state} {run.heartbeat_at} {run.abort_asked_by} {run.waiting_for} {run.looked_at}"
    told = f"{told} {is_unanswered(run, timezone.now())} {telling.version if telling else ''}"
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
