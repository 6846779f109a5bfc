"""Brings held files back to their old places; where another file stands by now, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from sessions_admin import permissions
from sessions_admin.actions import held_files
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.file_by_file import CHUNK, file_by_file
from sessions_admin.actions.plans import Item
from sessions_admin.actions.results import Kind, Result
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.quarantine.ends import bring_back
from sessions_admin.quarantine.place import Place, open_place

NAME = "restore"

DONE = gettext_noop("%(path)s is back at its old place.")
DONE_WITH_FOLDERS = gettext_noop("%(path)s is back at its old place; its folder was gone and was made again as it was.")
SETTLED_DONE = gettext_noop("%(path)s is back at its old place; this was found afterwards, the work was interrupted.")


def intend(_place: Place, items: Sequence[Item], now: datetime) -> Looked:
    return held_files.intents(items, now, HeldFile.State.RESTORED)


def carry_out(place: Place, meant: Meant) -> list[Result]:
    rows = held_files.found([item.key for item, _ in meant])

    def change(item: Item, intent: Intent) -> Result:
        actor = intent.attempt.actor if intent.attempt else ""
        made = bring_back(place, rows[item.key], actor)
        return Result(Kind.DONE, DONE_WITH_FOLDERS if made else DONE, {"path": item.path})

    return file_by_file(meant, change)


def settle(place: Place, entry: AuditEntry) -> Result:
    return held_files.settle(place, entry, HeldFile.State.RESTORED, SETTLED_DONE)


RESTORE = Action(
    name=NAME,
    title=gettext_lazy("Bring a file back"),
    title_of_many=gettext_lazy("Bring files back"),
    button=lambda number: ngettext("Bring %(number)s file back", "Bring %(number)s files back", number),
    explanation=gettext_lazy(
        "Each file goes back to the place it was taken from. Where another file stands there by now, it stays held: "
        "nothing is overwritten."
    ),
    permission=permissions.QUARANTINE,
    opening=open_place,
    looking=held_files.looking,
    expect=lambda _, keys: held_files.expect(keys),
    intend=intend,
    carry_out=carry_out,
    settle=settle,
    on_files=True,
    needs_fresh_login=True,
    chunk=CHUNK,
)
