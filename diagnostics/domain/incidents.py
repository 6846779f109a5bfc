"""The life of an incident, the one thing that many sessions share: new, ongoing, regressed, resolved."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

# Two sessions with the same fault may be chance, or one user who tried again; three point to something behind them. What
# has become an incident remains one until its last session is mended.
FEWEST_SESSIONS = 3
RECENT = timedelta(hours=24)


class IncidentState(StrEnum):
    """How an incident stands now; new and regressed wear off with time."""

    NEW = "new"
    REGRESSED = "regressed"
    ONGOING = "ongoing"
    RESOLVED = "resolved"


def state_of(*, opened_at: datetime, resolved_at: datetime | None, times_opened: int, now: datetime) -> IncidentState:
    """Return the state: `opened_at` is when it opened last, `times_opened` how often it did."""
    if resolved_at is not None:
        return IncidentState.RESOLVED
    if now - opened_at >= RECENT:
        return IncidentState.ONGOING
    return IncidentState.REGRESSED if times_opened > 1 else IncidentState.NEW
