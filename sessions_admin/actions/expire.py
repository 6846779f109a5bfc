"""Deletes held files for good, which alone frees their space; nothing brings them back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from diagnostics.probes.databases import HostUnavailable
from sessions_admin import permissions
from sessions_admin.actions import held_files
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.file_by_file import CHUNK, file_by_file
from sessions_admin.actions.plans import Item
from sessions_admin.actions.results import Kind, Result
from sessions_admin.file_claims import Claims, as_text, claims_now, known_claims
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.quarantine.ends import expire
from sessions_admin.quarantine.place import Place, open_place

NAME = "expire"

DONE = gettext_noop("%(path)s is deleted for good; %(bytes)s bytes are free.")
SETTLED_DONE = gettext_noop("%(path)s is deleted for good; this was found afterwards, the work was interrupted.")
NAMED_BY_NOW = gettext_noop(
    "%(path)s is left alone: by now a session names it (%(claims)s), and its date has not come."
)
CLAIMED_EARLY = gettext_noop("Audio that a session named is deleted before its date: this cannot be undone.")


def intend(_place: Place, items: Sequence[Item], now: datetime) -> Looked:
    """Look again; what nobody named is deleted before its date only where no row names it now either."""
    return {**held_files.intents(items, now, HeldFile.State.EXPIRED), **_named_by_now(items, now)}


def _named_by_now(items: Sequence[Item], now: datetime) -> dict[str, Result]:
    early = held_files.found([item.key for item in items if _is_early(item, now) and not _was_claimed(item)])
    paths = {held.path_hash: os.fsdecode(bytes(held.path)) for held in early.values()}
    claims = _claims(paths) if paths else {}
    return {
        key: Result(Kind.SKIPPED, NAMED_BY_NOW, {"path": held.shown_path, "claims": as_text(claims[held.path_hash])})
        for key, held in early.items()
        if held.path_hash in claims
    }


def _claims(paths: Mapping[int, str]) -> Claims:
    """Return who names these files; a full disk may have stopped the host's database, then as the last pass knew it."""
    try:
        return claims_now(paths)
    except HostUnavailable:
        return known_claims(paths)


def carry_out(place: Place, meant: Meant) -> list[Result]:
    rows = held_files.found([item.key for item, _ in meant])

    def change(item: Item, intent: Intent) -> Result:
        held = rows[item.key]
        expire(place, held, intent.attempt.actor if intent.attempt else "")
        return Result(Kind.DONE, DONE, {"path": item.path, "bytes": str(held.size_bytes)})

    return file_by_file(meant, change)


def settle(place: Place, entry: AuditEntry) -> Result:
    return held_files.settle(place, entry, HeldFile.State.EXPIRED, SETTLED_DONE)


def second_person(items: Sequence[Item]) -> str:
    """Another person approves what was claimed, and whose date has not come yet."""
    now = timezone.now()
    return CLAIMED_EARLY if any(_was_claimed(item) and _is_early(item, now) for item in items) else ""


def _was_claimed(item: Item) -> bool:
    return item.seen.get("was_claimed") == "=yes"


def _is_early(item: Item, now: datetime) -> bool:
    expires_at = item.seen.get("expires_at")
    return expires_at is not None and datetime.fromisoformat(expires_at[1:]) > now


EXPIRE = Action(
    name=NAME,
    title=gettext_lazy("Delete a held file for good"),
    title_of_many=gettext_lazy("Delete held files for good"),
    button=lambda number: ngettext("Delete %(number)s file for good", "Delete %(number)s files for good", number),
    explanation=gettext_lazy("Each file is deleted now, and its space is free. Nothing brings it back."),
    permission=permissions.QUARANTINE,
    opening=open_place,
    looking=held_files.looking,
    expect=lambda _, keys: held_files.expect(keys, is_lost_one_done=True),
    intend=intend,
    carry_out=carry_out,
    settle=settle,
    on_files=True,
    is_loud=True,
    needs_fresh_login=True,
    chunk=CHUNK,
    second_person=second_person,
)
