"""Whether the audit is whole: each entry as it was written, none missing, none elsewhere, and none cut off at its end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sessions_admin import chain
from sessions_admin.models import AuditEntry, AuditHead

HASH_DIGITS = 64
logger = logging.getLogger(__name__)


class AnchorUnreadable(ValueError):
    """The anchor is not of the form SEQ:HASH."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Number and hash of an entry, kept where nobody who reaches the database reaches it."""

    seq: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Anchor:
        """Raises AnchorUnreadable."""
        seq, colon, hash_ = text.strip().partition(":")
        if not colon or not seq.isdecimal() or len(hash_) != HASH_DIGITS:
            raise AnchorUnreadable(text)
        return cls(int(seq), hash_)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain breaks first. `kind`: altered, missing, reordered, cut_off, rewritten.

    `seq` is the entry that it is told of: the altered one, the first behind a gap, the one that stands in another's place,
    the last that is left, the anchored one. `other_seq`: of a gap, the last entry before it; of a wrong place, where the
    entry stands that belongs there; of a cut, the last entry that there was.
    """

    kind: str
    seq: int
    other_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """`entries` were looked at, up to the first break. `open_intents` are the numbers of those without an outcome."""

    entries: int
    head: Anchor
    broken: Break | None
    open_intents: tuple[int, ...]


def verify(anchor: Anchor | None = None) -> Verification:
    """Walk the chain from its beginning; an anchor tells also of a chain that was written anew from some entry on."""
    known = AuditHead.objects.filter(pk=AuditHead.THE_ONE).first()
    last, broken, count = Anchor(0, chain.BEGINNING), None, 0
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=500):
        broken = _break_at(last, entry) or _broken_anchor(anchor, entry)
        if broken is not None:
            break
        last, count = Anchor(entry.seq, entry.hash), count + 1
    if broken is None:
        broken = _break_at_end(last, known, anchor)
    opened = AuditEntry.objects.open_intents().order_by("seq").values_list("seq", flat=True)
    return Verification(count, last, broken, tuple(opened))


def note_head(now: datetime) -> None:
    """Verify, and leave the chain's end in the log: kept elsewhere, it is the anchor that a later look is held to."""
    found = verify()
    if found.broken is None:
        logger.info("The audit is whole at %s: %s entries, its end is %s", now.isoformat(), found.entries, found.head)
    else:
        logger.error("The audit is broken at entry %s: %s", found.broken.seq, found.broken.kind)


def _break_at(last: Anchor, entry: AuditEntry) -> Break | None:
    if entry.prev_hash == last.hash:
        return None if entry.hash == entry.linked_hash else Break("altered", entry.seq)
    if elsewhere := _successor_of(last, entry):
        return Break("reordered", entry.seq, elsewhere)
    return Break("missing", entry.seq, last.seq) if entry.hash == entry.linked_hash else Break("altered", entry.seq)


def _successor_of(last: Anchor, entry: AuditEntry) -> int | None:
    """Where the entry stands that was written behind this one."""
    others = AuditEntry.objects.filter(prev_hash=last.hash).exclude(pk=entry.pk)
    return others.values_list("seq", flat=True).first()


def _broken_anchor(anchor: Anchor | None, entry: AuditEntry) -> Break | None:
    is_other = anchor is not None and entry.seq == anchor.seq and entry.hash != anchor.hash
    return Break("rewritten", entry.seq) if is_other else None


def _break_at_end(last: Anchor, known: AuditHead | None, anchor: Anchor | None) -> Break | None:
    """Entries that the head, or the anchor, knows of and that are gone."""
    ends: Iterator[int] = (end.seq for end in (known, anchor) if end is not None)
    furthest = max(ends, default=0)
    return Break("cut_off", last.seq, furthest) if furthest > last.seq else None
