"""Two minutes after a run: how many of the sessions that it put back to pending did the host's worker really take?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sessions_admin.actions import ACTIONS
from sessions_admin.actions.results import Kind
from sessions_admin.host_writer import HostRow, open_preview
from sessions_admin.models import Run
from sessions_admin.runs.carry import take_up

LOOK_AFTER = timedelta(minutes=2)
LOOKED_AT_ONCE = 5
PICKED_UP = [name for name, action in ACTIONS.items() if action.is_to_be_picked_up]


def look_for_pickups(now: datetime) -> int:
    """Count, for runs that ended two minutes ago, the sessions that are no longer pending; return how many runs."""
    due = Run.objects.filter(finished_at__lte=now - LOOK_AFTER, looked_at=None, plan__action__in=PICKED_UP)
    runs = list(due.order_by("finished_at")[:LOOKED_AT_ONCE])
    for run in runs:
        take_up(run)
        picked_up = _picked_up(run)
        Run.objects.filter(pk=run.pk).update(looked_at=now, picked_up=picked_up)
    return len(runs)


def _picked_up(run: Run) -> int:
    done = list(run.plan.items.filter(outcome=Kind.DONE).values_list("key", flat=True))
    if not done:
        return 0
    with open_preview() as host:
        rows = host.read_many(done)
    waiting = sum(isinstance(row, HostRow) and row.status == "pending" for row in rows.values())
    return len(done) - waiting
