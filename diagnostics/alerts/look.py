"""What all rules of one round share: its time, how far the session index is, and whether the host's clock lies ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from diagnostics.alerts.rounds_read import last_round
from diagnostics.domain.alerts.course import LONGEST_GAP_SECONDS, Reading, ReadingKind
from diagnostics.models import Ending, Pass, SessionEntry

STALE_AFTER_ROUNDS = 3
STALE_AT_LEAST = timedelta(minutes=10)
TOLERABLE_AHEAD = timedelta(minutes=2)
# A wrong zone or clock shifts all times by hours; a single row of another year is a fault of that row alone.
LONGEST_AHEAD = timedelta(hours=26)
LATELY = timedelta(hours=1)
MOST_UNDATED = 50


@dataclass(frozen=True, slots=True)
class Look:
    """`indexed_at` is when the last complete pass ended, which every count of sessions is of (None: none ever did).

    `is_after_gap`: the round before was so long ago that workers and passes have had no time yet to show themselves: our own
    was off, the machine slept, or its clock was set.
    """

    now: datetime
    indexed_at: datetime | None = None
    is_host_ahead: bool = False
    is_after_gap: bool = False
    round_seconds: float = field(default_factory=lambda: float(settings.ALERT_INTERVAL_SECONDS))

    def since(self, seconds: float) -> datetime:
        """Return where a window begins: (since, now], half-open."""
        return self.now - timedelta(seconds=seconds)

    @property
    def hindrance(self) -> Reading | None:
        """Return why nothing can be said of sessions by time; None: nothing stands in the way.

        An index that no pass keeps up counts nothing new: that is no data, lest a dead host look well. That no pass comes
        is told by a rule of its own.
        """
        if self.indexed_at is None:
            return Reading(ReadingKind.NO_DATA, problem="no_pass")
        if self.now - self.indexed_at > stale_after(settings.PASS_INTERVAL_SECONDS, STALE_AT_LEAST):
            detail = {"indexed_at": self.indexed_at.isoformat()}
            return Reading(ReadingKind.NO_DATA, problem="pass_stale", detail=detail)
        return Reading.error("clock_skew") if self.is_host_ahead else None


def look_at(now: datetime) -> Look:
    """Read what the rules share, from our own tables alone: the host is not asked."""
    complete = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE).order_by("-id")
    indexed_at = complete.values_list("finished_at", flat=True).first()
    return Look(now, indexed_at, is_host_ahead=_is_host_ahead(now), is_after_gap=_is_after_gap(now))


def stale_after(interval_seconds: float, at_least: timedelta = timedelta()) -> timedelta:
    return max(timedelta(seconds=STALE_AFTER_ROUNDS * interval_seconds), at_least)


def _is_after_gap(now: datetime) -> bool:
    last = last_round()
    longest = stale_after(settings.ALERT_INTERVAL_SECONDS, timedelta(seconds=LONGEST_GAP_SECONDS))
    return last is not None and last.finished_at is not None and now - last.finished_at > longest


def _is_host_ahead(now: datetime) -> bool:
    """Whether sessions were begun, or ended, more than two minutes after this moment."""
    begun = SessionEntry.objects.filter(listed_at__gt=now + TOLERABLE_AHEAD, listed_at__lte=now + LONGEST_AHEAD)
    if begun.filter(gone_at=None).exists():
        return True
    undated = Ending.objects.filter(is_dated=False, ended_at__gt=now - LATELY, session__updated_at__gt=now)
    times = undated.order_by("-ended_at").values_list("session__updated_at", flat=True)[:MOST_UNDATED]
    return any(at is not None and TOLERABLE_AHEAD < at - now <= LONGEST_AHEAD for at in times)
