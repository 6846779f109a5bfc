"""What passes and actions left to be known of a session's file and its request: clean-ups, removals, other sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class CleanUp:
    """Many files that one pass missed together, nearly all changed last before `newest_at`, while younger ones stayed."""

    count: int
    newest_at: datetime
    age_seconds: float  # how old the youngest of them was then

    def covers(self, modified_at: datetime | None) -> bool:
        return modified_at is not None and modified_at <= self.newest_at


class Reason(StrEnum):
    """Why this dashboard moved a file away: somebody wanted it, or a retention policy did."""

    ACTION = "action"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Removal:
    """A file that this dashboard moved away: by which action, by whom, when, and until when it can be brought back."""

    action: str
    actor: str
    at: datetime
    reason: Reason = Reason.ACTION
    restorable_until: datetime | None = None

    def is_restorable(self, now: datetime) -> bool:
        return self.restorable_until is not None and now < self.restorable_until


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """Another session of the same user and assessment, and when it was begun."""

    key: str
    begun_at: datetime
