"""The queue in front of a pending session: does it move, was somebody taken before it, and how many stand ahead."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime

from diagnostics.domain.facts import QueueFacts, SessionKey, SessionRecord
from diagnostics.models import SessionEntry

PICKED_UP = ("generating", "completed", "failed")


@dataclass(slots=True)
class Queue:
    """Who waits since when (sorted), which generating sessions move, and whom a worker has taken lately."""

    waiting_since: list[datetime] = field(default_factory=list)
    moving: list[tuple[datetime, str]] = field(default_factory=list)
    picked_up: list[tuple[datetime, str]] = field(default_factory=list)

    def place_of(self, record: SessionRecord, reset_at: datetime | None, now: datetime) -> QueueFacts:
        since = queued_at(record.created.at, reset_at)
        if since is None:
            return QueueFacts()
        earlier = min((move for move in self.moving if move[0] <= since), default=None)
        own = str(record.key)
        later = max((pick for pick in self.picked_up if since < pick[0] <= now and pick[1] != own), default=None)
        return QueueFacts(
            position=bisect_left(self.waiting_since, since) + 1,
            is_moving=earlier is not None,
            moving_key=earlier[1] if earlier else "",
            was_overtaken=later is not None,
            overtaken_by=later[1] if later else "",
        )

    def note_moving(self, key: SessionKey, created: datetime | None, reset_at: datetime | None) -> None:
        since = queued_at(created, reset_at)
        if since is not None:
            self.moving.append((since, str(key)))


def queue_of_index(now: datetime) -> Queue:
    """Return the queue as the session index has it; who moves is noted while the pass looks at them."""
    waiting = SessionEntry.objects.filter(status="pending").values_list("created_at", "reset_at", "gone_at")
    since = sorted(filter(None, (queued_at(created, reset) for created, reset, gone in waiting if gone is None)))
    picked: list[tuple[datetime, str]] = []
    for status in PICKED_UP:
        newest = SessionEntry.objects.filter(status=status, listed_at__lte=now).order_by("-listed_at")
        for key, created, gone in newest.values_list("key", "created_at", "gone_at")[:20]:
            if created is not None and gone is None:
                picked.append((created, key))
    return Queue(waiting_since=since, picked_up=picked)


def queued_at(created: datetime | None, reset_at: datetime | None) -> datetime | None:
    """When a session took its place: at its creation, or at its last reset known to us."""
    known = [time for time in (created, reset_at) if time is not None]
    return max(known, default=None)
