"""The page of the pause: how it stands, the switch, what users read, how the host reads it, and all pauses there were."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diagnostics.permissions import VIEW_FIGURES
from diagnostics.views.access import needs, refusal
from sessions_admin import availability_file, pause_texts, pausing
from sessions_admin.actions import results
from sessions_admin.actors import By, address_of, person_of
from sessions_admin.models import Pause
from sessions_admin.pause_forms import EndForm, PauseForm, first_values, kept
from sessions_admin.pausing import PauseRefused
from sessions_admin.permissions import PAUSE
from sessions_admin.templatetags.pause_band import band_of
from sessions_admin.views.pause_shown import shown


@require_safe
@needs(VIEW_FIGURES)
def pause(request: HttpRequest) -> HttpResponse:
    return _page(request, Pause.standing())


@require_safe
@needs(VIEW_FIGURES)
def pause_band(request: HttpRequest) -> HttpResponse:
    """The band alone, for open pages that ask whether it is still as they show it."""
    band = band_of(timezone.now())
    if request.GET.get("version") == band["version"]:
        return HttpResponse(status=204)
    return render(request, "sessions_admin/_pause_band.html", band)


@require_http_methods(["GET", "HEAD", "POST"])
def pause_switch(request: HttpRequest) -> HttpResponse:
    """Begin a pause, or change the one that was seen; other buttons of the form only show it again."""
    action = "pause_change" if request.POST.get("seen") else "pause"
    if (other := _not_for_this(request, action)) is not None:
        return other
    standing = Pause.standing()
    if "fill" in request.POST or "preview" in request.POST:
        return _shown_again(request, standing)
    form = PauseForm(request.POST, request=request, standing=standing)
    if not form.is_valid():
        return _invalid(request, standing, form, action)
    now, by, seen = timezone.now(), _by(request, form), form.cleaned_data["seen"]
    try:
        pausing.revise(seen, form.terms, by, now) if seen else pausing.begin(form.terms, by, now)
    except PauseRefused as refused:
        return _overtaken(request, form, refused)
    return _after(request, _("The pause was changed.") if seen else _("Long sequences are paused."))


@require_http_methods(["GET", "HEAD", "POST"])
def pause_end(request: HttpRequest) -> HttpResponse:
    if (other := _not_for_this(request, "pause_end")) is not None:
        return other
    form = EndForm(request.POST, request=request)
    if not form.is_valid():
        return _invalid(request, Pause.standing(), form, "pause_end")
    try:
        pausing.end(form.cleaned_data["seen"], _by(request, form), timezone.now())
    except PauseRefused as refused:
        again = EndForm(initial={"reason": form.cleaned_data["reason"]}, request=request)
        return _page(request, Pause.standing(), again, status=409, refused=refused.sentence)
    return _after(request, _("Long sequences are available again."))


def _not_for_this(request: HttpRequest, action: str) -> HttpResponse | None:
    """Refuse who may not, which the audit notes of a try; lead who comes by the address alone to the page."""
    if not request.user.has_perm(PAUSE):
        if request.method == "POST":
            by = By(person_of(request), request.POST.get("reason", ""), address_of(request))
            pausing.refuse(action, by, results.NO_RIGHT)
        return refusal(request, PAUSE)
    return None if request.method == "POST" else redirect("sessions_admin:pause")


def _by(request: HttpRequest, form: EndForm) -> By:
    return By(person_of(request), form.cleaned_data["reason"], address_of(request))


def _shown_again(request: HttpRequest, standing: Pause | None) -> HttpResponse:
    """Show what was typed as users would read it, with a ready text put in where one was asked for."""
    values: dict[str, object] = {**kept(request.POST), "seen": request.POST.get("seen", "")}
    ready = pause_texts.READY.get(request.POST.get("fill", ""))
    if ready:
        values |= {"text_en": ready.english, "text_zh": ready.chinese}
    return _page(request, standing, PauseForm(initial=values, request=request, standing=standing))


def _invalid(request: HttpRequest, standing: Pause | None, form: EndForm, action: str) -> HttpResponse:
    if "password" in form.errors and request.POST.get("password"):
        by = By(person_of(request), request.POST.get("reason", ""), address_of(request))
        pausing.refuse(action, by, pausing.NO_PASSWORD)
    return _page(request, standing, form, status=422)


def _overtaken(request: HttpRequest, form: PauseForm, refused: PauseRefused) -> HttpResponse:
    """Somebody was quicker: show how it stands now, with what was typed; the same form sent twice changes nothing."""
    standing = Pause.standing()
    if standing and not form.cleaned_data["seen"] and _is_the_same(standing, request, form):
        return redirect("sessions_admin:pause")
    values: Mapping[str, object] = {**kept(request.POST), "seen": standing.seen if standing else ""}
    again = PauseForm(initial=values, request=request, standing=standing)
    return _page(request, standing, again, status=409, refused=refused.sentence)


def _is_the_same(standing: Pause, request: HttpRequest, form: PauseForm) -> bool:
    told = (standing.begun_by, standing.text_en, standing.text_zh, standing.contact)
    terms = form.terms
    return told == (request.user.get_username(), terms.text_en, terms.text_zh, terms.contact)


def _after(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    if problem := availability_file.write_now():
        text = _(
            "The file for the host cannot be written (%(problem)s); the worker tries again. The address tells it already."
        )
        messages.warning(request, text % {"problem": problem})
    return redirect("sessions_admin:pause")


def _page(
    request: HttpRequest, standing: Pause | None, form: EndForm | None = None, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    form = form or _first_form(request, standing)
    context = shown(request, standing, form, timezone.now()) | {"refused": refused}
    return render(request, "sessions_admin/pause.html", context, status=status)


def _first_form(request: HttpRequest, standing: Pause | None) -> EndForm:
    """Where nothing is paused, to pause; where something is, to end it, or, by a link, to change it."""
    if standing and "change" not in request.GET:
        return EndForm(initial={"seen": standing.seen}, request=request)
    return PauseForm(initial=first_values(standing), request=request, standing=standing)
