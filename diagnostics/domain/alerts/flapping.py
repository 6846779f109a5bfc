"""Flapping: an alert that goes on and off so often that each change for itself tells nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from diagnostics.domain.alerts.course import State

FLIPS = 6
WITHIN = timedelta(hours=1)
# Pending, no data and errors say nothing of whether it is well: only these are the one side or the other.
IS_WELL = {State.OK: True, State.RECOVERING: True, State.FIRING: False}


def is_flapping(changes: Iterable[tuple[datetime, str, str]], now: datetime) -> bool:
    """Return whether the state, of which `changes` are (at, old, new), went to firing or back six times within the hour."""
    return flips(changes, now) >= FLIPS


def flips(changes: Iterable[tuple[datetime, str, str]], now: datetime) -> int:
    """Return how often it went from well to firing or back in (now - 1 h, now]."""
    number = 0
    was_well: bool | None = None
    for at, old, new in sorted(changes):
        was_well = IS_WELL.get(State(old), was_well) if was_well is None else was_well
        is_well = IS_WELL.get(State(new), was_well)
        if is_well is not was_well and was_well is not None and now - WITHIN < at <= now:
            number += 1
        was_well = is_well
    return number
