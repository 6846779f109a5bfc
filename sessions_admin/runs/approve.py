"""The second person: approves or declines a run that somebody else asked for, in time, and bound to what was shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from sessions_admin import permissions
from sessions_admin.actions import ACTIONS, is_reason, results, trail
from sessions_admin.models import Run
from sessions_admin.runs import decided
from sessions_admin.runs.confirm import Refusal
from sessions_admin.runs.decided import APPROVE, DECLINE

# Who asked waits beside it; nobody does where a policy asked, at whatever hour of the night.
WAITS, WAITS_FOR_POLICY = timedelta(minutes=30), timedelta(days=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Why an asked run is over, in `halted_by`, beside what halts runs that go on.
UNANSWERED, DECLINED = "unanswered", "declined"

OWN = gettext_noop("Refused: nobody approves or declines what they asked for themselves.")
OTHER_PLAN = gettext_noop("Refused: this is not the plan that was shown. Look at it again.")
TOO_LATE = gettext_noop("Refused: nobody answered it in time. It has to be asked for again.")
NO_LONGER = gettext_noop("Refused: this run no longer waits for a second person.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the form, or the shell, brings: the digest of the plan that was shown, from where, and, to decline, why."""

    digest: str
    address: str
    reason: str = ""


def approve(run: Run, given: Answer, actor: User, now: datetime) -> Run | Refusal:
    """Let the worker carry an asked run out. Sent twice it is approved once; a refused attempt stands in the audit."""
    values = {"state": Run.State.QUEUED, "approved_by": actor.get_username(), "approved_at": now}
    return _answered(APPROVE, run, given, actor, now, values)


def decline(run: Run, given: Answer, actor: User, now: datetime) -> Run | Refusal:
    """End an asked run, for a reason, with nothing changed."""
    ended = {"state": Run.State.ABORTED, "halted_by": DECLINED, "finished_at": now}
    return _answered(DECLINE, run, given, actor, now, {**ended, "abort_asked_by": actor.get_username()})


def close_unanswered(now: datetime) -> int:
    """End the runs that nobody answered in time; return how many."""
    late = Run.objects.filter(state=Run.State.ASKED).exclude(_is_in_time(now))
    return late.update(state=Run.State.ABORTED, halted_by=UNANSWERED, finished_at=now)


def is_unanswered(run: Run, now: datetime) -> bool:
    """Whether an asked run is over, though the worker has not closed it yet."""
    return run.state == Run.State.ASKED and now > waits_until(run)


def waits_until(run: Run) -> datetime:
    """Return until when an asked run may be answered."""
    return run.queued_at + (WAITS_FOR_POLICY if run.is_by_policy else WAITS)


def _is_in_time(now: datetime) -> Q:
    by_policy = Q(actor__startswith=Run.BY_POLICY, queued_at__gte=now - WAITS_FOR_POLICY)
    return by_policy | Q(queued_at__gte=now - WAITS)


def may_answer(run: Run, actor: User) -> bool:
    return has_right(run, actor) and actor.get_username() != run.actor


def has_right(run: Run, actor: User) -> bool:
    needed = (permissions.ADMINISTER, permissions.ACT_ON_MANY, ACTIONS[run.plan.action].permission)
    return actor.is_active and actor.has_perms(needed)


def answerers(action: str, asker: str) -> list[str]:
    """Return the names of those who may answer what somebody asks for."""
    people = User.objects.with_perm(permissions.ADMINISTER, backend=BACKEND).exclude(username=asker)
    return [person.get_username() for person in people.order_by("username") if _may(person, action)]


def asked_of(actor: User, now: datetime) -> int:
    """Return how many runs wait for this person's answer."""
    if not actor.has_perm(permissions.ADMINISTER):
        return 0
    asked = Run.objects.filter(_is_in_time(now), state=Run.State.ASKED).select_related("plan")
    return sum(may_answer(run, actor) for run in asked)


def _may(person: User, action: str) -> bool:
    return person.has_perms((permissions.ACT_ON_MANY, ACTIONS[action].permission))


def _answered(
    decision: str, run: Run, given: Answer, actor: User, now: datetime, values: dict[str, object]
) -> Run | Refusal:
    if is_unanswered(run, now):
        close_unanswered(now)
        run.refresh_from_db()
    if refusal := next(_objections(decision, run, given, actor), None):
        return _refused(decision, run, given, actor, refusal)
    with transaction.atomic():
        # Two answers at once, or an answer and a withdrawal: the first one counts.
        waiting = Run.objects.filter(_is_in_time(now), pk=run.pk, state=Run.State.ASKED)
        if is_first := bool(waiting.update(**values)):
            decided.note(decision, run.plan, actor, given.address, given.reason, asker=run.actor)
    run.refresh_from_db()
    if is_first or _is_own_repeated(decision, run, actor):
        return run
    return _refused(decision, run, given, actor, Refusal(NO_LONGER, {}))


def _objections(decision: str, run: Run, given: Answer, actor: User) -> Iterator[Refusal]:
    if not has_right(run, actor):
        yield Refusal(results.NO_RIGHT, {})
    if actor.get_username() == run.actor:
        yield Refusal(OWN, {})
    if given.digest != run.plan.digest:
        yield Refusal(OTHER_PLAN, {})
    if decision == DECLINE and not is_reason(given.reason):
        yield Refusal(results.NO_REASON, {})
    if run.halted_by == UNANSWERED:
        yield Refusal(TOO_LATE, {})


def _is_own_repeated(decision: str, run: Run, actor: User) -> bool:
    """Whether this person has given this answer before: the same form sent twice."""
    if decision == APPROVE:
        return run.approved_by == actor.get_username()
    return run.halted_by == DECLINED and run.abort_asked_by == actor.get_username()


def _refused(decision: str, run: Run, given: Answer, actor: User, refusal: Refusal) -> Refusal:
    attempt = decided.attempt_at(decision, run.plan, actor, given.address, given.reason)
    trail.add_refusal(attempt, "", refusal.message, refusal.values)
    return refusal
