"""Channels: who is told of alerts, and how that goes; an administrator makes, changes, tests, switches and removes them."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostics.permissions import VIEW_FIGURES
from diagnostics.views.access import needs
from diagnostics.views.fragments import is_fragment, stamped, unchanged
from diagnostics.views.frame import snapshot_of
from sessions_admin import permissions
from sessions_admin.actors import address_of, person_of
from sessions_admin.alerting import channels, targets
from sessions_admin.alerting.channels import By
from sessions_admin.alerting.forms import ChannelForm
from sessions_admin.models import Channel, Notification
from sessions_admin.views.doing import may

PAGE = ("GET", "HEAD", "POST")
SHOWN = 20
FIRST = {"kind": Channel.Kind.MAIL, "repeat_hours": 4}


@require_safe
@needs(VIEW_FIGURES)
def channel_list(request: HttpRequest) -> HttpResponse:
    context = {
        "channels": Channel.objects.all(),
        "may_change": request.user.has_perm(permissions.ADMINISTER),
        **_setup(),
    }
    return render(request, "sessions_admin/channel_list.html", context)


@require_http_methods(PAGE)
@may(permissions.ADMINISTER, channels.ADD)
def channel_new(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(
        request.POST if request.method == "POST" else None, initial={**FIRST, "language": _language(request)}
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "sessions_admin/channel_new.html", {"form": form, **_setup()}, status=status)
    channel = channels.add(form.cleaned_data, _by(request), timezone.now())
    messages.success(request, _("The channel is made. Send a test, to see whether it gets there."))
    return redirect("sessions_admin:channel_detail", number=channel.pk)


@require_http_methods(PAGE)
@may(permissions.ADMINISTER, channels.CHANGE)
def channel_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show a channel and what it was sent, which htmx asks for again; a POST changes it."""
    channel = get_object_or_404(Channel, pk=number)
    if request.method != "POST":
        return _fragment(request, channel) if is_fragment(request) else _detail(request, channel, _form_of(channel))
    form = ChannelForm(request.POST, channel=channel)
    if not form.is_valid():
        return _detail(request, channel, form, status=422)
    channels.save(channel, form.cleaned_data, _by(request))
    messages.success(request, _("The channel was changed."))
    return redirect("sessions_admin:channel_detail", number=number)


@require_POST
@may(permissions.ADMINISTER, channels.TEST)
def channel_test(request: HttpRequest, number: int) -> HttpResponse:
    channels.test(get_object_or_404(Channel, pk=number), _by(request), timezone.now())
    messages.success(request, _("A test is on its way: below you see how it goes."))
    return redirect("sessions_admin:channel_detail", number=number)


@require_POST
@may(permissions.ADMINISTER, channels.SWITCH)
def channel_switch(request: HttpRequest, number: int) -> HttpResponse:
    is_on = request.POST.get("on") == "yes"
    if channels.switch(get_object_or_404(Channel, pk=number), _by(request), is_on=is_on):
        text = _("The channel is on.") if is_on else _("The channel is off: it is told nothing.")
        messages.success(request, text)
    return redirect("sessions_admin:channel_detail", number=number)


@require_POST
@may(permissions.ADMINISTER, channels.REMOVE)
def channel_remove(request: HttpRequest, number: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=number)
    channels.remove(channel, _by(request))
    messages.success(request, _("The channel was removed."))
    return redirect("sessions_admin:channel_list")


def _by(request: HttpRequest) -> By:
    return By(person_of(request), address_of(request))


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "en"))


def _form_of(channel: Channel) -> ChannelForm:
    kept = {"name": channel.name, "kind": channel.kind, "language": channel.language, "rules": channel.rules}
    return ChannelForm(initial={**kept, "repeat_hours": max(1, channel.repeat_seconds // 3600)}, channel=channel)


def _setup() -> dict[str, object]:
    """What is missing on this machine, so that nobody wonders why nothing arrives."""
    return {
        "is_mail_set": bool(settings.SMTP_URL),
        "can_chat": targets.can_chat(),
        "is_address_known": bool(settings.DASHBOARD_URL),
        "kinds": Channel.Kind.choices,
        "languages": settings.LANGUAGES,
        "chats": sorted(set(targets.CHATS.values())),
    }


def _detail(request: HttpRequest, channel: Channel, form: ChannelForm, *, status: int = 200) -> HttpResponse:
    context = {**_living(request, channel), **_setup(), "form": form}
    return render(request, "sessions_admin/channel_detail.html", context, status=status)


def _fragment(request: HttpRequest, channel: Channel) -> HttpResponse:
    context, snapshot = _living(request, channel), snapshot_of(request)
    version = str(context["live_version"])
    if (nothing_new := unchanged(request, snapshot=snapshot, version=version)) is not None:
        return nothing_new
    return stamped(render(request, "sessions_admin/_channel_panels.html", context), snapshot=snapshot, version=version)


def _living(request: HttpRequest, channel: Channel) -> dict[str, object]:
    sent = list(Notification.objects.filter(channel=channel).order_by("-id")[:SHOWN])
    told = [(row.pk, row.key, row.attempts, str(row.sent_at), str(row.given_up_at), row.error) for row in sent]
    told_of_it = (channel.is_on, str(channel.switched_off_at), channel.error, channel.name)
    return {
        "channel": channel,
        "sent": sent,
        "snapshot": snapshot_of(request),
        "live_version": hashlib.blake2b(repr((told, told_of_it)).encode(), digest_size=12).hexdigest(),
        "live_url": reverse("sessions_admin:channel_detail", args=[channel.pk]),
    }
