"""Silences begun and ended early, and a message that could not be delivered sent again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sessions_admin import permissions
from sessions_admin.actors import address_of, person_of
from sessions_admin.alerting import channels, silences
from sessions_admin.alerting.channels import By
from sessions_admin.alerting.forms import SilenceForm
from sessions_admin.models import Notification, Silence
from sessions_admin.views.doing import may

FIRST = {"hours": 2}


@require_http_methods(("GET", "HEAD", "POST"))
@may(permissions.HANDLE, silences.BEGIN)
def silence_begin(request: HttpRequest) -> HttpResponse:
    """Ask what is to be silenced, and why; a POST begins the silence."""
    asked = {name: request.GET[name] for name in ("rule", "subject") if name in request.GET}
    form = SilenceForm(request.POST if request.method == "POST" else None, initial={**FIRST, **asked})
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "sessions_admin/silence.html", {"form": form}, status=status)
    told, now = form.cleaned_data, timezone.now()
    silences.begin(
        told["rule"], told["subject"], told["reason"], form.ends_at(now), person_of(request),
        address=address_of(request), now=now,
    )  # fmt: skip
    messages.success(request, _("It is silenced. It is still evaluated and shown, and nobody is told."))
    return redirect("sessions_admin:alert_list")


@require_POST
@may(permissions.HANDLE, silences.END)
def silence_end(request: HttpRequest, number: int) -> HttpResponse:
    silence = get_object_or_404(Silence, pk=number)
    if silences.end(silence, person_of(request), address=address_of(request), now=timezone.now()):
        messages.success(request, _("The silence is over. What still fires is told now."))
    else:
        messages.warning(request, _("The silence had ended already."))
    return redirect("sessions_admin:alert_list")


@require_POST
@may(permissions.ADMINISTER, channels.AGAIN)
def notification_again(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Notification, pk=number)
    if channels.try_again(row, By(person_of(request), address_of(request)), timezone.now()):
        messages.success(request, _("It is sent again within seconds."))
    else:
        messages.warning(request, _("It was delivered meanwhile, or is being sent right now."))
    return redirect("sessions_admin:alert_list")
