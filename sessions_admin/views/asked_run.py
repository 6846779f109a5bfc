"""A run that waits for a second person: what its page shows besides, and their answer."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from sessions_admin.actions import ACTIONS
from sessions_admin.actors import person_of
from sessions_admin.forms import ApproveForm, DeclineForm, FreshApproveForm
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs.approve import DECLINED, answerers, is_unanswered, may_answer
from sessions_admin.runs.decided import DECLINE
from sessions_admin.views.plan_items import shown_items


def asked_context(request: HttpRequest, run: Run) -> dict[str, object]:
    """Return what the page shows while a run waits for an answer; nothing for any other run."""
    if run.state != Run.State.ASKED or is_unanswered(run, timezone.now()):
        return {}
    action = ACTIONS[run.plan.action]
    return {
        "is_asked": True,
        "may_answer": may_answer(run, person_of(request)),
        "is_asker": person_of(request).get_username() == run.actor,
        "answerers": answerers(run.plan.action, run.actor),
        "button": action.button(run.plan.to_do) % {"number": run.plan.to_do},
        "approve_form": approve_form(request, run),
        "decline_form": DeclineForm(),
        **shown_items(run.plan),
    }


def approve_form(request: HttpRequest, run: Run, posted: QueryDict | None = None) -> ApproveForm:
    """Return the form that the action asks for; what is hard to undo has the password where the sign-in is old."""
    if ACTIONS[run.plan.action].needs_fresh_login:
        return FreshApproveForm(posted, request=request)
    return ApproveForm(posted)


def decline_reason(run: Run) -> str:
    """Return why somebody declined it, as the audit has it; '' where nobody did."""
    if run.halted_by != DECLINED:
        return ""
    found = AuditEntry.objects.filter(action=DECLINE, outcome="done", plan_digest=run.plan.digest)
    return found.values_list("reason", flat=True).first() or ""
