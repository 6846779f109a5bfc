"""Policies: what each would do, its terms in force and proposed, the second person's answer, and how one is switched off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diagnostics.views.access import needs
from sessions_admin import permissions
from sessions_admin.actors import address_of, person_of
from sessions_admin.forms import WhyForm
from sessions_admin.models import Policy
from sessions_admin.policies import POLICIES, decide, first_terms
from sessions_admin.policies.decide import Decider, Refusal
from sessions_admin.policies.forms import APPROVE, TERMS, AnswerForm, TermsForm
from sessions_admin.policies.rounds import numbers_of
from sessions_admin.policies.shown import may_approve, may_decline, shown
from sessions_admin.policies.terms import terms_of
from sessions_admin.views.doing import may

PAGE = ("GET", "HEAD", "POST")


@require_safe
@needs(permissions.QUARANTINE)
def policy_list(request: HttpRequest) -> HttpResponse:
    return render(request, "sessions_admin/policy_list.html", {"policies": [shown(name) for name in POLICIES]})


@require_http_methods(PAGE)
@may(permissions.QUARANTINE, "policy_propose")
def policy_detail(request: HttpRequest, name: str) -> HttpResponse:
    """Show a policy; a POST proposes terms for it."""
    policy = _known(name)
    if request.method != "POST":
        return _detail(request, name, TermsForm(initial=_first(policy), request=request))
    form = TermsForm(request.POST, request=request)
    if not form.is_valid():
        return _detail(request, name, form, status=422)
    refusal = decide.propose(name, form.terms, _decider(request, form), timezone.now())
    if refusal:
        return _detail(request, name, form, status=422, refused=refusal)
    messages.success(request, _("These terms are proposed. They count once another person approves them."))
    return redirect("sessions_admin:policy_detail", name=name)


@require_http_methods(PAGE)
@may(permissions.QUARANTINE, "policy_approve")
def policy_decide(request: HttpRequest, name: str) -> HttpResponse:
    """Show proposed terms beside those in force; a POST approves or declines exactly these."""
    _known(name)
    if request.method != "POST":
        return _proposal(request, name, AnswerForm(request=request))
    form = AnswerForm(request.POST, request=request)
    if not form.is_valid():
        return _proposal(request, name, form, status=422)
    is_yes = form.cleaned_data["answer"] == APPROVE
    answer = decide.approve if is_yes else decide.decline
    refusal = answer(name, form.cleaned_data["digest"], _decider(request, form), timezone.now())
    if refusal:
        return _proposal(request, name, form, status=422, refused=refusal)
    text = _("The terms are in force, and the policy is on.") if is_yes else _("The proposed terms were declined.")
    messages.success(request, text)
    return redirect("sessions_admin:policy_detail", name=name)


@require_http_methods(PAGE)
@may(permissions.QUARANTINE, "policy_off")
def policy_off(request: HttpRequest, name: str) -> HttpResponse:
    """Ask why; a POST switches the policy off at once."""
    _known(name)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _off(request, name, form)
    if not form.is_valid():
        return _off(request, name, form, status=422)
    if refusal := decide.switch_off(name, _decider(request, form), timezone.now()):
        return _off(request, name, form, status=422, refused=refusal)
    messages.success(request, _("The policy is off. Its runs stop before their next file."))
    return redirect("sessions_admin:policy_detail", name=name)


@require_POST
@may(permissions.QUARANTINE, "policy_look")
def policy_look(request: HttpRequest, name: str) -> HttpResponse:
    """Let the worker look at the policy now, and ask once more where it was told no: it does what its terms allow."""
    _known(name)
    now = timezone.now()
    Policy.objects.filter(pk=name).update(due_at=now, ask_again_at=now)
    messages.success(request, _("The worker looks at it within a minute."))
    return redirect("sessions_admin:policy_detail", name=name)


def _known(name: str) -> Policy:
    if name not in POLICIES:
        raise Http404
    return decide.policy_named(name)


def _first(policy: Policy) -> dict[str, int]:
    """Return what the form begins with: terms that wait, those in force, or what is usual."""
    terms = terms_of(policy.proposed) or terms_of(policy.terms) or first_terms(policy.name)
    if terms:
        return terms.kept
    usual = POLICIES[policy.name].first_terms.kept
    return {name: usual[name] for name in TERMS if name != "age_days"}


def _decider(request: HttpRequest, form: WhyForm) -> Decider:
    return Decider(person_of(request), address_of(request), form.cleaned_data["reason"])


def _detail(
    request: HttpRequest, name: str, form: TermsForm, *, status: int = 200, refused: Refusal | None = None
) -> HttpResponse:
    fields = [form[field] for field in TERMS]
    context = {"shown": shown(name), "form": form, "fields": fields, "refused": refused}
    return render(request, "sessions_admin/policy_detail.html", context, status=status)


def _proposal(
    request: HttpRequest, name: str, form: AnswerForm, *, status: int = 200, refused: Refusal | None = None
) -> HttpResponse:
    found, person = shown(name), person_of(request)
    proposed = terms_of(found.policy.proposed)
    taken = numbers_of(name, proposed, timezone.now()) if proposed else {}
    context = {
        "files": len(taken),
        "bytes": sum(taken.values()),
        "shown": found,
        "form": form,
        "refused": refused,
        "may_approve": may_approve(found.policy, person),
        "may_decline": may_decline(found.policy, person),
        "is_author": found.policy.proposed_by == person.get_username(),
    }
    return render(request, "sessions_admin/policy_decide.html", context, status=status)


def _off(
    request: HttpRequest, name: str, form: WhyForm, *, status: int = 200, refused: Refusal | None = None
) -> HttpResponse:
    context = {"shown": shown(name), "form": form, "refused": refused}
    return render(request, "sessions_admin/policy_off.html", context, status=status)
