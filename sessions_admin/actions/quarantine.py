"""Puts files of the ledger aside: what nobody plays and nobody writes; held for QUARANTINE_DAYS, and restorable until then."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from diagnostics import sources
from diagnostics.models import LedgerFile, SessionEntry
from diagnostics.probes.stamps import Seen, Stamp
from diagnostics.reconcile.parts import parts
from sessions_admin import permissions
from sessions_admin.actions.action import Action, Intent, Looked, Meant
from sessions_admin.actions.file_by_file import CHUNK, NOT_SEEN, file_by_file, look_at_all, not_done
from sessions_admin.actions.plans import Expectation, Item, seen_as
from sessions_admin.actions.results import Kind, Result
from sessions_admin.file_claims import Named, as_text, claims_now, known_claims
from sessions_admin.models import AuditEntry
from sessions_admin.quarantine.aside import check, put_aside
from sessions_admin.quarantine.manifest import Label
from sessions_admin.quarantine.place import Place, open_place
from sessions_admin.quarantine.rows import RETENTION
from sessions_admin.quarantine.settling import settle as settle_file
from sessions_admin.quarantine.trouble import GONE, LINKED, NO_FILE
from sessions_admin.result import NotMoved

NAME = "quarantine"
YOUNG = timedelta(hours=1)
UNFINISHED = ("pending", "generating")

DONE = gettext_noop("%(path)s is put aside; until %(until)s it can be brought back.")
SETTLED_DONE = gettext_noop("%(path)s is put aside; this was found afterwards, the work was interrupted.")
NOT_KNOWN = gettext_noop("%(path)s is left alone: no pass has seen such a file.")
FOREIGN = gettext_noop("%(path)s is left alone: by its name it is not the host’s, and no session names it.")
PLAYABLE = gettext_noop("%(path)s is left alone: it is the whole audio of session %(session)s, which plays.")
WRITTEN = gettext_noop("%(path)s is left alone: session %(session)s is waiting or being generated, and may write it.")
TOO_YOUNG = gettext_noop("%(path)s is left alone: it changed within the last hour.")
CHANGED = gettext_noop("%(path)s is left alone: it changed since the last pass.")
MISPLACED = gettext_noop("%(path)s is left alone: it is the misplaced audio of session %(session)s; relink that one.")
CLAIMED = gettext_noop("%(path)s is left alone: other sessions name it than when the plan was made (now: %(claims)s).")


@dataclass(frozen=True, slots=True)
class _Known:
    """A file of the ledger, with who names it or bears its name, as the last pass knew it."""

    file: LedgerFile
    named: Sequence[Named]
    bearer: SessionEntry | None
    misplaced: str

    @property
    def session(self) -> str:
        return self.named[0].key if self.named else self.bearer.key if self.bearer else ""


def expect(keys: Sequence[str], *, policy: str = "") -> list[Item]:
    """Freeze each file as it stands there now, and say which are to be left alone."""
    known = _known(keys)
    root = sources.audio_root()
    looks = dict(zip(known, look_at_all(root, [bytes(each.file.path) for each in known.values()]), strict=True))
    now = timezone.now()
    return [
        _item(key, known[key], looks[key], now, policy)
        if key in known
        else Item(key, {}, Expectation.SKIP, NOT_KNOWN, path=key, session="")
        for key in keys
    ]


def intend(place: Place, items: Sequence[Item], now: datetime) -> Looked:
    """Look again: at each file, and in the host's own table at who names it."""
    paths = _paths(items)
    claims = claims_now({number: os.fsdecode(path) for number, path in paths.items()})
    until = now + timedelta(days=settings.QUARANTINE_DAYS)

    def look(item: Item) -> Intent | Result:
        number, stamp = int(item.key), Stamp.from_seen(item.seen)
        path, named = paths.get(number), claims.get(number, ())
        if path is None or stamp is None:
            return _left(NOT_KNOWN, item)
        if any(session.status in UNFINISHED for session in named):
            return _left(WRITTEN, item, session=named[0].key)
        if item.seen.get("claims") != seen_as(as_text(named)):
            return _left(CLAIMED, item, claims=as_text(named) or "–")
        if _is_young(stamp, now):
            return _left(TOO_YOUNG, item)
        try:
            check(place, path, stamp)
        except NotMoved as refused:
            return refused.result
        before = {"path": item.path, **{name: value and value[1:] for name, value in stamp.as_seen().items()}}
        after: dict[str, str | None] = {"state": "held", "expires_at": until.isoformat()}
        return Intent({**before, "claims": as_text(named)}, after, now)

    return {item.key: look(item) for item in items}


def carry_out(place: Place, meant: Meant, *, policy: str = "") -> list[Result]:
    paths = _paths([item for item, _ in meant])

    def change(item: Item, intent: Intent) -> Result:
        stamp, attempt = Stamp.from_seen(item.seen), intent.attempt
        assert stamp is not None  # noqa: S101  `intend` saw it
        assert attempt is not None  # noqa: S101  `execute` told it
        label = Label(
            attempt.operation, intent.number, attempt.action, attempt.actor, attempt.reason, item.of_session, policy,
            datetime.fromisoformat(str(intent.after["expires_at"])), was_claimed=bool(intent.before["claims"]),
        )  # fmt: skip
        held = put_aside(place, paths[int(item.key)], stamp, label)
        return Result(Kind.DONE, DONE, {"path": item.path, "until": f"{held.expires_at:%Y-%m-%d %H:%M} UTC"})

    return file_by_file(meant, change)


