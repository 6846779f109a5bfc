"""Walks a rule through readings, one look a minute, and tells what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from diagnostics.domain.alerts.course import Event, Reading, ReadingKind, Standing, step
from diagnostics.domain.alerts.rules import BY_NAME, Levels, Rule

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
NO_DATA = Reading.too_few(4, 10)
ERROR = Reading.error("stale")


@dataclass(slots=True)
class Walk:
    """One subject of one rule; `events` has every event with the minute since NOON that it came at."""

    rule: Rule = BY_NAME["disk_used"]
    levels: Levels = BY_NAME["disk_used"].levels
    standing: Standing = field(default_factory=Standing)
    now: datetime = NOON - timedelta(minutes=1)
    events: list[tuple[float, Event]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    def look(self, reading: Reading | float, *, later: timedelta = timedelta(minutes=1)) -> str:
        self.now += later
        done = step(self.standing, _reading(reading), self.levels, self.rule, self.now)
        self.standing = done.standing
        self.events += [((self.now - NOON).total_seconds() / 60, event) for event in done.events]
        self.states.append(str(done.standing.state))
        return self.states[-1]

    def looks(self, readings: Iterable[Reading | float]) -> list[str]:
        return [self.look(reading) for reading in readings]

    def times(self, event: Event) -> int:
        return sum(happened is event for _, happened in self.events)


def walk(name: str) -> Walk:
    return Walk(BY_NAME[name], BY_NAME[name].levels)


def firing(name: str = "disk_used", value: float = 95.0) -> Walk:
    """Return a walk that fires."""
    found = walk(name)
    while found.standing.state != "firing":
        found.look(value)
    return found


def _reading(reading: Reading | float) -> Reading:
    return reading if isinstance(reading, Reading) else Reading(ReadingKind.VALUE, value=reading)
