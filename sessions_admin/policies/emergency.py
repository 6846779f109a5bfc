"""The disk emergency: one engineer deletes at once what is held and no session claims, and everybody is told."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from diagnostics.models import SessionEntry
from sessions_admin import permissions, planning
from sessions_admin.actions import LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.action import bytes_of
from sessions_admin.actions.results import Kind
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import ActionPlan, EmergencyNotice, HeldFile, Policy, Run
from sessions_admin.policies.decide import OPEN, Decider, Refusal
from sessions_admin.roles import roles_of

NAME, ACTION = "emergency", "expire"
TOLD_FOR = timedelta(hours=24)
# Spaces of every kind, and what people write between groups of three digits.
BETWEEN_DIGITS = re.compile(r"[\s,.'’_]")

BEGUN = gettext_noop("Held files that no session claims are deleted before their date, to free space: %(bytes)s bytes.")
NOTHING = gettext_noop("Refused: nothing is held that no session claims.")
OTHER_BYTES = gettext_noop("Refused: type the number of bytes as it is shown: %(bytes)s.")
CLAIMED = gettext_noop("Refused: a session claims one of these files by now. Look at them again.")
UNACKNOWLEDGED = gettext_noop("Refused: acknowledge what stands above every page: %(conditions)s.")


@dataclass(frozen=True, slots=True)
class Freeable:
    """What could be deleted at once: numbers of held files, the largest first, and their bytes."""

    numbers: tuple[int, ...]
    size_bytes: int


def freeable() -> Freeable:
    """Return what is held and neither was claimed when it was put aside, nor is by any row now; what one plan can hold."""
    rows = list(_unclaimed().order_by("-size_bytes", "pk").values_list("pk", "size_bytes")[: planning.MOST_ITEMS])
    return Freeable(tuple(number for number, _ in rows), sum(size for _, size in rows))


def free(typed: str, acknowledged: Collection[str], by: Decider, now: datetime) -> Run | Refusal:
    """Begin the run that deletes all of it; one that goes on is returned. A refused attempt stands in the audit.

    Raises what `make_plan` does.
    """
    if running := _running():
        return running
    found = freeable()
    if refusal := _objection(found, typed, acknowledged, by):
        return _refused(by, refusal)
    plan = planning.make_plan(ACTION, [str(number) for number in found.numbers], {"kind": NAME}, by.person, now)
    if plan.second_reason or not plan.to_do:
        message = CLAIMED if plan.second_reason else NOTHING
        plan.delete()
        return _refused(by, Refusal(message))
    with transaction.atomic():
        Policy.objects.get_or_create(pk=NAME)
        Policy.objects.select_for_update().get(pk=NAME)  # one at a time
        if running := _running():
            plan.delete()
            return running
        return _begin(plan, found, acknowledged, by, now)


def note_freed() -> None:
    """Note, for the runs that are over, how much they really freed."""
    for notice in EmergencyNotice.objects.filter(bytes_freed=None).exclude(run__state__in=OPEN):
        done = notice.run.plan.items.filter(outcome=Kind.DONE)
        notice.bytes_freed = bytes_of([planning.item_of(row) for row in done.iterator(chunk_size=2_000)])
        notice.save()


def _running() -> Run | None:
    return Run.objects.filter(state__in=OPEN, notice__isnull=False).first()


def _unclaimed() -> QuerySet[HeldFile]:
    claimed = SessionEntry.objects.filter(claim_hash=OuterRef("path_hash"), gone_at=None)
    return HeldFile.objects.filter(state=HeldFile.State.HELD, was_claimed=False).exclude(Exists(claimed))


def _objection(found: Freeable, typed: str, acknowledged: Collection[str], by: Decider) -> Refusal | None:
    if not by.person.has_perm(permissions.QUARANTINE):
        return Refusal(results.NO_RIGHT)
    if not is_reason(by.reason):
        return Refusal(results.NO_REASON)
    if not found.numbers:
        return Refusal(NOTHING)
    if BETWEEN_DIGITS.sub("", typed) != str(found.size_bytes):
        return Refusal(OTHER_BYTES, {"bytes": f"{found.size_bytes:,}"})
    missing = sorted(set(planning.standing_conditions()) - set(acknowledged))
    return Refusal(UNACKNOWLEDGED, {"conditions": ", ".join(missing)}) if missing else None


def _begin(plan: ActionPlan, found: Freeable, acknowledged: Collection[str], by: Decider, now: datetime) -> Run:
    run = Run.objects.create(
        plan=plan,
        actor=by.person.get_username(),
        roles=roles_of(by.person),
        address=by.address,
        reason=by.reason.strip(),
        acknowledged=sorted(acknowledged),
        queued_at=now,
    )
    EmergencyNotice.objects.create(run=run, shown_until=now + TOLD_FOR)
    trail.add_decision(_attempt("run_begin", by, plan.digest), BEGUN, {"bytes": found.size_bytes, "run": run.pk})
    return run


def _refused(by: Decider, refusal: Refusal) -> Refusal:
    trail.add_refusal(_attempt(ACTION, by, ""), "", refusal.message, refusal.values)
    return refusal


def _attempt(what: str, by: Decider, digest: str) -> Attempt:
    reason = by.reason.strip()[:LONGEST_REASON]
    return Attempt(what, "", digest, by.person.get_username(), roles_of(by.person), by.address, reason)
