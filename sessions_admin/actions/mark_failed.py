"""Marks a session failed that is stuck for good: nobody takes it, or nobody goes on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics import sources
from sessions_admin import permissions
from sessions_admin.actions import stuck
from sessions_admin.actions.live import judge
from sessions_admin.actions.rows import Change, RowChange, Sight, Words
from sessions_admin.host_writer import HostRow

NAME = "mark_failed"
# In the host's table, so in English always; of words that no rule takes for a reason of the generation's own.
BECAUSE = {
    "worker.not_picked_up": "it was pending for too long and nobody took it",
    "worker.crashed": "it was generating, nothing of it moved any more and no generator was left",
    "worker.stalled": "it was generating and nothing of it moved any more",
}

NOT_UNFINISHED = gettext_noop(
    "Session %(session)s was left alone: only pending and generating sessions are marked as failed (it is %(status)s)."
)
WORDS = Words(done=gettext_noop("Session %(session)s is marked as failed. It can be reset now."))


def takes(row: HostRow) -> str:
    return "" if row.status in ("pending", "generating") else NOT_UNFINISHED


def look(row: HostRow) -> Sight:
    return judge(row, tuple(BECAUSE), NAME).sight


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    return stuck.foreseen(rows, tuple(BECAUSE), look)


def wants(_row: HostRow, sight: Sight, now: datetime) -> Change:
    return Change(needed={"status": "failed", "error_message": message(sight.told.get("cause", ""), now)})


def message(cause: str, now: datetime) -> str:
    """Return what the row says from now on: who marked it, when, and what it was found to be; the reason is in the audit."""
    at = now.astimezone(sources.host_zone()).isoformat(sep=" ", timespec="seconds")
    return f"Marked as failed from the operations dashboard at {at}: {BECAUSE.get(cause, 'it was stuck')}."


ON_ROW = RowChange(takes=takes, foresee=foresee, look=look, wants=wants, words=WORDS)

MARK_FAILED = ON_ROW.action(
    name=NAME,
    title=gettext_lazy("Mark a stuck session as failed"),
    title_of_many=gettext_lazy("Mark stuck sessions as failed"),
    button=lambda number: ngettext("Mark %(number)s session failed", "Mark %(number)s sessions failed", number),
    explanation=gettext_lazy(
        "Each is told to its user as failed, and waits or generates no longer. Its row says that it was marked here, and "
        "when. A job that still runs may write over that: a slow job is not a dead one. A failed session can be reset."
    ),
    permission=permissions.CORRECT_SESSION,
    is_loud=True,
    chunk=1,
)
