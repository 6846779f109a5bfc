"""What ended in a window of time, (since, until], exactly; counted by the database, so that no row is read.

A round asks four times a minute, of windows that an administrator may make as long as he likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncHour

from diagnostics.domain.alerts.rules import DAY
from diagnostics.domain.rates.figures import Rate
from diagnostics.models import Ending

Counted = QuerySet[Ending, Any]
KIND = Ending.Kind
NOT_WELL = Q(kind__in=(KIND.FAILED, KIND.STUCK)) | Q(is_playable=False)
SOUND_TIME = Q(kind=KIND.COMPLETED, took_seconds__gte=0, took_seconds__lte=DAY)


@dataclass(frozen=True, slots=True)
class Ended:
    """Numbers of endings; `by_file` and `by_status` as in `domain.rates.figures`."""

    completed: int
    failed: int
    stuck: int
    playable: int
    unplayable: int

    @property
    def by_file(self) -> Rate:
        return Rate(self.playable, self.playable + self.unplayable + self.failed + self.stuck)

    @property
    def by_status(self) -> Rate:
        return Rate(self.completed, self.completed + self.failed)


@dataclass(frozen=True, slots=True)
class Took:
    """Generation times in seconds; `absurd` ones (negative, or longer than a day) are in nothing else."""

    number: int
    absurd: int
    mean: float | None


def ended_within(since: datetime, until: datetime) -> Ended:
    completed = Q(kind=KIND.COMPLETED)
    return Ended(
        **endings(since, until).aggregate(
            completed=Count("id", filter=completed),
            failed=Count("id", filter=Q(kind=KIND.FAILED)),
            stuck=Count("id", filter=Q(kind=KIND.STUCK)),
            playable=Count("id", filter=completed & Q(is_playable=True)),
            unplayable=Count("id", filter=completed & Q(is_playable=False)),
        )
    )


def took_within(since: datetime, until: datetime) -> Took:
    timed = Q(kind=KIND.COMPLETED, took_seconds__isnull=False)
    return Took(
        **endings(since, until).aggregate(
            number=Count("id", filter=SOUND_TIME),
            absurd=Count("id", filter=timed & ~SOUND_TIME),
            mean=Avg("took_seconds", filter=SOUND_TIME),
        )
    )


def quantile_within(since: datetime, until: datetime, share: float, number: int) -> float | None:
    """Return the time that this share (0 to 1) of the `number` of sound times does not exceed."""
    times = endings(since, until).filter(SOUND_TIME).order_by("took_seconds").values_list("took_seconds", flat=True)
    place = max(ceil(share * number - 1e-9) - 1, 0)
    return next(iter(times[place : place + 1]), None)


def failed_within(since: datetime, until: datetime) -> int:
    return endings(since, until).filter(kind=KIND.FAILED).count()


def causes_within(since: datetime, until: datetime, kinds: Q = NOT_WELL, most: int = 3) -> list[tuple[str, int]]:
    """Return (code, number) of what did not end well, the most frequent first."""
    rows = endings(since, until).filter(kinds).values("cause").annotate(number=Count("id"))
    return [(row["cause"], row["number"]) for row in rows.order_by("-number", "cause")[:most]]


def worst_hour_within(since: datetime, until: datetime, kinds: Q = NOT_WELL) -> tuple[datetime, int] | None:
    """Return the hour (of UTC, which has none twice) in which most did not end well, and how many."""
    rows = endings(since, until).filter(kinds).annotate(hour=TruncHour("ended_at", tzinfo=UTC)).values("hour")
    worst = rows.annotate(number=Count("id")).order_by("-number", "-hour").first()
    return (worst["hour"], worst["number"]) if worst else None


def touched_within(since: datetime, until: datetime, kinds: Q = NOT_WELL) -> Mapping[str, int]:
    """Return how many sessions and users what did not end well is of."""
    rows = endings(since, until).filter(kinds)
    return rows.aggregate(sessions=Count("session_id", distinct=True), users=Count("user_hash", distinct=True))


def endings(since: datetime, until: datetime) -> QuerySet[Ending]:
    """Those that the host dates; on the same terms as the rates."""
    return Ending.objects.filter(ended_at__gt=since, ended_at__lte=until, is_dated=True).order_by()
