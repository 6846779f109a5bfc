"""The weekly report as a page that prints, and who gets it by mail."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostics.permissions import VIEW_FIGURES
from diagnostics.views.access import needs
from sessions_admin.actors import address_of, person_of
from sessions_admin.forms import SubscribeForm
from sessions_admin.models import ReportSubscription
from sessions_admin.report import subscribing
from sessions_admin.report.build import build
from sessions_admin.report.weeks import WEEK, last_week, week_named
from sessions_admin.report.words import sheet_of


@require_safe
@needs(VIEW_FIGURES)
def report(request: HttpRequest) -> HttpResponse:
    """Show the report of the last week, or of the one that `week` lies in."""
    monday = week_named(request.GET.get("week", ""), timezone.now(), timezone.get_default_timezone())
    if monday is None:
        raise Http404
    return _page(request, monday)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW_FIGURES)
def report_subscribe(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("sessions_admin:report")
    form, now = SubscribeForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, last_week(now, timezone.get_default_timezone()), form, status=422)
    told = form.cleaned_data
    asked_from = address_of(request)
    if subscribing.subscribe(person_of(request), told["address"], told["language"], asked_from=asked_from, now=now):
        messages.success(request, _("The report goes to %(address)s, on Mondays from 07:00.") % told)
    else:
        messages.info(request, _("Nothing has changed: the report goes to %(address)s already.") % told)
    return redirect("sessions_admin:report")


@require_POST
@needs(VIEW_FIGURES)
def report_unsubscribe(request: HttpRequest) -> HttpResponse:
    if subscribing.unsubscribe(person_of(request), asked_from=address_of(request)):
        messages.success(request, _("You get no report any more."))
    else:
        messages.info(request, _("Nothing has changed: no report was sent to you."))
    return redirect("sessions_admin:report")


def _page(request: HttpRequest, monday: date, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    person, newest = person_of(request), last_week(timezone.now(), timezone.get_default_timezone())
    standing = ReportSubscription.objects.filter(user=person).first()
    context = {
        "sheet": sheet_of(build(monday)),
        "monday": monday.isoformat(),
        "sunday": (monday + WEEK - timedelta(days=1)).isoformat(),
        "week_before": (monday - WEEK).isoformat(),
        "week_after": (monday + WEEK).isoformat() if monday < newest else "",
        "standing": standing,
        "form": form or SubscribeForm(initial=_first_values(person.email, standing)),
        "reports": subscribing.reports_of(person),
        "has_mail_server": bool(settings.SMTP_URL),
    }
    return render(request, "sessions_admin/report/report.html", context, status=status)


def _first_values(address: str, standing: ReportSubscription | None) -> dict[str, str]:
    if standing:
        return {"address": standing.address, "language": standing.language}
    return {"address": address, "language": get_language() or settings.LANGUAGE_CODE}
