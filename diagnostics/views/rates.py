"""The rates: how good are we, in a period that is compared with the one before, and why it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from diagnostics import permissions
from diagnostics.domain.rates.figures import Rates
from diagnostics.domain.rates.periods import ANY, NAMED, Period, Problem, named, read_period
from diagnostics.domain.wording.rates import patience_sentence
from diagnostics.models import Pass, RateFigures
from diagnostics.rates.reading import compare
from diagnostics.views import rates_drawn, rates_shown
from diagnostics.views.access import needs
from diagnostics.views.rates_shown import Happened

USUAL = "7d"
TABS: dict[str, str | Promise] = {"24h": _("24 hours"), "7d": _("7 days"), "30d": _("30 days"), "90d": _("90 days")}
PROBLEMS: dict[Problem, str | Promise] = {
    Problem.UNKNOWN: _("There is no such period."),
    Problem.FROM_MISSING: _("Say from which day on."),
    Problem.BAD_FROM: _("The first day is no date, or none that can be meant."),
    Problem.BAD_TO: _("The last day is no date, or none that can be meant."),
    Problem.REVERSED: _("The last day lies before the first."),
    Problem.IN_FUTURE: _("The period has not begun yet."),
    Problem.TOO_LONG: _("The period is longer than five years."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that an address asks for, and what is wrong with the address ('': nothing): the usual one is shown then."""

    period: Period
    problem: str | Promise
    query: str


@require_safe
@needs(permissions.VIEW_FIGURES)
def rates(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, which are kept by the passes and only added up here."""
    zone, asked = timezone.get_default_timezone(), asked_of(request)
    figures, earlier = compare(asked.period)
    may_open = request.user.has_perm(permissions.VIEW_SESSIONS)
    context = {
        **_chosen(request, asked, zone),
        "state": _state(figures),
        "figures": figures,
        "earlier": earlier,
        "earlier_words": rates_shown.span_words(earlier.since, earlier.until, zone),
        "watching_since": _watching_since(asked.period),
        "may_open": may_open,
        **_told(figures, earlier, zone, may_open=may_open),
    }
    return render(request, "diagnostics/rates.html", context, status=422 if asked.problem else 200)


def asked_of(request: HttpRequest) -> Asked:
    now, zone = timezone.now(), timezone.get_default_timezone()
    found = read_period(request.GET, now, zone)
    if isinstance(found, Problem):
        return Asked(named(USUAL, now, zone), PROBLEMS[found], f"period={USUAL}")
    if found.name in NAMED:
        return Asked(found, "", f"period={found.name}")
    told = {name: request.GET.get(name, "") for name in ("from", "to") if request.GET.get(name)}
    return Asked(found, "", urlencode({"period": ANY, **told}))


def _chosen(request: HttpRequest, asked: Asked, zone: tzinfo) -> dict[str, object]:
    """Return what the choice of a period shows."""
    period, page = asked.period, reverse("diagnostics:rates")
    last_day = (period.until.astimezone(zone) - timedelta(seconds=1)).date()
    return {
        "tabs": [(word, f"{page}?period={name}", name == period.name) for name, word in TABS.items()],
        "problem": asked.problem,
        "first_day": request.GET.get("from", "") if asked.problem else f"{period.since.astimezone(zone):%Y-%m-%d}",
        "last_day": request.GET.get("to", "") if asked.problem else last_day.isoformat(),
        "period_words": rates_shown.span_words(period.since, period.until, zone),
        "zone": zone,
        "zone_words": rates_shown.zone_words(zone, period.until),
        "export_url": f"{reverse('diagnostics:rates_export')}?{asked.query}",
    }


def _state(figures: Rates) -> str:
    """Return whether there is anything to show, and if not, why: "uncounted", "nothing_yet", "nothing" or "figures"."""
    left = figures.left_out
    if figures.by_status.of or figures.by_file.of or left.settling or left.unchecked or left.undated:
        return "figures"
    if RateFigures.objects.exists():
        return "nothing"
    return "uncounted" if figures.counted_to is None else "nothing_yet"


def _watching_since(period: Period) -> datetime | None:
    """Return when the files were first looked at, where the period began before that; None: it did not, or never."""
    seen = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, root_device__isnull=False).order_by()
    first: datetime | None = seen.aggregate(first=Min("finished_at"))["first"]
    return first if first is not None and period.since < first else None


def _told(figures: Rates, earlier: Rates, zone: tzinfo, *, may_open: bool) -> dict[str, object]:
    """Return the head, the charts and the tables."""
    link, wait = rates_shown.session_links(may_open=may_open), settings.LIMITS.client_timeout_seconds
    happened: Sequence[Happened] = rates_shown.incidents_of(figures.since, figures.until) if may_open else ()
    return {
        "head": rates_shown.head_of(figures, earlier),
        "links": rates_shown.total_links(figures, link),
        "happened": happened,
        "lines": rates_drawn.rate_lines(figures, zone),
        "outcomes": rates_drawn.outcome_columns(figures, zone, link),
        "times": rates_drawn.time_lines(figures, zone),
        "histogram": rates_drawn.histogram(figures.times, wait),
        "rows": rates_shown.bar_rows(figures, zone, link),
        "lengths": rates_shown.length_rows(figures.by_length.items()),
        "patience": patience_sentence(figures.times.patience, wait, get_language() or "en"),
        "wait": wait,
        "causes": rates_shown.cause_rows(figures, earlier, link),
        "lost_causes": rates_shown.lost_rows(figures, earlier, link),
    }
