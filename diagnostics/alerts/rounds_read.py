"""What is known of the rounds and of where the rules stand, for pages, metrics and the doctor. No worker is needed to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count

from diagnostics.models import AlertRound, AlertState, Episode, RecurringTask

LATE_AFTER_ROUNDS = 3
# A worker that is started anew, or a round of some length, is no reason to alarm anybody.
LATE_AT_LEAST = timedelta(minutes=2)
TASK = "alerts"


@dataclass(frozen=True, slots=True)
class Lateness:
    """The rounds are late by so many; `last_at` None: no round was ever finished."""

    last_at: datetime | None
    rounds: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the metrics tell: (rule, state) and kind of open episode to how many; the end of the last round and its length."""

    states: Sequence[tuple[str, str, int]]
    open: Sequence[tuple[str, int]]
    last: AlertRound | None


def last_round() -> AlertRound | None:
    return AlertRound.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()


def lateness(now: datetime) -> Lateness | None:
    """Return by how much the rounds are late; None: they are not, or no worker ever began to make any."""
    last = last_round()
    last_at = last.finished_at if last else None
    since = last_at or RecurringTask.objects.filter(name=TASK).values_list("next_at", flat=True).first()
    if since is None or now - since < max(LATE_AFTER_ROUNDS * _interval(), LATE_AT_LEAST):
        return None
    return Lateness(last_at, (now - since) // _interval())


def numbers() -> Numbers:
    """Return the figures by three queries."""
    states = AlertState.objects.values_list("rule", "state").annotate(number=Count("id")).order_by("rule", "state")
    found = Episode.objects.filter(ended_at=None).order_by().values_list("kind").annotate(number=Count("id"))
    counted = dict(found)
    return Numbers(list(states), [(kind, counted.get(kind, 0)) for kind in Episode.Kind.values], last_round())


def _interval() -> timedelta:
    return timedelta(seconds=settings.ALERT_INTERVAL_SECONDS)
