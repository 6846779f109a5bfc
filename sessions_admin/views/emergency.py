"""The disk emergency: what could be freed at once, to the byte, and the confirmation that everybody is told of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diagnostics.models import Pass
from diagnostics.probes.databases import HostUnavailable
from sessions_admin import outlook, permissions, planning
from sessions_admin.actors import address_of, person_of
from sessions_admin.host_writer import WritingOff
from sessions_admin.models import Run
from sessions_admin.policies.decide import Decider
from sessions_admin.policies.emergency import free, freeable
from sessions_admin.policies.forms import EmergencyForm
from sessions_admin.views.doing import may


@require_http_methods(["GET", "HEAD", "POST"])
@may(permissions.QUARANTINE, "expire")
def emergency(request: HttpRequest) -> HttpResponse:
    """Show what is held and no session claims; a POST deletes it for good, in the worker."""
    if request.method != "POST":
        return _page(request, EmergencyForm(request=request))
    form = EmergencyForm(request.POST, request=request)
    if not form.is_valid():
        return _page(request, form, status=422)
    by = Decider(person_of(request), address_of(request), form.cleaned_data["reason"])
    try:
        begun = free(form.cleaned_data["typed"], request.POST.getlist("acknowledged"), by, timezone.now())
    except (HostUnavailable, WritingOff, planning.PlanRefused) as error:
        text = _("Nothing was deleted: the files could not be looked at (%(detail)s).") % {"detail": error}
        return _page(request, form, status=503, refused=text)
    if isinstance(begun, Run):
        return redirect("sessions_admin:run_detail", operation=begun.pk)
    return _page(request, form, status=422, refused=begun.sentence)


def _page(request: HttpRequest, form: EmergencyForm, *, status: int = 200, refused: str = "") -> HttpResponse:
    context = {
        "found": freeable(),
        "most": planning.MOST_ITEMS,
        "bytes_free": outlook.bytes_free(),
        "claims_as_of": Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id").first(),
        "form": form,
        "refused": refused,
        "conditions": planning.standing_conditions(),
        "acknowledged": request.POST.getlist("acknowledged"),
    }
    return render(request, "sessions_admin/emergency.html", context, status=status)
