"""Whom a row concerns that came, went or moved: marked as due in the same transaction, so that no kill forgets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from diagnostics.domain import names
from diagnostics.domain.facts import SessionKey
from diagnostics.domain.rules import AT_EVERY_LOOK
from diagnostics.identity import shown
from diagnostics.models import LedgerFile, SessionEntry


def mark_changes(
    written: Mapping[SessionKey, SessionEntry], known: Mapping[SessionKey, SessionEntry], now: datetime
) -> None:
    """Mark whom changed rows concern: `written` as they are now, `known` as those that were known stood before."""
    pairs = [(known.get(key), entry) for key, entry in written.items()]
    moved = [(before, entry) for before, entry in pairs if before is None or claims_otherwise(before, entry)]
    mark([entry for _, entry in moved], [before for before, _ in moved if before], now)
    asked = [(before, entry) for before, entry in pairs if before is None or _asks_otherwise(before, entry)]
    mark_requests([entry for pair in asked for entry in pair if entry])


def mark_gone(entries: Sequence[SessionEntry], now: datetime) -> None:
    mark((), entries, now)
    mark_requests(entries)


def claims_otherwise(before: SessionEntry, entry: SessionEntry) -> bool:
    """Whether a row claims another file, or resembles another name, than it did."""
    return (before.claim_hash, before.fold_hash, before.gone_at) != (entry.claim_hash, entry.fold_hash, None)


def _asks_otherwise(before: SessionEntry, entry: SessionEntry) -> bool:
    told, now_told = (before.request_hash, before.created_at), (entry.request_hash, entry.created_at)
    return (*told, before.gone_at) != (*now_told, None)


def mark_requests(entries: Sequence[SessionEntry]) -> None:
    """Mark sessions of the same users and assessments that were begun before any of these, and ended after one.

    A session that is still being generated is looked at by every pass anyway.
    """
    asked = [entry for entry in entries if entry.request_hash is not None and entry.created_at is not None]
    begun = [entry.created_at for entry in asked if entry.created_at]
    if not begun:
        return
    others = SessionEntry.objects.filter(request_hash__in={entry.request_hash for entry in asked}, gone_at=None)
    ended = Q(completed_at__gt=min(begun)) | Q(updated_at__gt=min(begun))
    others = others.filter(ended, created_at__lte=max(begun)).exclude(key__in={entry.key for entry in asked})
    others.exclude(due_at=AT_EVERY_LOOK).update(due_at=AT_EVERY_LOOK)


def mark(came: Sequence[SessionEntry], went: Sequence[SessionEntry], now: datetime) -> None:
    """Mark what must be judged again: `came` are the entries as they are now, `went` as they were before.

    Sessions that claim the same file, resemble its name, or whose id that name bears; files that may have become
    strays, and strays that are none any more.
    """
    entries = [*came, *went]
    if not entries:
        return
    claims = {entry.claim_hash for entry in entries} - {None}
    folds = {entry.fold_hash for entry in entries} - {None}
    borne = {shown(names.session_in(entry.file_name)) for entry in entries} - {""}
    own = {entry.key for entry in entries}
    _mark_sessions(claims, folds, borne, own)
    _mark_files(came, went, now)


def _mark_sessions(claims: set[int | None], folds: set[int | None], borne: set[str], own: set[str]) -> None:
    like_own = LedgerFile.objects.filter(named_session__in=own, missed_at=None).values("fold_hash")
    for concerned in (Q(claim_hash__in=claims), Q(fold_hash__in=folds), Q(key__in=borne), Q(fold_hash__in=like_own)):
        others = SessionEntry.objects.filter(concerned, gone_at=None).exclude(key__in=own)
        others.exclude(due_at=AT_EVERY_LOOK).update(due_at=AT_EVERY_LOOK)


def _mark_files(came: Sequence[SessionEntry], went: Sequence[SessionEntry], now: datetime) -> None:
    """What a row leaves behind may be a stray now; what a row comes to is none any more."""
    known = LedgerFile.objects.exclude(role="foreign")
    folds = {entry.fold_hash for entry in went} - {None}
    known.filter(_of(went) | Q(fold_hash__in=folds)).update(due_at=now)
    known.filter(_of(came), findings__resolved_at=None, findings__isnull=False).update(due_at=now)


def _of(entries: Sequence[SessionEntry]) -> Q:
    """The files that these rows claim, and those that bear their ids."""
    claims = {entry.claim_hash for entry in entries} - {None}
    return Q(path_hash__in=claims) | Q(named_session__in={entry.key for entry in entries})
