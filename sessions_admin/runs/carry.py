"""Carries runs out, in chunks: what was interrupted is settled first, and each chunk begins only where nothing forbids it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from diagnostics import bulk
from diagnostics.probes.databases import HostUnavailable
from sessions_admin import planning
from sessions_admin.actions import ACTIONS, results, settle_now
from sessions_admin.actions.action import Action
from sessions_admin.actions.execution import execute
from sessions_admin.actions.results import Kind, Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.host_writer import WritingOff, open_preview
from sessions_admin.models import AuditEntry, PlanItem, Run
from sessions_admin.result import OF_THE_STORE


def work_on_runs(now: datetime, stop: threading.Event) -> int:
    """Carry out what is queued or was interrupted, one run after the other; return how many ended.

    A run that waits for the host's queue to drain lets the next ones by, and is looked at again in the next round.
    """
    ended = 0
    for run in Run.objects.filter(state__in=(Run.State.RUNNING, Run.State.QUEUED)).order_by("queued_at"):
        if stop.is_set():
            break
        ended += _begin(run) or _carry(run, stop)
    return ended


def _begin(run: Run) -> bool:
    """Begin it, or take it up again; return whether it was over already, stopped by the trouble that it died of."""
    if run.state == Run.State.QUEUED:
        _note(run, state=Run.State.RUNNING, started_at=timezone.now())
        return False
    take_up(run)
    if not ACTIONS[run.plan.action].on_files:
        return False  # only a store leaves items unreached; a run that waits is looked at every second
    if is_halted := AuditEntry.objects.filter(operation=run.plan_id, message=results.NOT_REACHED).exists():
        _note(run, state=Run.State.HALTED, halted_by="store", finished_at=timezone.now())
    return is_halted


def take_up(run: Run) -> None:
    """After a crash: find out what became of the items that were being done, and note the ends that were not.

    Items are reached in their order, so that only the next chunk can have been; a run that waits is looked at every second.
    """
    entries = AuditEntry.objects.filter(operation=run.plan_id)
    for entry in entries.open_intents().order_by("seq"):
        settle_now(entry)
    items = run.plan.items.order_by("number")
    open_items = [*items.filter(outcome="")[: ACTIONS[run.plan.action].chunk], *items.filter(outcome=Kind.UNKNOWN)]
    told = entries.filter(is_intent=False, number__in=[item.number for item in open_items]).defer("before", "after")
    ends = {entry.number: entry for entry in told.exclude(message=results.NOT_REACHED)}
    reached = [item for item in open_items if item.number in ends]
    for item in reached:
        end = ends[item.number]
        item.outcome, item.message, item.values = end.outcome, end.message, end.values
    _keep_ends(reached)


def _carry(run: Run, stop: threading.Event) -> bool:
    """Do chunk after chunk; return whether the run is over."""
    action = ACTIONS[run.plan.action]
    while not stop.is_set():
        if end := _end_before_next(run):
            _note(run, **end, finished_at=timezone.now(), waiting_for="")
            return True
        room = _room(run, action)
        if not room:
            _note(run, waiting_for="queue")
            return False
        rows = list(run.plan.items.filter(outcome="").order_by("number")[: min(action.chunk, room)])
        if halter := _chunk(run, action, rows):
            _note(run, state=Run.State.HALTED, halted_by=halter, finished_at=timezone.now())
            return True
    return False


def _end_before_next(run: Run) -> dict[str, str]:
    """Return how the run ends before its next chunk; nothing where it goes on."""
    run.refresh_from_db()
    if not run.plan.items.filter(outcome="").exists():
        return {"state": Run.State.DONE}
    if run.abort_asked_by:
        return {"state": Run.State.ABORTED}
    forbidding = set(planning.standing_conditions()) - set(run.acknowledged)
    return {"state": Run.State.HALTED, "halted_by": min(forbidding)} if forbidding else {}


def _room(run: Run, action: Action) -> int:
    """Return how many more may be let out now: all, or as many as the host's queue has room for."""
    if not run.at_once or not action.is_to_be_picked_up:
        return action.chunk
    try:
        with open_preview() as host:
            return max(0, run.at_once - host.count_pending())
    except (HostUnavailable, WritingOff):
        return action.chunk  # the chunk itself tells what is wrong


def _chunk(run: Run, action: Action, rows: Sequence[PlanItem]) -> str:
    """Do some items, note their ends, and return whose trouble would let all that follows fail as well: '' is nobody's."""
    attempt = Attempt(
        run.plan.action, run.plan_id, run.plan.digest, run.actor, run.roles, run.address, run.reason
    )  # fmt: skip
    numbered = [(row.number, planning.item_of(row)) for row in rows]
    ends = execute(action, attempt, numbered)
    reached = [(row, end) for row, end in zip(rows, ends, strict=True) if end.message != results.NOT_REACHED]
    for row, end in reached:
        row.outcome, row.message, row.values = end.kind, end.message, dict(end.values)
    _keep_ends([row for row, _ in reached])
    _note(run, waiting_for="")
    return next((_halter(end) for _, end in reached if _is_halting(end)), "")


def _keep_ends(rows: Sequence[PlanItem]) -> None:
    ends = [(row.pk, {name: getattr(row, name) for name in ("outcome", "message", "values")}) for row in rows]
    with transaction.atomic():
        bulk.update(PlanItem, ends)


def _is_halting(end: Result) -> bool:
    return end.kind == Kind.FAILED and end.message in results.HALTING


def _halter(end: Result) -> str:
    return "store" if end.message in OF_THE_STORE else "host"


def _note(run: Run, **values: object) -> None:
    told = {**values, "heartbeat_at": timezone.now()}
    Run.objects.filter(pk=run.pk).update(**told)
    for name, value in told.items():
        setattr(run, name, value)
