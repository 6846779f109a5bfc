"""What people did to the sessions of an incident, by the audit: how many, who, and in which run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from diagnostics.models import Incident, SessionEntry
from sessions_admin.actions import ACTIONS
from sessions_admin.models import AuditEntry, Run

MOST = 20_000  # sessions, and entries of the audit, that are held against each other


@dataclass(frozen=True, slots=True)
class Done:
    """An action, how many sessions of the incident it was done to, by whom, and its run ('': one by one)."""

    action: str
    number: int
    actor: str
    run: str


def done_to(row: Incident) -> list[Done]:
    """Return what was done since the incident was first seen, the latest first; of very much, only the latest."""
    entries = AuditEntry.objects.filter(
        action__in=ACTIONS, is_intent=False, outcome=AuditEntry.Outcome.DONE, at__gte=row.first_seen_at or row.noted_at
    ).order_by("-seq")
    done = list(entries.values_list("action", "actor", "operation", "session")[:MOST])
    if not done:
        return []
    keys, runs = _keys(row), _runs({operation for _action, _actor, operation, _session in done})
    counted = Counter(
        (action, actor, operation if operation in runs else "")
        for action, actor, operation, session in done
        if session in keys
    )
    return [Done(action, number, actor, run) for (action, actor, run), number in counted.items()]


def _keys(row: Incident) -> set[str]:
    now = SessionEntry.objects.filter(shared_hash=row.shared_hash).values_list("key", flat=True)
    once = SessionEntry.objects.filter(leavings__shared_hash=row.shared_hash).values_list("key", flat=True)
    return {*now[:MOST], *once[:MOST]}


def _runs(operations: set[str]) -> set[str]:
    recent = Run.objects.order_by("-queued_at").values_list("pk", flat=True)[:MOST]
    return operations & set(recent)
