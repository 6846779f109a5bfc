"""When an alert goes on and off too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from diagnostics.domain.alerts.flapping import flips, is_flapping
from tests.domain.alerts.walking import NOON


def _changes(*states: str, minutes: float = 5) -> list[tuple[datetime, str, str]]:
    """The last change is at NOON, the others `minutes` apart before it."""
    pairs = list(pairwise(states))
    return [(NOON - timedelta(minutes=minutes * (len(pairs) - 1 - n)), old, new) for n, (old, new) in enumerate(pairs)]


ON_AND_OFF = ("ok", "firing", "ok", "firing", "recovering", "firing", "recovering")


def test_six_changes_within_an_hour_are_flapping_and_five_are_not() -> None:
    assert is_flapping(_changes(*ON_AND_OFF), NOON)
    assert not is_flapping(_changes(*ON_AND_OFF[:-1]), NOON)


def test_the_hour_is_half_open() -> None:
    changes = _changes(*ON_AND_OFF, minutes=12)
    assert flips(changes, NOON) == 5  # the first one is exactly an hour old
    assert flips(changes, NOON - timedelta(microseconds=1)) == 5  # that one counts, the last is to come


def test_pending_no_data_and_errors_are_no_side() -> None:
    states = (
        "ok",
        "pending",
        "ok",
        "pending",
        "ok",
        "no_data",
        "error",
        "ok",
        "pending",
        "firing",
        "no_data",
        "firing",
    )
    assert flips(_changes(*states, minutes=1), NOON) == 1
