"""The second person's two answers to an asked run: approve it, or decline it with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diagnostics.views.access import refusal
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS, results
from sessions_admin.actors import address_of, person_of
from sessions_admin.forms import DeclineForm
from sessions_admin.models import Run
from sessions_admin.runs.approve import Answer, approve, decline, has_right
from sessions_admin.runs.confirm import Refusal
from sessions_admin.views.asked_run import approve_form
from sessions_admin.views.runs import page_of_answer

Answering = Callable[[Run, Answer, User, datetime], Run | Refusal]


@require_POST
def run_approve(request: HttpRequest, operation: str) -> HttpResponse:
    """Let an asked run begin. Who may not is refused before a password is asked for; the attempt stands in the audit."""
    if (run := _found(request, operation)) is None:
        return refusal(request, permissions.ADMINISTER)
    form = approve_form(request, run, request.POST)
    if has_right(run, person_of(request)) and not form.is_valid():
        return page_of_answer(request, run, {"approve_form": form})
    return _answered(request, run, approve, "")


@require_POST
def run_decline(request: HttpRequest, operation: str) -> HttpResponse:
    """End an asked run, with a reason that its asker reads."""
    if (run := _found(request, operation)) is None:
        return refusal(request, permissions.ADMINISTER)
    form = DeclineForm(request.POST)
    if has_right(run, person_of(request)) and not form.is_valid():
        return page_of_answer(request, run, {"decline_form": form})
    return _answered(request, run, decline, form.data.get("reason", ""))


def _found(request: HttpRequest, operation: str) -> Run | None:
    """Return the run; None where there is none and the asker is not to be told so."""
    runs = Run.objects.select_related("plan")
    if request.user.has_perm(permissions.ACT_ON_MANY):
        return get_object_or_404(runs, pk=operation)
    return runs.filter(pk=operation).first()


def _answered(request: HttpRequest, run: Run, answer: Answering, reason: str) -> HttpResponse:
    given = Answer(request.POST.get("digest", ""), address_of(request), reason)
    answered = answer(run, given, person_of(request), timezone.now())
    if not isinstance(answered, Refusal):
        return redirect("sessions_admin:run_detail", operation=run.pk)
    if answered.message == results.NO_RIGHT:
        return refusal(request, _missing(request, run))
    messages.error(request, _(answered.message) % answered.values)
    return page_of_answer(request, run, {})


def _missing(request: HttpRequest, run: Run) -> str:
    needed = (permissions.ADMINISTER, ACTIONS[run.plan.action].permission)
    return next((name for name in needed if not request.user.has_perm(name)), permissions.ADMINISTER)
