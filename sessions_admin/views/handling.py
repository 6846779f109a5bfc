"""Marks an incident or a session as handled, with a note, and takes that back; the form stands on their pages, and alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diagnostics.models import Incident, SessionEntry
from diagnostics.views.access import refusal
from diagnostics.views.session import entry_of
from sessions_admin import permissions
from sessions_admin.actors import address_of, person_of
from sessions_admin.desk import handling
from sessions_admin.forms import HandleForm

LARGEST_NUMBER = 10**18


@require_http_methods(["GET", "HEAD", "POST"])
def incident_handle(request: HttpRequest, number: int) -> HttpResponse:
    if not request.user.has_perm(permissions.HANDLE):
        return _refused(request, handling.HANDLE)
    row = _incident(number)
    form = HandleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, {"row": row})
    now, note = timezone.now(), form.cleaned_data["note"]
    seen_at, address = form.seen_at(now), address_of(request)
    done = handling.handle_incident(row, note, person_of(request), address=address, seen_at=seen_at, now=now)
    if done is None:
        messages.warning(request, _("Nothing was marked: the incident is resolved, or somebody marked it before you."))
    else:
        text = _("Marked as handled: the incident and its sessions have left the lists, not the record.")
        messages.success(request, text)
    return redirect("diagnostics:incident_detail", number=number)


@require_POST
def incident_unhandle(request: HttpRequest, number: int) -> HttpResponse:
    if not request.user.has_perm(permissions.HANDLE):
        return _refused(request, handling.UNHANDLE)
    row = _incident(number)
    is_done = handling.unhandle_incident(row, person_of(request), address=address_of(request), now=timezone.now())
    _tell_of_return(request, is_done=is_done)
    return redirect("diagnostics:incident_detail", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def session_handle(request: HttpRequest, key: str) -> HttpResponse:
    if not request.user.has_perm(permissions.HANDLE):
        return _refused(request, handling.HANDLE, key)
    entry = _session(key)
    form = HandleForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.cleaned_data["cause"] not in ("", entry.cause):
        form.add_error(None, _("The session has another cause by now: look at it, then decide again."))
    if not form.is_valid():
        return _page(request, form, {"entry": entry})
    note, address, now = form.cleaned_data["note"], address_of(request), timezone.now()
    if handling.handle_session(entry, note, person_of(request), address=address, now=now) is None:
        text = _(
            "Nothing was marked: the session has no fault, or another one by now, or somebody marked it before you."
        )
        messages.warning(request, text)
    else:
        messages.success(request, _("Marked as handled: the session has left the lists, not the record."))
    return redirect("diagnostics:session_detail", key=key)


@require_POST
def session_unhandle(request: HttpRequest, key: str) -> HttpResponse:
    if not request.user.has_perm(permissions.HANDLE):
        return _refused(request, handling.UNHANDLE, key)
    entry, person = _session(key), person_of(request)
    is_done = handling.unhandle_session(entry.key, person, address=address_of(request), now=timezone.now())
    _tell_of_return(request, is_done=is_done)
    return redirect("diagnostics:session_detail", key=key)


def _incident(number: int) -> Incident:
    row = Incident.objects.ever().filter(pk=number).first() if number < LARGEST_NUMBER else None
    if row is None:
        raise Http404
    return row


def _session(key: str) -> SessionEntry:
    """What no pass has seen has nothing in the lists that could leave them."""
    entry = entry_of(key)
    if entry is None:
        raise Http404
    return entry


def _page(request: HttpRequest, form: HandleForm, context: dict[str, object]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "sessions_admin/handle.html", {"form": form, **context}, status=status)


def _tell_of_return(request: HttpRequest, *, is_done: bool) -> None:
    if is_done:
        messages.success(request, _("Taken back: it stands in the lists again."))
    else:
        messages.warning(request, _("Nothing was taken back: it is not marked as handled any more."))


def _refused(request: HttpRequest, action: str, key: str = "") -> HttpResponse:
    if request.method == "POST":
        note = request.POST.get("note", "")[:500]
        handling.refuse(action, key, person_of(request), address=address_of(request), note=note)
    return refusal(request, permissions.HANDLE)
