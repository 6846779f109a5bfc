"""Stops a run: one that waits for a second person at once, any other before its next items."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from sessions_admin import permissions
from sessions_admin.actions import results, trail
from sessions_admin.models import Run
from sessions_admin.runs import decided
from sessions_admin.runs.confirm import Refusal
from sessions_admin.runs.decided import ABORT

State = Run.State


def abort(run: Run, actor: User, address: str, now: datetime) -> Run | Refusal:
    """Tell a run to stop; whoever may act on many may. What is done stays done, and a run that is over is left as it is."""
    if not actor.has_perm(permissions.ACT_ON_MANY):
        trail.add_refusal(decided.attempt_at(ABORT, run.plan, actor, address, ""), "", results.NO_RIGHT)
        return Refusal(results.NO_RIGHT, {})
    name = actor.get_username()
    with transaction.atomic():
        found = Run.objects.filter(pk=run.pk)
        ended = {"state": State.ABORTED, "abort_asked_by": name, "finished_at": now}
        is_told = found.filter(state=State.ASKED).update(**ended) or found.filter(
            state__in=(State.QUEUED, State.RUNNING), abort_asked_by=""
        ).update(abort_asked_by=name)
        if is_told:
            decided.note(ABORT, run.plan, actor, address, "")
    run.refresh_from_db()
    return run
