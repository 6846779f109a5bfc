"""Puts a session that is stuck in generation back to pending: louder than a reset, because a slow job is not a dead one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from sessions_admin import permissions
from sessions_admin.actions import reset, stuck
from sessions_admin.actions.rows import RowChange, Sight, Words
from sessions_admin.host_writer import HostRow

NAME = "reset_stuck"

NOT_GENERATING = gettext_noop(
    "Session %(session)s was left alone: only sessions stuck in generation are taken (it is %(status)s)."
)
WORDS = Words(
    done=gettext_noop(
        "Session %(session)s, stuck in generation, is pending again. If its old job still runs, it writes beside the new one."
    )
)


def takes(row: HostRow) -> str:
    return "" if row.status == "generating" else NOT_GENERATING


def look(row: HostRow) -> Sight:
    return stuck.look_for_life(row, NAME)


def foresee(rows: Sequence[HostRow]) -> Mapping[str, Sight]:
    return stuck.foreseen(rows, stuck.STUCK, look)


ON_ROW = RowChange(takes=takes, foresee=foresee, look=look, wants=reset.wants, words=WORDS, noted=reset.noted)

RESET_STUCK = ON_ROW.action(
    name=NAME,
    title=gettext_lazy("Reset a session stuck in generation"),
    title_of_many=gettext_lazy("Reset sessions stuck in generation"),
    button=lambda number: ngettext("Reset %(number)s stuck session", "Reset %(number)s stuck sessions", number),
    explanation=gettext_lazy(
        "A slow job is not a dead one. Each of these says that it is being generated, and nothing of it has moved for the "
        "limit. A job that still runs would write beside the new one: make sure that none does. Each is looked at again at "
        "the moment of the change, and left alone where anything moves or a generator is alive."
    ),
    permission=permissions.RESET_STUCK_SESSION,
    is_to_be_picked_up=True,
    is_loud=True,
    chunk=1,
)
