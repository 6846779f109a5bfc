"""What `restore` and `expire` share: their items are the numbers of files that are held, or were."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.conf import settings

from diagnostics.probes.stamps import Seen
from sessions_admin.actions.action import Intent, Looked
from sessions_admin.actions.file_by_file import NOT_HELD, NOT_SEEN, look_at_all, not_done
from sessions_admin.actions.plans import Expectation, Item
from sessions_admin.actions.results import Kind, Result
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.quarantine.place import Place
from sessions_admin.quarantine.settling import settle as settle_file
from sessions_admin.quarantine.trouble import ENDED, LOST_BY_HAND


def looking() -> AbstractContextManager[None]:
    return nullcontext()


def found(keys: Sequence[str]) -> dict[str, HeldFile]:
    """Return the rows of these keys; what is no number of a held file is left out."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
    return {str(held.pk): held for held in HeldFile.objects.in_bulk(numbers).values()}


def expect(keys: Sequence[str], *, is_lost_one_done: bool = False) -> list[Item]:
    """Freeze each held file as its row has it, and as it lies in the quarantine now."""
    rows = found(keys)
    inside = [f"{held.operation}/{held.number}/file".encode() for held in rows.values()]
    looks = dict(zip(rows, look_at_all(settings.QUARANTINE_ROOT, inside), strict=True))
    return [
        _item(rows[key], looks[key], is_lost_one_done=is_lost_one_done)
        if key in rows
        else Item(key, {"held": f"={key}"}, Expectation.SKIP, NOT_HELD, path=key, session="")
        for key in keys
    ]


def _item(held: HeldFile, look: Seen, *, is_lost_one_done: bool) -> Item:
    why = ""
    if not held.is_held:
        why = ENDED
    elif look.error:
        why = NOT_SEEN
    elif look.kind == "absent" and not is_lost_one_done:
        why = LOST_BY_HAND
    seen: dict[str, str | None] = {
        "held": f"={held.pk}",
        "state": f"={held.state}",
        "device": f"={held.device}",
        "inode": f"={held.inode}",
        "size_bytes": f"={held.size_bytes}",
        "mtime_ns": f"={held.mtime_ns}",
        "expires_at": f"={held.expires_at.isoformat()}",
        "was_claimed": f"={'yes' if held.was_claimed else 'no'}",
    }
    if look.error:
        seen["detail"] = f"={look.error}"[:200]
    expectation = Expectation.SKIP if why else Expectation.DO
    return Item(str(held.pk), seen, expectation, why, path=held.shown_path, session=held.session)


def intents(items: Sequence[Item], now: datetime, state: str) -> Looked:
    """Return the intent of each that is still held; by whom and when it was put aside stands in its row."""
    rows = found([item.key for item in items])

    def look(item: Item) -> Intent | Result:
        held = rows.get(item.key)
        if held is None or not held.is_held:
            return Result(Kind.SKIPPED, ENDED, {"path": item.path})
        place = f"{held.operation}/{held.number}"
        before = {"path": held.shown_path, "held": str(held.pk), "quarantine": place, "state": held.state}
        return Intent({**before, "size_bytes": str(held.size_bytes)}, {"state": state}, now)

    return {item.key: look(item) for item in items}


def settle(place: Place, entry: AuditEntry, state: str, done: str) -> Result:
    """Find out, and finish or undo, what an interrupted way out of the quarantine has done."""
    held = HeldFile.objects.filter(pk=int((entry.before or {}).get("held") or 0)).first()
    if held is not None:
        held = settle_file(place, held.operation, held.number)
    if held is None or held.state != state:
        return not_done(entry)
    return Result(Kind.DONE, done, {"path": held.shown_path})
