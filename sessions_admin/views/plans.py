"""Plans: made from one session, ticked ones, a filter or an incident; shown with what is expected of each, and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diagnostics.probes.databases import HostUnavailable
from diagnostics.views.access import refusal, roles_with
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.actions.plans import LIFE
from sessions_admin.actors import address_of, person_of
from sessions_admin.forms import FreshPlanForm, PlanForm
from sessions_admin.host_writer import WritingOff
from sessions_admin.models import ActionPlan, Run
from sessions_admin.planning import PlanRefused, keys_of_query, make_plan, standing_conditions
from sessions_admin.runs.approve import answerers
from sessions_admin.runs.confirm import Confirmation, Refusal, confirm, is_large
from sessions_admin.views.back import back_of, way_back
from sessions_admin.views.doing import may, note_refused
from sessions_admin.views.plan_items import shown_items


@require_POST
@may(permissions.ACT_ON_MANY, "plan")
def plan_new(request: HttpRequest) -> HttpResponse:
    """Freeze what was chosen: these sessions, or all that a filter of the list shows now."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        return _not_made(request, _("This action is not known."), status=422)
    if not request.user.has_perm(ACTIONS[action].permission):
        note_refused(request, action)
        return refusal(request, ACTIONS[action].permission)
    now = timezone.now()
    try:
        keys, scope = _chosen(request.POST)
        of = request.POST.get("of", "sessions")  # what was chosen: sessions, or the files of a list of files
        plan = make_plan(action, keys, {**scope, "of": of}, person_of(request), now)
    except PlanRefused as refused:
        return _not_made(request, _(refused.message) % refused.values, status=422)
    except WritingOff:
        return _not_made(request, _("The dashboard is read-only: HOST_WRITE_DATABASE_URL is not set."), status=422)
    except HostUnavailable as error:
        return _not_made(request, _("The host’s database does not answer."), detail=str(error), status=503)
    return redirect("sessions_admin:plan_detail", operation=plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may(permissions.ACT_ON_MANY, "run_begin")
def plan_detail(request: HttpRequest, operation: str) -> HttpResponse:
    """Show a plan; a POST confirms it, and leads to its run."""
    plan = get_object_or_404(ActionPlan, pk=operation)
    if run := Run.objects.filter(plan=plan).first():
        return redirect("sessions_admin:run_detail", operation=run.pk)
    if request.method != "POST":
        return _page(request, plan, _form(request, plan))
    form = _form(request, plan, request.POST)
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    begun = confirm(plan, _given(request, form), person_of(request), timezone.now())
    if isinstance(begun, Refusal):
        return _page(request, plan, form, status=422, refused=_(begun.message) % begun.values)
    return redirect("sessions_admin:run_detail", operation=begun.pk)


def _chosen(posted: QueryDict) -> tuple[list[str], Mapping[str, str]]:
    """Return the items, and where they came from; the list's form has both, and says that it means the ticked ones."""
    back = back_of(posted)
    if "query" in posted and "ticked" not in posted:
        query = str(posted["query"])
        return keys_of_query(query, timezone.now()), {"kind": "filter", "query": query, "back": back}
    return posted.getlist("key"), {"kind": "ids", "back": back}


def _form(request: HttpRequest, plan: ActionPlan, posted: QueryDict | None = None) -> PlanForm:
    """Return the form that the action asks for; what is hard to undo has the password where the sign-in is old."""
    if ACTIONS[plan.action].needs_fresh_login:
        return FreshPlanForm(posted, request=request)
    return PlanForm(posted)


def _given(request: HttpRequest, form: PlanForm) -> Confirmation:
    return Confirmation(
        reason=form.cleaned_data["reason"],
        address=address_of(request),
        typed=form.cleaned_data["typed"],
        acknowledged=frozenset(request.POST.getlist("acknowledged")),
        at_once=form.cleaned_data["at_once"] or 0,
    )


def _page(
    request: HttpRequest, plan: ActionPlan, form: PlanForm, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    action = ACTIONS[plan.action]
    now = timezone.now()
    conditions = sorted({*plan.conditions, *standing_conditions()})
    context = {
        "title": action.title if plan.to_do + plan.to_skip == 1 else action.title_of_many,
        "button": action.button(plan.to_do) % {"number": plan.to_do},
        "form": form,
        "refused": refused,
        "may": request.user.has_perm(action.permission),
        "allowed_roles": roles_with(action.permission),
        "is_large": is_large(plan) or bool(conditions),
        "conditions": conditions,
        "acknowledged": request.POST.getlist("acknowledged"),
        "ends_at": plan.made_at + LIFE,
        "is_old": now - plan.made_at > LIFE - timedelta(seconds=1),
        "is_too_large_for_disk": _is_too_large(plan),
        "second_reason": plan.second_sentence,
        "answerers": answerers(plan.action, person_of(request).get_username()) if plan.second_reason else [],
        "back": way_back(plan.scope, is_on_files=action.on_files),
    }
    return render(request, "sessions_admin/plan_detail.html", context | shown_items(plan), status=status)


def _is_too_large(plan: ActionPlan) -> bool:
    return plan.bytes_needed is not None and plan.bytes_free is not None and plan.bytes_needed > plan.bytes_free


def _not_made(request: HttpRequest, text: str, *, status: int, detail: str = "") -> HttpResponse:
    scope = {"back": back_of(request.POST), "query": request.POST.get("query", "")}
    context = {"text": text, "detail": detail, "back": way_back(scope, is_on_files=False)}
    return render(request, "sessions_admin/plan_refused.html", context, status=status)
