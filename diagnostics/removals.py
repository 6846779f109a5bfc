"""What this dashboard moved away: the removals that stand, by the path's number."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.domain.traces import Reason, Removal
from diagnostics.models import Removal as Row


def removals_of(path_hashes: Iterable[int]) -> dict[int, Removal]:
    """Return the last removal of each of these paths, asked for at once."""
    wanted = list(path_hashes)
    return {row.path_hash: _removal(row) for row in Row.objects.filter(pk__in=wanted)} if wanted else {}


def _removal(row: Row) -> Removal:
    reason = Reason.RETENTION if row.reason == Reason.RETENTION else Reason.ACTION
    return Removal(row.action, row.actor, row.at, reason, row.restorable_until)
