"""Attempts that ended, for tests of what is made of them: each call makes some, and `counted` counts them as the worker does."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from diagnostics.models import Ending
from tests.diagnostics.rows import NUMBERS, session
from tests.rates.kept import count, mark


def ended(number: int = 1, *, age: timedelta = timedelta(hours=2), **fields: object) -> list[Ending]:
    """Make sessions whose one attempt ended `age` ago: completed, played, and took five minutes."""
    at = timezone.now() - age
    values: dict[str, object] = {
        "kind": "completed",
        "ended_at": at,
        "is_playable": True,
        "took_seconds": 300.0,
        "length_seconds": 1800.0,
    }
    made = []
    for _each in range(number):
        values["user_hash"] = next(NUMBERS)
        made.append(Ending.objects.create(session=session(completed_at=at), **{**values, **fields}))
    return made


def failed(number: int = 1, *, age: timedelta = timedelta(hours=2), **fields: object) -> list[Ending]:
    told = {"kind": "failed", "is_playable": False, "cause": "generation.disk_full", "took_seconds": None}
    return ended(number, age=age, **{**told, **fields})


def counted() -> None:
    """Count every hour in which something ended."""
    for at in Ending.objects.values_list("ended_at", flat=True).distinct():
        mark(at)
    count()
