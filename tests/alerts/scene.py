"""Rows for alert rounds: sessions with their endings, samples, passes; and rounds at whatever time a test says."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from diagnostics.alerts.rounds import look_at_rules
from diagnostics.domain.alerts.rules import BY_NAME, Rule
from diagnostics.models import AlertRound, AlertState, Ending, Episode, Pass, ResourceSample, SessionEntry

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
NUMBERS = count(1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Desk:
    """A dashboard whose passes and samples keep up with `now`, unless a test lets them fall behind."""

    now: datetime = NOON
    passes_keep_up: bool = True
    disk_percent: float | None = 50.0
    rounds: list[AlertRound] = field(default_factory=list)

    def look(self, *, later: timedelta = MINUTE, times: int = 1) -> AlertRound:
        """Let time go on and a round be made, so many times."""
        for _ in range(times):
            self.now += later
            if self.passes_keep_up:
                complete_pass(self.now)
            if self.disk_percent is not None:
                sample(self.now, audio_bytes_percent=self.disk_percent, audio_free_bytes=10**12)
            self.rounds.append(look_at_rules(self.now, threading.Event()))
        return self.rounds[-1]

    def ended(self, number: int = 1, *, ago: timedelta = HOUR / 2, **fields: Any) -> list[Ending]:
        return [ending(self.now - ago, **fields) for _ in range(number)]


def state(rule: str, subject: str = "") -> AlertState:
    return AlertState.objects.get(rule=rule, subject=subject)


def episodes(rule: str) -> list[Episode]:
    return list(Episode.objects.filter(rule=rule).order_by("pk"))


def session(at: datetime, **fields: object) -> SessionEntry:
    values: dict[str, object] = {
        "key": str(next(NUMBERS)), "listed_at": at, "created_at": at, "updated_at": at, "status": "completed",
        "verdict": "playable", "state": "ok", "first_seen_at": at, "changed_at": at,
    }  # fmt: skip
    return SessionEntry.objects.create(**{**values, **fields})


def ending(at: datetime, *, entry: SessionEntry | None = None, **fields: Any) -> Ending:
    """Make a piece that was completed and whole; a failed or stuck one is given its kind."""
    kind = fields.get("kind", "completed")
    values: dict[str, object] = {"kind": kind, "ended_at": at, "is_playable": kind == "completed", "took_seconds": 60.0}
    return Ending.objects.create(session=entry or session(at - HOUR), **{**values, **fields})


def complete_pass(at: datetime) -> Pass:
    return Pass.objects.create(
        started_at=at - timedelta(seconds=2), heartbeat_at=at, finished_at=at, outcome=Pass.Outcome.COMPLETE
    )


def sample(at: datetime, **values: float | None) -> ResourceSample:
    return ResourceSample.objects.create(at=at, values=values)


def rule(name: str) -> Rule:
    return BY_NAME[name]
