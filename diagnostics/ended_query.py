"""Which sessions a bar of the rates stands for: those with an attempt that ended in a time, one way, with one cause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from diagnostics.models import Ending

ENDED = ("ended_from", "ended_to", "outcome", "ended_cause")
CAUSE = re.compile(r"[a-z_]+(\.[a-z_]+)?")
# So many attempts are listed at most, those that ended last; and so the sort of a list stays small.
MOST_ATTEMPTS = 10_000
COMPLETED = Q(kind=Ending.Kind.COMPLETED)
OUTCOMES: dict[str, Q] = {
    "all": Q(is_dated=True, is_playable__isnull=False),
    "playable": COMPLETED & Q(is_dated=True, is_playable=True),
    "unplayable": COMPLETED & Q(is_dated=True, is_playable=False),
    "failed": Q(kind=Ending.Kind.FAILED, is_dated=True),
    "stuck": Q(kind=Ending.Kind.STUCK, is_dated=True),
    "lost": Q(is_dated=True, lost_at__isnull=False),
    "completed": COMPLETED & Q(is_dated=True),
    "left_out": Q(is_dated=False) | Q(is_playable=None),
}


@dataclass(frozen=True, slots=True)
class Ended:
    """Attempts that ended in [since, until), with an outcome of OUTCOMES and a cause ('': any)."""

    since: datetime
    until: datetime
    outcome: str = "all"
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The sessions (their primary keys) that a list shows, and how many attempts they stand for; `is_more`: there are more."""

    sessions: frozenset[int]
    attempts: int
    is_more: bool


def attempts(ended: Ended) -> QuerySet[Ending]:
    """Return the endings, as the figures of the same time count them."""
    found = Ending.objects.filter(OUTCOMES[ended.outcome], ended_at__gte=ended.since, ended_at__lt=ended.until)
    column = "lost_cause" if ended.outcome == "lost" else "cause"
    return found.filter(**{column: ended.cause}) if ended.cause else found


def listed(ended: Ended) -> Listed:
    """Return the sessions behind the attempts that ended last; one walk back along the index of their ends."""
    newest = attempts(ended).order_by("-ended_at").values_list("session_id", flat=True)
    sessions = list(newest[: MOST_ATTEMPTS + 1])
    return Listed(frozenset(sessions[:MOST_ATTEMPTS]), len(sessions[:MOST_ATTEMPTS]), len(sessions) > MOST_ATTEMPTS)


def read_ended(told: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a scope from an address: all of them, or none where the time is not whole."""
    since, until = (_as_utc(told[name]) for name in ("ended_from", "ended_to"))
    if not (since and until):
        return {}
    outcome = told["outcome"] if told["outcome"] in OUTCOMES else "all"
    cause = told["ended_cause"] if CAUSE.fullmatch(told["ended_cause"]) else ""
    return {"ended_from": since, "ended_to": until, "outcome": outcome, "ended_cause": cause}


def _as_utc(text: str) -> str:
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at and at.tzinfo else ""
    except (ValueError, OverflowError):
        return ""
