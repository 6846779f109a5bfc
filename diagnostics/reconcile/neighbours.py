"""Whom a row concerns that came, went or moved: marked as due in the same transaction, so that no kill forgets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from diagnostics.domain import names
from diagnostics.domain.rules import AT_EVERY_LOOK
from diagnostics.identity import shown
from diagnostics.models import LedgerFile, SessionEntry


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
