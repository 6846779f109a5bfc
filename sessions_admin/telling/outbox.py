"""Outcomes committed together with whom the host must be told of: so none is told that did not happen, and none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from diagnostics import bulk
from sessions_admin.actions import trail
from sessions_admin.actions.action import Action
from sessions_admin.actions.results import Kind, Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import Telling

POLL = "poll"
KEPT = timedelta(days=90)
Ends = Sequence[tuple[int, str, Result]]


def commit_outcomes(action: Action, attempt: Attempt, ends: Ends) -> None:
    """Commit how items ended (number, session, result) and, in the same transaction, what the host is to be told.

    Raises IntegrityError where an outcome is known already: whoever committed that has seen to the host as well.
    """
    with transaction.atomic():
        trail.add_outcomes(attempt, ends)
        if action.is_to_be_picked_up and settings.HOST_PICKUP != POLL:
            bulk.insert(_tellings(attempt, ends))


def forget_old(now: datetime) -> None:
    Telling.objects.filter(next_at=None, made_at__lt=now - KEPT).delete()


def _tellings(attempt: Attempt, ends: Ends) -> list[Telling]:
    now = timezone.now()
    return [
        Telling(
            operation=attempt.operation, number=number, session=trail.visible(session)[:255], action=attempt.action,
            kind=settings.HOST_PICKUP, made_at=now, next_at=now,
        )
        for number, session, result in ends
        if _waits(result)
    ]  # fmt: skip


def _waits(result: Result) -> bool:
    """Whether the session is pending by our doing, or may be; the host's worker takes only what really waits."""
    return result.kind == Kind.DONE or (result.kind == Kind.UNKNOWN and result.values.get("status") == "pending")
