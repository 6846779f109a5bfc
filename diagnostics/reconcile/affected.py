"""Whom a change concerns: the sessions that a pass must look at again, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from diagnostics.domain.facts import SessionKey
from diagnostics.models import LedgerFile, SessionEntry, Sound
from diagnostics.reconcile.parts import parts


class Affected:
    """The keys to be diagnosed in this pass: gathered from rows, files, time and from one another."""

    def __init__(self) -> None:
        self.keys: set[SessionKey] = set()

    def add_changed_files(self, since_pass: int) -> None:
        """Sessions that name a changed file, whose id it bears, or whose file name it resembles."""
        changed = LedgerFile.objects.filter(changed_pass__gt=since_pass).values_list(
            "path_hash", "fold_hash", "named_session"
        )
        for part in parts(changed.iterator(chunk_size=2_000)):
            claimed = self._add_claiming([number for number, _fold, _name in part])
            free = [(fold, name) for number, fold, name in part if number not in claimed]
            if free:  # a file that a row claims is no other session's, whatever its name
                self._add(SessionEntry.objects.filter(fold_hash__in=[fold for fold, _name in free]))
                self._add(SessionEntry.objects.filter(key__in=[name for _fold, name in free if name]))

    def _add_claiming(self, hashes: list[int]) -> set[int | None]:
        """Add the sessions that name these files, and return the files that are named."""
        entries = SessionEntry.objects.filter(claim_hash__in=hashes)
        rows = entries.values_list("key", "key_is_number", "gone_at", "claim_hash")
        claimed: set[int | None] = set()
        for key, is_number, gone_at, number in rows.iterator(chunk_size=2_000):
            if gone_at is None:
                claimed.add(number)
                self.keys.add(int(key) if is_number else key)
        return claimed

    def add_heard(self, since_pass: int) -> None:
        """Sessions whose file was listened to while the last pass ran, or after it."""
        heard = Sound.objects.filter(heard_pass__gte=since_pass).values_list("path_hash", flat=True)
        for hashes in parts(heard.iterator(chunk_size=2_000)):
            self._add_claiming(hashes)

    def add_asked(self, since_pass: int) -> None:
        """Sessions whose server was asked for the audio while the last pass ran, or after it."""
        self._add(SessionEntry.objects.filter(delivery__asked_pass__gte=since_pass))

    def add_due(self, now: datetime) -> None:
        """Sessions that time alone may have changed."""
        self._add(SessionEntry.objects.filter(due_at__lte=now))

    def add_below(self, folders: Iterable[str]) -> None:
        """Sessions whose files lie below folders that could not be listed: each is looked at by itself."""
        for folder in folders:
            self._add(SessionEntry.objects.filter(Q(claim__startswith=f"{folder}/") | Q(claim=folder)))

    def add_claiming_below(self, folders: set[str]) -> None:
        """Completed sessions whose files lie below any of these folders, which may be many: one reading of the index."""
        claims = SessionEntry.objects.filter(status="completed", claim_hash__isnull=False, gone_at=None)
        for key, is_number, claim in claims.values_list("key", "key_is_number", "claim").iterator(chunk_size=2_000):
            if not folders.isdisjoint(_folders_of(claim)):
                self.keys.add(int(key) if is_number else key)

    def add_with_findings(self) -> None:
        self._add(SessionEntry.objects.filter(findings__resolved_at=None, findings__isnull=False).distinct())

    def add_completed_and_failed(self) -> None:
        self._add(SessionEntry.objects.filter(status__in=("completed", "failed")))

    def add_all(self) -> None:
        self._add(SessionEntry.objects.all())

    def in_order(self) -> Iterator[list[SessionKey]]:
        """Yield batches: who waits comes last, since its place depends on what the others do."""
        pending = set(_keys(SessionEntry.objects.filter(status="pending")))
        first = sorted(self.keys - pending, key=_order)
        last = sorted(self.keys & pending, key=_order)
        for keys in (first, last):
            yield from parts(keys)

    def _add(self, entries: QuerySet[SessionEntry]) -> None:
        self.keys.update(_keys(entries))


def _keys(entries: QuerySet[SessionEntry]) -> Iterator[SessionKey]:
    """The keys of sessions that are still in the host's table.

    That is told here and not by the query: where a planner has no statistics, it takes the index of `gone_at` for a
    good one and reads every row.
    """
    rows = entries.values_list("key", "key_is_number", "gone_at")
    for key, is_number, gone_at in rows.iterator(chunk_size=2_000):
        if gone_at is None:
            yield int(key) if is_number else key


def _folders_of(claim: str) -> Iterator[str]:
    end = claim.find("/")
    while end >= 0:
        yield claim[:end]
        end = claim.find("/", end + 1)


def _order(key: SessionKey) -> tuple[bool, SessionKey]:
    return isinstance(key, str), key
