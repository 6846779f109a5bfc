"""Whether files that one pass missed together look like the work of a clean-up job: old ones went, younger ones stayed.

It is told by the ledger alone, and once for each interval. Such a job may leave or take a few more than its rule says,
as where two things were deleted in one interval; so one file in twenty may stand against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from diagnostics.domain.traces import CleanUp
from diagnostics.models import LedgerFile
from diagnostics.probes.local_store import modified_at

FEWEST = 21  # over 20, as where rows lose their files at once (storage.mass_missing)
ONE_IN = 20


@dataclass(slots=True)
class CleanUps:
    """Remembers what was found of each interval, for the length of one pass or one examination."""

    _known: dict[datetime, CleanUp | None] = field(default_factory=dict)

    def at(self, missed_at: datetime | None) -> CleanUp | None:
        """Return the clean-up that took what was first missed at this time, or None where it looks like none."""
        if missed_at is None:
            return None
        if missed_at not in self._known:
            self._known[missed_at] = _found(missed_at)
        return self._known[missed_at]


def _found(missed_at: datetime) -> CleanUp | None:
    """All but the exceptions went of what is older than the oldest file that was spared for its age."""
    gone = _files().filter(missed_at=missed_at)
    total = gone.count()
    exceptions = total // ONE_IN
    if total < FEWEST:
        return None
    must_be_older = _times(gone)[total - exceptions - 1]
    stayed = _files().filter(Q(missed_at=None) | Q(missed_at__gt=missed_at), first_seen_at__lt=missed_at)
    if len(_times(stayed.filter(mtime_ns__lte=must_be_older))[: exceptions + 1]) > exceptions:
        return None
    spared = _times(stayed.filter(mtime_ns__gt=must_be_older)).first()
    if spared is None:
        return None
    taken = _times(gone.filter(mtime_ns__lt=spared))
    newest_at = modified_at(taken.reverse()[0])
    if newest_at is None or newest_at >= missed_at:
        return None
    return CleanUp(taken.count(), newest_at, (missed_at - newest_at).total_seconds())


def _times(files: QuerySet[LedgerFile]) -> QuerySet[LedgerFile, int]:
    return files.order_by("mtime_ns").values_list("mtime_ns", flat=True)


def _files() -> QuerySet[LedgerFile]:
    """Temporary files come and go with every session."""
    return LedgerFile.objects.filter(kind="file").exclude(role="temporary")
