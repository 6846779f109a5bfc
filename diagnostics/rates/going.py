"""What is not finished yet: begun before a period, and the oldest of all that runs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from diagnostics.domain.rates.endings import STUCK
from diagnostics.models import SessionEntry


def going(since: datetime) -> tuple[int, datetime | None]:
    """Return how many sessions were begun before `since` and go on within their limits, and when the oldest that is generated began.

    What is stuck past its limit is counted as a failure already, but is the oldest all the same: it hides in no mean.
    """
    unfinished = SessionEntry.objects.filter(status__in=("pending", "generating")).order_by()
    # `gone_at` is told here and not by the query: a planner without statistics would read every row by its index.
    live, within = Q(gone_at=None), ~Q(cause__in=STUCK)
    found = unfinished.annotate(
        attempt_at=Coalesce("reset_at", "listed_at"),
        generated_at=Coalesce("reset_at", "generating_since", "created_at", "first_seen_at"),
    ).aggregate(
        number=Count("id", filter=live & within & Q(attempt_at__lt=since)),
        oldest=Min("generated_at", filter=live & Q(status="generating")),
    )
    return found["number"], found["oldest"]
