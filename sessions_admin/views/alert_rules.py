"""The rules of the alerts: what each means and how it stands; its levels, tried on the past before they are put in force."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diagnostics.alerts.backtest import Backtest, backtest
from diagnostics.domain.alerts.rules import BY_NAME, Rule
from diagnostics.permissions import VIEW_FIGURES
from diagnostics.views.access import needs
from sessions_admin.actors import By, address_of, person_of
from sessions_admin.alerting import levels, recipients
from sessions_admin.alerting.deciding import AlertRefused
from sessions_admin.alerting.levels import back_to_default
from sessions_admin.alerting.levels import change as change_levels
from sessions_admin.alerting.levels_form import WHY, LevelsForm, first_values
from sessions_admin.alerting.recipients import change as change_recipients
from sessions_admin.alerting.recipients_form import RecipientsForm
from sessions_admin.alerting.rule_shown import all_shown
from sessions_admin.permissions import ADMINISTER
from sessions_admin.views.alert_rules_shown import rule_context
from sessions_admin.views.doing import may

PAGE = ("GET", "HEAD", "POST")
BACKTEST, DEFAULT = "backtest", "default"


@require_safe
@needs(VIEW_FIGURES)
def alert_rule_list(request: HttpRequest) -> HttpResponse:
    return render(request, "sessions_admin/alert_rule_list.html", {"rules": all_shown()})


@require_safe
@needs(VIEW_FIGURES)
def alert_rule(request: HttpRequest, name: str) -> HttpResponse:
    return _page(request, _known(name))


@require_http_methods(PAGE)
@may(ADMINISTER, levels.DECISION)
def alert_levels(request: HttpRequest, name: str) -> HttpResponse:
    """Change a rule's levels, put the default ones back, or only try what was typed on the past."""
    rule = _known(name)
    if request.method != "POST":
        return redirect("sessions_admin:alert_rule", name=name)
    form, doing = LevelsForm(request.POST, rule=rule), request.POST.get("do", "")
    if doing == BACKTEST:
        return _tried(request, rule, form)
    if not (form.is_fit(only=WHY) if doing == DEFAULT else form.is_fit()):
        return _page(request, rule, form, status=422)
    try:
        _put(request, rule, form, doing)
    except AlertRefused as refused:
        return _page(request, rule, _as_it_stands(request, rule), status=409, refused=refused.sentence)
    messages.success(request, _("This is in force from the next round on."))
    return redirect("sessions_admin:alert_rule", name=name)


@require_http_methods(PAGE)
@may(ADMINISTER, recipients.DECISION)
def alert_recipients(request: HttpRequest, name: str) -> HttpResponse:
    """Have other channels told of a rule."""
    rule = _known(name)
    if request.method != "POST":
        return redirect("sessions_admin:alert_rule", name=name)
    form = RecipientsForm(request.POST)
    if not form.is_valid():
        return _page(request, rule, told=form, status=422)
    by = By(person_of(request), form.cleaned_data["reason"], address_of(request))
    try:
        change_recipients(name, form.ticked, seen=form.cleaned_data["seen"], by=by)
    except AlertRefused as refused:
        return _page(request, rule, told=_anew(request, name), status=409, refused=refused.sentence)
    messages.success(request, _("Who is told was changed."))
    return redirect("sessions_admin:alert_rule", name=name)


def _known(name: str) -> Rule:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


def _tried(request: HttpRequest, rule: Rule, form: LevelsForm) -> HttpResponse:
    """Show what the typed levels would have done; nothing is changed, and no reason is needed for that."""
    if not form.is_fit(but=WHY) or not rule.can_backtest:
        return _page(request, rule, form, status=422)
    return _page(request, rule, form, tried=backtest(rule.name, form.levels, timezone.now()))


def _put(request: HttpRequest, rule: Rule, form: LevelsForm, doing: str) -> None:
    cleaned, now = form.cleaned_data, timezone.now()
    by = By(person_of(request), cleaned["reason"], address_of(request))
    if doing == DEFAULT:
        back_to_default(rule.name, seen=cleaned["seen"], by=by, now=now)
    else:
        change_levels(rule.name, form.levels, is_on=cleaned["is_on"], seen=cleaned["seen"], by=by, now=now)


def _as_it_stands(request: HttpRequest, rule: Rule) -> LevelsForm:
    """Return the form with all that was typed, made anew of what stands now: sent again, it counts."""
    typed = request.POST.copy()
    typed["seen"] = str(levels.standing(rule).revision)
    return LevelsForm(initial=typed.dict() | {"is_on": "is_on" in typed}, rule=rule)


def _anew(request: HttpRequest, name: str) -> RecipientsForm:
    typed = request.POST.copy()
    typed["seen"] = recipients.seen_of(recipients.recipients(name))
    return RecipientsForm(typed)


def _page(
    request: HttpRequest,
    rule: Rule,
    form: LevelsForm | None = None,
    *,
    told: RecipientsForm | None = None,
    tried: Backtest | None = None,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    standing = levels.standing(rule)
    form = form or LevelsForm(initial=first_values(standing), rule=rule)
    context = rule_context(standing, form, told, tried, may_change=request.user.has_perm(ADMINISTER))
    return render(request, "sessions_admin/alert_rule.html", context | {"refused": refused}, status=status)
