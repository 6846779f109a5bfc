"""What happened in the time that a chart shows: markers and pauses, and the form that sets a marker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _

from diagnostics.permissions import VIEW_FIGURES
from sessions_admin.marker_forms import MarkerForm, first_values
from sessions_admin.models import Marker, Pause
from sessions_admin.permissions import ADMINISTER, HANDLE

register = template.Library()
PAUSE = "pause"
MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One marker as charts show it: `word` is its kind in the viewer's language. `until` is the end of what lasts."""

    at: datetime
    kind: str
    word: str
    text: str
    until: datetime | None = None


@register.simple_tag
def markers_between(since: datetime, until: datetime) -> list[Shown]:
    """Return the markers of [since, until) and the pauses of long sequences that lasted in it, by time; 200 at most.

    Of a pause that began before `since`, `at` is `since`; its `until` is None while it lasts.
    """
    set_ones = Marker.objects.filter(at__gte=since, at__lt=until)[:MOST]
    paused = Pause.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), begun_at__lt=until).order_by("-begun_at")
    found = [Shown(marker.at, marker.kind, marker.get_kind_display(), marker.text) for marker in set_ones]
    for pause in paused[:MOST]:
        text = _("Long sequences were paused: {reason}").replace("{reason}", pause.reason)
        found.append(Shown(max(pause.begun_at, since), PAUSE, _("pause"), text, pause.ended_at))
    return sorted(found, key=lambda shown: shown.at)[-MOST:]


@register.filter
def may_mark(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody may set markers and take them away: who handles, or administers."""
    sees, handles = user.has_perm(VIEW_FIGURES), user.has_perm(HANDLE) or user.has_perm(ADMINISTER)  # type: ignore[union-attr]  # every user of ours has permissions
    return sees and handles


@register.inclusion_tag("sessions_admin/_marker_form.html", takes_context=True)
def marker_form(context: Context) -> dict[str, object]:
    """Draw, for whoever may, the form that sets a marker and leads back to this page."""
    request = context["request"]
    assert isinstance(request, HttpRequest)  # noqa: S101 - a page has a request
    if not may_mark(request.user):
        return {}
    told = {"form": MarkerForm(initial=first_values()), "may_mark": True, "back": request.get_full_path()}
    return {**told, "csrf_token": context.get("csrf_token")}
