"""What people decide about runs, in the audit: begun, asked for, approved, declined, stopped; each with plan, counts and digest."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils.translation import gettext_noop

from sessions_admin.actions import LONGEST_REASON, trail
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import ActionPlan
from sessions_admin.roles import roles_of

BEGIN, ASK, APPROVE, DECLINE, ABORT = "run_begin", "run_ask", "run_approve", "run_decline", "run_abort"

SENTENCES: Mapping[str, str] = {
    BEGIN: gettext_noop("A run was begun (%(action)s): %(to_do)s to be done, %(to_skip)s left alone."),
    ASK: gettext_noop("A second person was asked for (%(action)s): %(to_do)s to be done, %(to_skip)s left alone."),
    APPROVE: gettext_noop("The run that %(asker)s asked for was approved (%(action)s): %(to_do)s to be done."),
    DECLINE: gettext_noop("The run that %(asker)s asked for was declined (%(action)s): nothing was changed."),
    ABORT: gettext_noop("The run was told to stop (%(action)s); what is done stays done."),
}


def attempt_at(decision: str, plan: ActionPlan, actor: User, address: str, reason: str) -> Attempt:
    """Return who decides what about a plan's run, as the audit keeps it."""
    return Attempt(
        decision, plan.operation, plan.digest, actor.get_username(), roles_of(actor), address,
        reason.strip()[:LONGEST_REASON],
    )  # fmt: skip


def note(decision: str, plan: ActionPlan, actor: User, address: str, reason: str, *, asker: str = "") -> None:
    """Add the decision to the audit; called in the transaction that makes it true."""
    told = {"action": plan.action, "plan": plan.operation, "to_do": plan.to_do, "to_skip": plan.to_skip}
    values = {**told, "asker": asker} if asker else told
    trail.add_decision(attempt_at(decision, plan, actor, address, reason), SENTENCES[decision], values)
