"""Back-test: what a rule would have done in the last 30 days with other levels, by the steps that rounds take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from diagnostics.alerts import backtest_endings, backtest_samples, backtest_standing
from diagnostics.alerts.backtest_span import History, Source, span_of
from diagnostics.domain.alerts.replay import Spell, spells
from diagnostics.domain.alerts.rules import BY_NAME, Levels, Rule

LIMIT_SECONDS = 5.0  # a page waits no longer

SOURCES: dict[str, Source] = {
    "success_rate": backtest_endings.history,
    "generation_time": backtest_endings.history,
    "failures": backtest_endings.history,
    "disk_used": backtest_samples.percent_history,
    "inodes_used": backtest_samples.percent_history,
    "disk_full_soon": backtest_samples.filling_history,
    "part_down": backtest_samples.parts_history,
    "condition": backtest_standing.conditions_history,
    "incident_regressed": backtest_standing.incidents_history,
    "pass_late": backtest_standing.passes_history,
}


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have fired between `since` and `until`, by looks `step_seconds` apart, in the order of time.

    `since` is later than 30 days before `until` where the history kept reaches back no further, or, with `is_cut`, where
    there was no time to go through more of it. `longest_seconds` is 0 where nothing fired; what lasts counts up to `until`.
    """

    since: datetime
    until: datetime
    episodes: tuple[Spell, ...]
    step_seconds: int
    is_cut: bool = False

    @property
    def fired(self) -> int:
        return len(self.episodes)

    @property
    def longest_seconds(self) -> float:
        return max((spell.seconds(self.until) for spell in self.episodes), default=0.0)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be said: nothing is kept yet, or not one whole window could be gone through in time."""
        return self.since >= self.until

    @property
    def reaches_back_to(self) -> datetime:
        return self.since


def backtest(rule: str, levels: Levels, now: datetime, limit_seconds: float = LIMIT_SECONDS) -> Backtest:
    """Replay a rule that `can_backtest`; it ends within the limit, give or take a second, and says what it covers."""
    known = BY_NAME[rule]
    span = span_of(now, settings.ALERT_INTERVAL_SECONDS, limit_seconds)
    found = SOURCES[rule](known, levels, span)
    step_seconds = int(span.step.total_seconds())
    fired = sorted(_spells(found, levels, known, step_seconds), key=lambda spell: (spell.fired_at, spell.subject))
    return Backtest(found.reaches_back_to, now, tuple(fired), step_seconds, found.is_cut)


def _spells(found: History, levels: Levels, rule: Rule, step_seconds: int) -> Iterator[Spell]:
    for series in found.series:
        yield from spells(series.looks, levels, rule, round_seconds=step_seconds, subject=series.subject)
