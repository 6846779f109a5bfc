"""What a rule would have done: the looks of some time, taken through the very steps that rounds take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from diagnostics.domain.alerts.course import Event, Reading, Standing, step
from diagnostics.domain.alerts.rules import Levels, Rule

Look = tuple[datetime, Reading]


@dataclass(frozen=True, slots=True)
class Spell:
    """One time that a rule would have fired for a subject: from the first breach to its end (None: it lasts)."""

    subject: str
    since: datetime
    fired_at: datetime
    until: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """How long it lasted, up to now where it lasts; never less than nothing."""
        return max(((self.until or now) - self.since).total_seconds(), 0.0)


def spells(
    looks: Iterable[Look], levels: Levels, rule: Rule, *, round_seconds: float, subject: str = ""
) -> Iterator[Spell]:
    """Yield what would have fired, in the order of time; `looks` are in it, and are `round_seconds` apart."""
    standing, lasting = Standing(), None
    for now, reading in looks:
        after = step(standing, reading, levels, rule, now, round_seconds=round_seconds)
        if Event.FIRED in after.events:
            lasting = Spell(subject, after.standing.breached_since or now, now)
        elif Event.ENDED in after.events and lasting:
            yield Spell(subject, lasting.since, lasting.fired_at, now)
            lasting = None
        standing = after.standing
    if lasting:
        yield lasting
