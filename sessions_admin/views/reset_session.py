"""Reset one failed session: the preview, then the confirmed change."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.probes.databases import HostUnavailable
from diagnostics.views.access import refusal
from sessions_admin import permissions
from sessions_admin.actions import perform, refuse
from sessions_admin.actions.plans import Plan, PlanInvalid, sealed, unsealed
from sessions_admin.actions.reset import NAME, changes, not_granted, plan_for
from sessions_admin.actions.results import Kind, Outcome
from sessions_admin.actions.trail import visible
from sessions_admin.actors import address_of, person_of
from sessions_admin.forms import ReasonForm
from sessions_admin.host_writer import AmbiguousKey, HostRow, WritingOff, open_preview
from sessions_admin.views.warnings import warnings_about

LONGEST_SHOWN = 2000
LEVELS: dict[str, int] = {Kind.DONE: messages.SUCCESS, Kind.SKIPPED: messages.WARNING, Kind.UNKNOWN: messages.WARNING}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the preview; texts that are too long to show are cut, `hidden` says by how many characters."""

    name: str
    now: str | None
    then: str | None = None
    hidden: int = 0


@dataclass(slots=True)
class Preview:
    """What the page shows. `hindrance` is why nothing can be done: off, unavailable, gone, ambiguous, status, grants."""

    key: str
    hindrance: str = ""
    detail: str = ""
    plan: Plan | None = None
    changing: list[Column] = field(default_factory=list)
    staying: list[Column] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
def reset_session(request: HttpRequest, key: str) -> HttpResponse:
    if not request.user.has_perm(permissions.RESET_SESSION):
        return _refused(request, key)
    if request.method == "POST":
        return _confirmed(request, key)
    preview = preview_of(key)
    return _page(request, preview, ReasonForm(), status=404 if preview.hindrance == "gone" else 200)


def preview_of(key: str) -> Preview:
    """Read the row and say what a reset would change, column by column; nothing is written."""
    try:
        with open_preview() as writer:
            row = writer.read(key)
            if row is None:
                return Preview(key, "gone")
            plan = plan_for(row, timezone.now())
            after = changes(writer, row, plan.made_at)
            missing = not_granted(writer, row)
    except WritingOff:
        return Preview(key, "off")
    except AmbiguousKey:
        return Preview(key, "ambiguous")
    except HostUnavailable as error:
        return Preview(key, "unavailable", str(error))
    if row.status != "failed":
        return Preview(key, "status", row.status)
    if missing:
        return Preview(key, "grants", ", ".join(missing))
    return _columns(Preview(key, plan=plan), row, after)


def _columns(preview: Preview, row: HostRow, after: dict[str, str | None]) -> Preview:
    for name, value in row.values.items():
        shown = None if value is None else visible(value[:LONGEST_SHOWN])
        hidden = max(0, len(value or "") - LONGEST_SHOWN)
        column = Column(name, shown, after.get(name), hidden)
        (preview.changing if after.get(name, value) != value else preview.staying).append(column)
    return preview


def _confirmed(request: HttpRequest, key: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    try:
        promised = unsealed(request.POST.get("plan", ""), request.user)
    except PlanInvalid:
        promised = None
    if promised is None or [item.key for item in promised.items] != [key]:
        form.add_error(None, _("This preview is too old, or not yours: look at the new one, then confirm."))
        promised = None
    if promised is None or not form.is_valid():
        return _again(request, key, form, promised)
    outcome = perform(
        NAME, promised, actor=person_of(request), reason=form.cleaned_data["reason"], address=address_of(request)
    )
    return _after(request, key, outcome)


def _again(request: HttpRequest, key: str, form: ReasonForm, promised: Plan | None) -> HttpResponse:
    """Show the preview again with what is wrong; the plan stays the same one while the row does."""
    preview = preview_of(key)
    if promised is not None and preview.plan is not None:
        if preview.plan.digest == promised.digest:
            preview.plan = promised
        else:
            form.add_error(None, _("The session changed while you were writing: this is how it is now."))
    return _page(request, preview, form, status=422)


def _after(request: HttpRequest, key: str, outcome: Outcome) -> HttpResponse:
    if outcome.kind == Kind.REFUSED:
        return _page(request, preview_of(key), ReasonForm(), status=403, refused=outcome.results[0].sentence)
    text = " ".join(result.sentence for result in outcome.results)
    if outcome.is_repeated:
        text = _("This form was sent before; nothing was done twice. It came to this: %(text)s") % {"text": text}
    messages.add_message(request, LEVELS.get(outcome.kind, messages.ERROR), text)
    if outcome.kind == Kind.FAILED:
        return redirect("sessions_admin:reset_session", key=key)
    return redirect("diagnostics:session_detail", key=key)


def _page(request: HttpRequest, preview: Preview, form: ReasonForm, *, status: int, refused: str = "") -> HttpResponse:
    context = {
        "preview": preview,
        "form": form,
        "token": sealed(preview.plan, request.user) if preview.plan else "",
        "warnings": warnings_about(preview.key) if preview.plan else [],
        "refused": refused,
    }
    return render(request, "sessions_admin/reset_session.html", context, status=status)


def _refused(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        refuse(NAME, key, actor=person_of(request), reason=reason, address=address_of(request))
    return refusal(request, permissions.RESET_SESSION)
