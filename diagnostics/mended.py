"""How far an incident is mended: what became of every session that was ever part of it, as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from diagnostics.domain.diagnosis import Verdict
from diagnostics.models import Incident, Leaving, SessionEntry


@dataclass(frozen=True, slots=True)
class Mended:
    """Numbers of sessions. All but `left` are part of it no more.

    `mended`: well now; `expired`: their audio was cleared away on purpose since; `under_way`: waiting, or composed again;
    `otherwise`: broken by another fault; `unchecked`: not known now; `deleted`: gone from the host's table; `left`: they
    have the fault still, `handled` of them are handled; `lost`: of the most that it ever had, those that left before
    anybody kept who did, so that nothing is known of them.
    """

    mended: int
    expired: int
    under_way: int
    otherwise: int
    unchecked: int
    deleted: int
    left: int
    handled: int
    lost: int

    @property
    def is_dealt_with(self) -> bool:
        """Whether nothing of it asks for anybody any more, and that is known."""
        open_ends = self.under_way + self.otherwise + self.unchecked + self.deleted + self.lost
        return not open_ends and self.left == self.handled


def mended(row: Incident) -> Mended:
    """Count what became of the sessions of an incident, as the last passes know them."""
    gone = Leaving.objects.filter(shared_hash=row.shared_hash).exclude(session__shared_hash=row.shared_hash)
    sessions = SessionEntry.objects.filter(shared_hash=row.shared_hash)
    left = sessions.aggregate(all=Count("id"), handled=Count("id", filter=Q(handled_at__isnull=False)))
    counted = gone.aggregate(
        deleted=Count("id", filter=Q(session__gone_at__isnull=False)),
        **{verdict.name: Count("id", filter=Q(session__gone_at=None, session__verdict=verdict)) for verdict in Verdict},
    )
    return Mended(
        mended=counted["PLAYABLE"],
        expired=counted["EXPIRED"],
        under_way=counted["NOT_READY"],
        otherwise=counted["BROKEN"],
        unchecked=counted["UNKNOWN"],
        deleted=counted["deleted"],
        left=left["all"],
        handled=left["handled"],
        lost=max(0, row.most_sessions - left["all"] - sum(counted.values())),
    )
