"""Which files a policy would take, out of our own tables alone: numbers of the ledger, the oldest first, never paths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from diagnostics.ledger import known_header
from diagnostics.models import LedgerFile, SessionEntry
from sessions_admin.models import HeldFile

YOUNGEST = timedelta(hours=1)
LEFT_ALONE = timedelta(days=30)  # what somebody brought back
NANOSECONDS = 10**9


def past_retention(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    """Return files whose every claimant is completed and older than this, as the file is."""
    before = now - timedelta(days=age_days)
    claimants = _claimants().annotate(done_at=Coalesce("completed_at", "created_at"))
    is_old = Q(status="completed", done_at__lte=before)
    # A time that is not known is not old; NULL in a negated condition would say nothing.
    is_other = ~Q(status="completed") | Q(done_at=None) | Q(done_at__gt=before)
    return _old(age_days, now).filter(Exists(claimants.filter(is_old)), ~Exists(claimants.filter(is_other)))


def failed_remains(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    """Return unclaimed files that bear a failed session's name; whether one is whole, `takes` says."""
    failed = SessionEntry.objects.filter(gone_at=None, status="failed")
    named = SessionEntry.objects.filter(key=OuterRef("named_session"), gone_at=None)
    files = _unclaimed(age_days, now).exclude(role="foreign").exclude(named_session="")
    return files.filter(named_session__in=failed.values("key")).exclude(Exists(named.exclude(status="failed")))


def orphans(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    return _found("file.orphan", age_days, now)


def leftovers(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    return _found("file.leftover", age_days, now)


def takes(policy: str, file: LedgerFile) -> bool:
    """Whether a policy takes this candidate: remains only where the file is known not to be whole."""
    if policy != "failed_remains" or file.role == "temporary":
        return True
    header = known_header(file)
    return file.size_bytes == 0 or (header is not None and not header.is_whole)


def files_for(policy: str, files: QuerySet[LedgerFile], most: int) -> Iterator[LedgerFile]:
    """Yield at most so many files that the policy takes, the oldest first."""
    needed = files.only("path_hash", "size_bytes", "role", "header", "header_stamp").order_by("mtime_ns", "path_hash")
    taken = 0
    for file in needed.iterator(chunk_size=2_000):
        if taken == most:
            return
        if takes(policy, file):
            taken += 1
            yield file


def _found(code: str, age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    return _unclaimed(age_days, now).filter(findings__code=code, findings__resolved_at=None)


def _unclaimed(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    return _old(age_days, now).exclude(Exists(_claimants()))


def _claimants() -> QuerySet[SessionEntry]:
    return SessionEntry.objects.filter(claim_hash=OuterRef("path_hash"), gone_at=None)


def _old(age_days: int, now: datetime) -> QuerySet[LedgerFile]:
    """Return present files of this age, at least an hour, that nobody brought back of late."""
    before = _nanoseconds(now - max(timedelta(days=age_days), YOUNGEST))
    brought_back = HeldFile.objects.filter(
        path_hash=OuterRef("path_hash"), state=HeldFile.State.RESTORED, ended_at__gt=now - LEFT_ALONE
    )
    present = LedgerFile.objects.filter(missed_at=None, kind="file").exclude(Exists(brought_back))
    return present.filter(mtime_ns__lte=before)


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp()) * NANOSECONDS + at.microsecond * 1_000
