"""The markers of the charts: a list that everybody reads, and a form to set one; whoever may, takes one away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostics.permissions import VIEW_FIGURES
from diagnostics.views.access import needs, refusal
from sessions_admin.actors import address_of, person_of
from sessions_admin.desk import markers
from sessions_admin.marker_forms import MarkerForm, first_values
from sessions_admin.models import Marker
from sessions_admin.permissions import HANDLE
from sessions_admin.templatetags.markers import may_mark
from sessions_admin.views.back import back_of

A_PAGE = 100


@require_safe
@needs(VIEW_FIGURES)
def marker_list(request: HttpRequest) -> HttpResponse:
    return _page(request, MarkerForm(initial=first_values()))


@require_http_methods(["GET", "HEAD", "POST"])
def marker_set(request: HttpRequest) -> HttpResponse:
    """Set a marker, and lead back to the page whose form it was; by its address alone it leads to the list."""
    if not may_mark(request.user):
        return _refused(request, markers.MARK)
    if request.method != "POST":
        return redirect("sessions_admin:marker_list")
    form = MarkerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    markers.add(form.wanted, markers.person(person_of(request), address_of(request)), timezone.now())
    messages.success(request, _("The marker is set: it stands on every chart of that time."))
    return redirect(back_of(request.POST) or "sessions_admin:marker_list")


@require_POST
def marker_take_away(request: HttpRequest, number: int) -> HttpResponse:
    if not may_mark(request.user):
        return _refused(request, markers.UNMARK)
    is_done = number < 2**63 and markers.take_away(number, markers.person(person_of(request), address_of(request)))
    if is_done:
        messages.success(request, _("The marker is taken away; the audit keeps its text."))
    else:
        messages.warning(request, _("Nothing was taken away: the marker is not there any more."))
    return redirect("sessions_admin:marker_list")


def _page(request: HttpRequest, form: MarkerForm, status: int = 200) -> HttpResponse:
    page = Paginator(Marker.objects.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "may_mark": may_mark(request.user), "back": back_of(request.POST)}
    return render(request, "sessions_admin/marker_list.html", context, status=status)


def _refused(request: HttpRequest, action: str) -> HttpResponse:
    if request.method == "POST":
        markers.refuse(action, markers.person(person_of(request), address_of(request)))
    return refusal(request, HANDLE)
