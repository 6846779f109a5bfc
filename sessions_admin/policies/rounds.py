"""What the worker does for the policies: looks which files each would take, and puts them aside by a plan and a run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from diagnostics.models import Pass
from diagnostics.probes.databases import HostUnavailable
from diagnostics.views.conditions import STALE_AFTER_PASSES, STALE_AT_LEAST
from sessions_admin import planning
from sessions_admin.host_writer import WritingOff
from sessions_admin.models import ActionPlan, Policy, Run
from sessions_admin.policies import POLICIES, shown_terms
from sessions_admin.policies.candidates import files_for
from sessions_admin.policies.decide import actor_of, open_runs
from sessions_admin.policies.emergency import note_freed
from sessions_admin.policies.terms import Terms, terms_of

EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=10)  # where something stood in the way
ASKED_AGAIN = timedelta(days=1)  # after a second person said no, or nothing
# What can hinder a policy beside a condition.
RUN, UNWANTED = "run", "unwanted"
REASON = gettext_noop(
    "Policy %(policy)s: older than %(age_days)s days, held for %(hold_days)s days, at most %(most_files)s files and "
    "%(most_gigabytes)s GB a run; approved by %(approved_by)s."
)


def work_on_policies(now: datetime, stop: threading.Event) -> int:
    """Look at each policy that is due; return how many runs were begun or asked for. Of two workers one does it."""
    note_freed()
    begun = 0
    for name in POLICIES:
        if not stop.is_set() and claim(name, now, EVERY):
            begun += _look(Policy.objects.get(pk=name), now)
    return begun


def claim(name: str, now: datetime, every: timedelta) -> bool:
    """Take what is due, and put it off by its interval: whoever comes second finds it not due."""
    Policy.objects.get_or_create(pk=name)
    due = Policy.objects.filter(Q(due_at=None) | Q(due_at__lte=now), pk=name)
    return due.update(due_at=now + every) == 1


def hindrance_to_all(now: datetime) -> str:
    """Return the code of what forbids to put anything aside by itself: a condition, or no complete pass of late."""
    if standing := planning.standing_conditions():
        return standing[0]
    ended = Pass.objects.exclude(outcome=Pass.Outcome.RUNNING).order_by("-id").first()
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id").first()
    if complete is None or complete.finished_at is None:
        return "pass.never_run"
    if ended is not None and ended.outcome == Pass.Outcome.FAILED:
        return "pass.failed"
    limit = max(timedelta(seconds=STALE_AFTER_PASSES * settings.PASS_INTERVAL_SECONDS), STALE_AT_LEAST)
    return "pass.stale" if now - complete.finished_at > limit else ""


def _look(policy: Policy, now: datetime) -> bool:
    """Note what it would take; where it is on and nothing stands in its way, put that aside."""
    shown, terms = shown_terms(policy), terms_of(policy.terms)
    found = numbers_of(policy.name, shown, now) if shown else {}
    counted = {"files_now": len(found), "bytes_now": sum(found.values())} if shown else {"files_now": None}
    Policy.objects.filter(pk=policy.pk).update(counted_at=now, **counted)
    if not policy.is_on or terms is None:
        return False
    hindrance, begun = hindrance_to_all(now) or _hindrance_of(policy, now), False
    if not hindrance:
        hindrance, begun = _put_aside(policy, terms, list(found), now) if found else ("", False)
    put_off = {"due_at": now + AGAIN} if hindrance else {}
    Policy.objects.filter(pk=policy.pk).update(hindrance=hindrance, **put_off)
    return begun


def _hindrance_of(policy: Policy, now: datetime) -> str:
    """Return what forbids this one: a run of its own that is not over, or an answer that was no, or none at all."""
    if open_runs(policy.name):
        return RUN
    ended = Run.objects.filter(actor=actor_of(policy.name), state=Run.State.ABORTED, started_at=None)
    since = max(at for at in (now - ASKED_AGAIN, policy.approved_at, policy.ask_again_at) if at)
    is_unwanted = ended.filter(finished_at__gt=since).exclude(plan__second_reason="").exists()
    return UNWANTED if is_unwanted else ""


def numbers_of(name: str, terms: Terms, now: datetime) -> dict[int, int]:
    """Return number -> bytes of the files that a policy would take on these terms, as many as a plan can hold."""
    files = files_for(name, POLICIES[name].candidates(terms.age_days, now), planning.MOST_ITEMS)
    return {file.path_hash: file.size_bytes for file in files}


def _put_aside(policy: Policy, terms: Terms, numbers: Sequence[int], now: datetime) -> tuple[str, bool]:
    """Return what stood in the way, and whether there is a run now."""
    told = {"policy": policy.name, **terms.texts, "approved_by": policy.approved_by}
    scope = {"kind": "policy", **told}
    try:
        plan = plan_by(actor_of(policy.name), policy.name, numbers, scope, now)
    except (HostUnavailable, WritingOff):
        return "host.unavailable", False

    def is_still_on() -> bool:
        return Policy.objects.select_for_update().filter(pk=policy.pk, is_on=True, digest=policy.digest).exists()

    return "", begin(plan, policy.approved_by, REASON % told, is_still_on, now) is not None


def plan_by(actor: str, action: str, keys: Sequence[int], scope: Mapping[str, str], now: datetime) -> ActionPlan:
    """Make a plan in the name of something that is no login. Raises what `make_plan` does."""
    return planning.make_plan(action, [str(key) for key in keys], scope, User(username=actor), now)


def begin(
    plan: ActionPlan, approved_by: str, reason: str, is_still_wanted: Callable[[], bool], now: datetime
) -> Run | None:
    """Queue the run of a plan, or ask a second person for it where it is over the bound; a plan of nothing is forgotten."""
    with transaction.atomic():
        if not plan.to_do or not is_still_wanted():
            plan.delete()
            return None
        return Run.objects.create(
            plan=plan,
            state=Run.State.ASKED if plan.second_reason else Run.State.QUEUED,
            actor=plan.made_by,
            roles=approved_by,
            reason=reason,
            queued_at=now,
        )
