"""Puts one failed session back to pending, so that the host's worker takes it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics.notes import note_resets
from sessions_admin import outlook, permissions
from sessions_admin.actions.plans import Plan, new_plan
from sessions_admin.actions.rows import Change, Grants, RowChange, Sight, Words
from sessions_admin.host_writer import HostRow, HostWriter

NAME = "reset"
NEW_VALUES = Change(needed={"status": "pending", "error_message": None}, wanted={"progress_percentage": "0"})

NOT_FAILED = gettext_noop("Session %(session)s was left alone: only failed sessions are reset (it is %(status)s).")
GENERATING = gettext_noop("Session %(session)s is left alone: it is being generated now.")
WORDS = Words(
    done=gettext_noop("Session %(session)s is pending again. Its old error text is kept in the audit."),
    uncertain=gettext_noop(
        "It is not known whether session %(session)s was reset: the connection was lost at the last step. "
        "The worker will look again within minutes."
    ),
    settled_done=gettext_noop(
        "Session %(session)s was reset; this was found afterwards, the work was interrupted."
    ),
    settled_not_done=gettext_noop(
        "Session %(session)s was not reset: the work was interrupted before the change."
    ),
    settled_unknown=gettext_noop(
        "It cannot be told any more whether session %(session)s was reset: it has changed since (now %(status)s)."
    ),
)  # fmt: skip


def takes(row: HostRow) -> str:
    if row.status == "failed":
        return ""
    return GENERATING if row.status == "generating" else NOT_FAILED


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    """Say which sessions a reset would not help, or not yet."""
    hindrances = outlook.hindrances_to_composing(row.key for row in rows)
    return {key: Sight(why=why) for key, why in hindrances.items()}


def wants(_row: HostRow, _sight: Sight, _now: datetime) -> Change:
    return NEW_VALUES


def noted(keys: Sequence[str], at: datetime) -> None:
    note_resets(keys, at)


ON_ROW = RowChange(takes=takes, foresee=foresee, wants=wants, words=WORDS, noted=noted)


def plan_for(row: HostRow, now: datetime) -> Plan:
    """Return the plan to reset the session of this row, with every column frozen as it was read."""
    return new_plan(NAME, (ON_ROW.item_of(row.key, row, Sight()),), now)


def changes(writer: HostWriter, row: HostRow, now: datetime) -> dict[str, str | None]:
    """Return field -> new value, as the preview shows it."""
    return ON_ROW.new_values(Grants(writer), row, Sight(), now)


def not_granted(writer: HostWriter, row: HostRow) -> list[str]:
    """Return the needed columns that this connection may not change."""
    return ON_ROW.not_granted(Grants(writer), row, Sight(), timezone.now())


RESET = ON_ROW.action(
    name=NAME,
    title=gettext_lazy("Reset a failed session"),
    title_of_many=gettext_lazy("Reset failed sessions"),
    button=lambda number: ngettext("Reset %(number)s session", "Reset %(number)s sessions", number),
    explanation=gettext_lazy(
        "Each goes back to pending, and the host’s worker composes it again. Its old error stays in the audit."
    ),
    permission=permissions.RESET_SESSION,
    is_to_be_picked_up=True,
)