def settle(place: Place, entry: AuditEntry) -> Result:
    """Find out, and finish or undo, what an interrupted move has done."""
    held = settle_file(place, entry.operation, entry.number)
    return not_done(entry) if held is None else Result(Kind.DONE, SETTLED_DONE, {"path": held.shown_path})


def explanation() -> str:
    days = f"{settings.QUARANTINE_DAYS:g}"
    return gettext(
        "Each file is moved to the quarantine on the same disk: no byte is freed now. After %(days)s days it is deleted for "
        "good, and only then its space is free; until that day it can be brought back."
    ) % {"days": days}


def aside_action(name: str, policy: str, title: Promise, title_of_many: Promise, permission: str) -> Action:
    """Return the action of a person (`policy` '') or of a policy: RETENTION alone may take what plays."""

    def looking() -> AbstractContextManager[None]:
        return nullcontext()

    return Action(
        name=name,
        title=title,
        title_of_many=title_of_many,
        button=lambda number: ngettext("Put %(number)s file aside", "Put %(number)s files aside", number),
        explanation=cast("Promise", lazy(explanation, str)()),
        permission=permission,
        opening=open_place,
        looking=looking,
        expect=lambda _, keys: expect(keys, policy=policy),
        intend=intend,
        carry_out=lambda place, meant: carry_out(place, meant, policy=policy),
        settle=settle,
        on_files=True,
        needs_fresh_login=True,
        chunk=CHUNK,
    )


def _known(keys: Sequence[str]) -> Mapping[str, _Known]:
    """Return what the last pass knew of these files, by their key; what it did not know is left out."""
    numbers = [int(key) for key in keys if _is_number(key)]
    files = {file.path_hash: file for part in parts(numbers) for file in LedgerFile.objects.filter(pk__in=part)}
    named = known_claims(files)
    bearers = _entries("key", {file.named_session for file in files.values()} - {""})
    alike = _entries("fold_hash", {file.fold_hash for file in files.values()}, cause="file.misplaced")
    found = {}
    for key in keys:
        if _is_number(key) and (file := files.get(int(key))):
            misplaced = alike.get(file.fold_hash)
            claims = sorted(named.get(file.path_hash, ()))
            found[key] = _Known(file, claims, bearers.get(file.named_session), misplaced.key if misplaced else "")
    return found


def _entries(field: str, values: set[str] | set[int], **more: str) -> dict[object, SessionEntry]:
    rows = (
        SessionEntry.objects.filter(**{f"{field}__in": part}, gone_at=None, **more) for part in parts(sorted(values))
    )
    return {getattr(entry, field): entry for part in rows for entry in part}


def _is_number(key: str) -> bool:
    digits = key.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 20


def _item(key: str, known: _Known, look: Seen, now: datetime, policy: str) -> Item:
    seen: dict[str, str | None] = {"claims": seen_as(as_text(known.named))}
    if look.stamp is not None:
        seen |= look.stamp.as_seen()
    if look.error:
        seen["detail"] = seen_as(look.error)
    why = next(_reasons(known, look, now, policy), "")
    expectation = Expectation.SKIP if why else Expectation.DO
    return Item(key, seen, expectation, why, path=known.file.shown_path, session=known.session)


def _reasons(known: _Known, look: Seen, now: datetime, policy: str) -> Iterator[str]:
    """Yield why a file is left alone, the weightiest reason first."""
    if any(session.status in UNFINISHED for session in known.named):
        yield WRITTEN
    if known.bearer is not None and known.bearer.status in UNFINISHED:
        yield WRITTEN
    if known.misplaced and not known.named:
        yield MISPLACED
    if policy != RETENTION and any(session.is_whole for session in known.named):
        yield PLAYABLE
    if known.file.role == "foreign" and not known.named:
        yield FOREIGN
    yield from _seen_reasons(known.file, look, now)


def _seen_reasons(file: LedgerFile, look: Seen, now: datetime) -> Iterator[str]:
    if look.kind == "error":
        yield NOT_SEEN
    if look.kind in ("link", "hard_linked"):
        yield LINKED
    stamp = look.stamp
    if stamp is None:
        yield GONE if look.kind == "absent" else NO_FILE
    elif (stamp.inode, stamp.size_bytes, stamp.mtime_ns) != (int(file.inode), file.size_bytes, file.mtime_ns):
        yield CHANGED
    elif _is_young(stamp, now):
        yield TOO_YOUNG


def _is_young(stamp: Stamp, now: datetime) -> bool:
    return stamp.mtime_ns / 1e9 > (now - YOUNG).timestamp()


def _paths(items: Sequence[Item]) -> dict[int, bytes]:
    """Return the exact paths of items, out of the ledger: none ever comes from a browser."""
    rows = LedgerFile.objects.filter(pk__in=[int(item.key) for item in items if _is_number(item.key)])
    return {number: bytes(path) for number, path in rows.values_list("path_hash", "path")}


def _left(message: str, item: Item, **values: str) -> Result:
    return Result(Kind.SKIPPED, message, {"path": item.path, "session": item.of_session, **values})


QUARANTINE = aside_action(
    NAME, "", gettext_lazy("Put a file aside"), gettext_lazy("Put files aside"), permissions.QUARANTINE
)  # fmt: skip
