"""Every change goes through here: the actions, and `perform`, the one door to them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError
from django.utils import timezone

from diagnostics.probes.databases import HostUnavailable
from sessions_admin.actions import results, trail
from sessions_admin.actions.action import Action
from sessions_admin.actions.by_policy import BY_POLICY
from sessions_admin.actions.complete import COMPLETE
from sessions_admin.actions.execution import execute
from sessions_admin.actions.expire import EXPIRE
from sessions_admin.actions.mark_failed import MARK_FAILED
from sessions_admin.actions.plans import Plan
from sessions_admin.actions.quarantine import QUARANTINE
from sessions_admin.actions.regenerate import REGENERATE
from sessions_admin.actions.relink import RELINK
from sessions_admin.actions.reset import RESET
from sessions_admin.actions.reset_stuck import RESET_STUCK
from sessions_admin.actions.restore import RESTORE
from sessions_admin.actions.results import Kind, Outcome, Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.host_writer import AmbiguousKey, WritingOff
from sessions_admin.models import AuditEntry
from sessions_admin.result import NotMoved, StoreTrouble
from sessions_admin.roles import roles_of
from sessions_admin.telling.outbox import commit_outcomes

ON_ROWS = (RESET, RESET_STUCK, MARK_FAILED, COMPLETE, RELINK, REGENERATE)
ON_FILES = (QUARANTINE, RESTORE, EXPIRE, *BY_POLICY)
ACTIONS: dict[str, Action] = {action.name: action for action in (*ON_ROWS, *ON_FILES)}
# Their items are held files; those of the other actions on files stand in the ledger.
OF_HELD_FILES = (RESTORE.name, EXPIRE.name)
OF_POLICIES = frozenset(action.name for action in BY_POLICY)  # nobody chooses these by hand

SHORTEST_REASON, LONGEST_REASON = 3, 500
# Longer than any request can still be at work on its intent.
UNSETTLED_AFTER = timedelta(minutes=2)
logger = logging.getLogger(__name__)


def perform(action: str, plan: Plan, *, actor: User, reason: str, address: str) -> Outcome:
    """Do what the plan's preview showed, and nothing else; the audit has an entry whatever happens.

    The same plan (by its operation) acts once: sent again, its stored outcome is returned.
    """
    attempt = _attempt(action, actor, reason, address)
    attempt = replace(attempt, operation=plan.operation, plan_digest=plan.digest)
    if refusal := _refusal(action, plan, actor, attempt.reason):
        return _refused(attempt, plan.items[0].key if len(plan.items) == 1 else "", refusal)
    if stored := _stored(plan):
        return Outcome(plan.operation, stored, is_repeated=True)
    return Outcome(plan.operation, tuple(execute(ACTIONS[action], attempt, list(enumerate(plan.items)))))


def refuse(action: str, key: str, *, actor: User, reason: str, address: str) -> Outcome:
    """Note the attempt of somebody who may not even see the preview."""
    return _refused(_attempt(action, actor, reason, address), key, results.NO_RIGHT)


def is_reason(text: str) -> bool:
    return SHORTEST_REASON <= len(text.strip()) <= LONGEST_REASON


def settle_open_intents(now: datetime) -> int:
    """Find out what became of actions that were interrupted; return how many could be settled."""
    entries = AuditEntry.objects.open_intents().filter(at__lt=now - UNSETTLED_AFTER).order_by("seq")
    return sum(settle_now(entry) for entry in entries)


def _attempt(action: str, actor: User, reason: str, address: str) -> Attempt:
    return Attempt(action, "", "", actor.get_username(), roles_of(actor), address, reason.strip()[:LONGEST_REASON])


def _refusal(action: str, plan: Plan, actor: User | AnonymousUser, reason: str) -> str:
    if not actor.has_perm(ACTIONS[action].permission):
        return results.NO_RIGHT
    if not is_reason(reason):
        return results.NO_REASON
    if plan.action != action or not plan.is_alive(timezone.now()):
        return results.NO_PLAN
    return ""


def _refused(attempt: Attempt, key: str, message: str) -> Outcome:
    entry = trail.add_refusal(attempt, key, message)
    return Outcome(entry.operation, (Result(Kind.REFUSED, message),))


def _stored(plan: Plan) -> tuple[Result, ...]:
    """Return what an earlier sending of the same form has come to; empty where this is the first."""
    entries = AuditEntry.objects.filter(operation=plan.operation).defer("before", "after").order_by("number", "seq")
    latest = {entry.number: entry for entry in entries}
    return tuple(_result_of(entry) for entry in latest.values())


def _result_of(entry: AuditEntry) -> Result:
    if entry.is_intent:
        return Result(Kind.UNKNOWN, results.BEING_DONE)
    return Result(entry.outcome, entry.message, entry.values)


def settle_now(entry: AuditEntry) -> bool:
    """Find out what became of an intent whose maker is known to be gone; return whether that could be told."""
    action = ACTIONS.get(entry.action)
    if action is None:
        return False
    try:
        with action.opening() as context:
            result = action.settle(context, entry)
        commit_outcomes(action, trail.attempt_of(entry), [(entry.number, entry.session, result)])
    except (HostUnavailable, WritingOff, AmbiguousKey, IntegrityError, StoreTrouble, NotMoved) as error:
        logger.warning("Entry %s of the audit cannot be settled yet: %s", entry.seq, error)
        return False
    return True
