"""From a plan to a run, at once or asked for: who may, why, and what has to be typed or acknowledged before many are touched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from sessions_admin import permissions, planning
from sessions_admin.actions import ACTIONS, LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.plans import LIFE
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import ActionPlan, Run
from sessions_admin.roles import roles_of
from sessions_admin.runs import decided
from sessions_admin.runs.decided import ASK, BEGIN

LARGE_COUNT, LARGE_PERCENT = 20, 20.0

NOTHING_TO_DO = gettext_noop("Refused: the plan holds nothing that would be done.")
NOT_TYPED = gettext_noop("Refused: type the number, %(count)s, to confirm that so many are meant.")
NOT_ACKNOWLEDGED = gettext_noop("Refused: acknowledge what stands above every page: %(conditions)s.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the form, or the shell, brings: the reason, the number typed, the conditions acknowledged, and the pace."""

    reason: str
    address: str
    typed: str = ""
    acknowledged: frozenset[str] = frozenset()
    at_once: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no run was begun: a key of the catalogues, and what fills it."""

    message: str
    values: dict[str, object]


def is_large(plan: ActionPlan) -> bool:
    """Whether the number must be typed: over 20 items and over 20 % of all, a loud action, or while a condition stands."""
    if ACTIONS[plan.action].is_loud:
        return True
    share = 100.0 * plan.to_do / plan.sessions_known if plan.sessions_known else 100.0
    return bool(plan.conditions) or (plan.to_do > LARGE_COUNT and share > LARGE_PERCENT)


def confirm(plan: ActionPlan, given: Confirmation, actor: User, now: datetime) -> Run | Refusal:
    """Begin the run of a plan, or ask a second person for it where the plan needs one.

    Sent twice, or by two people, it is the same run. A decision or a refused attempt stands in the audit.
    """
    if refusal := next(_objections(plan, given, actor, now), None):
        trail.add_refusal(attempt_of(plan, given, actor), "", refusal.message, refusal.values)
        return refusal
    try:
        with transaction.atomic():
            run = Run.objects.create(
                plan=plan,
                state=Run.State.ASKED if plan.second_reason else Run.State.QUEUED,
                actor=actor.get_username(),
                roles=roles_of(actor),
                address=given.address,
                reason=given.reason.strip(),
                acknowledged=sorted(given.acknowledged),
                at_once=given.at_once,
                queued_at=now,
            )
            decided.note(ASK if plan.second_reason else BEGIN, plan, actor, given.address, run.reason)
            return run
    except IntegrityError:
        return Run.objects.get(plan=plan)


def attempt_of(plan: ActionPlan, given: Confirmation, actor: User) -> Attempt:
    return Attempt(
        plan.action, plan.operation, plan.digest, actor.get_username(), roles_of(actor), given.address,
        given.reason.strip()[:LONGEST_REASON],
    )  # fmt: skip


def _objections(plan: ActionPlan, given: Confirmation, actor: User, now: datetime) -> Iterator[Refusal]:
    action = ACTIONS[plan.action]
    if not (actor.has_perm(action.permission) and actor.has_perm(permissions.ACT_ON_MANY)):
        yield Refusal(results.NO_RIGHT, {})
    if Run.objects.filter(plan=plan).exists():
        return
    if not is_reason(given.reason):
        yield Refusal(results.NO_REASON, {})
    if now - plan.made_at > LIFE:
        yield Refusal(results.NO_PLAN, {})
    if not plan.to_do:
        yield Refusal(NOTHING_TO_DO, {})
    if is_large(plan) and given.typed.strip() != str(plan.to_do):
        yield Refusal(NOT_TYPED, {"count": plan.to_do})
    if missing := _unacknowledged(plan, given.acknowledged):
        yield Refusal(NOT_ACKNOWLEDGED, {"conditions": ", ".join(missing)})


def _unacknowledged(plan: ActionPlan, acknowledged: Collection[str]) -> list[str]:
    """What stands now, or stood when the plan was made, and was not acknowledged."""
    return sorted({*plan.conditions, *planning.standing_conditions()} - set(acknowledged))
