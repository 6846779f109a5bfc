"""Why the playable rate changed against the period before: which causes moved it, in points."""

from __future__ import annotations

import math
from dataclasses import dataclass

from diagnostics.domain.rates.figures import CauseCount, Rate, Rates

# A smaller change is none that anybody should look for a reason of.
SMALLEST_CHANGE_POINTS = 0.5
# Two rates differ by more than chance where the difference is so many standard errors (95 percent, both ways).
CHANCE = 1.96
# A further cause is told where it moved the rate at least so much of what the first one did.
WORTH_TELLING = 0.25
MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause and how it moved the rate: `points` is below zero where it lowered it."""

    code: str
    number: int
    before: int
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """How the rate changed, in points, and the causes that moved it the same way, the strongest first (none: unknown)."""

    points: float
    reasons: tuple[Reason, ...] = ()


def points_between(rate: Rate, before: Rate) -> float | None:
    """Return the difference in points, unrounded; None where either has too few samples for a rate."""
    if not (rate.is_enough and before.is_enough):
        return None
    return 100 * rate.good / rate.of - 100 * before.good / before.of


def reasons_of(figures: Rates, before: Rates) -> Change | None:
    """Return why the playable rate changed; None where samples are too few, or it moved no more than chance would.

    Each attempt that was not well has one cause, so the shares of the causes add up to what the rate lacks, and the
    change of a cause's share is what it moved the rate by.
    """
    rate, earlier = figures.by_file, before.by_file
    points = points_between(rate, earlier)
    if points is None or abs(points) < SMALLEST_CHANGE_POINTS or not _is_more_than_chance(rate, earlier):
        return None
    moved = [_reason(cause, rate.of, earlier.of) for cause in _with_gone(figures.causes, before.causes)]
    same_way = sorted((reason for reason in moved if reason.points * points > 0), key=lambda one: -abs(one.points))
    told = [
        reason for reason in same_way[:MOST_REASONS] if abs(reason.points) >= WORTH_TELLING * abs(same_way[0].points)
    ]
    return Change(points, tuple(told))


def _is_more_than_chance(rate: Rate, before: Rate) -> bool:
    """Tell two rates apart by the normal approximation of two proportions with a common one."""
    common = (rate.good + before.good) / (rate.of + before.of)
    error = math.sqrt(common * (1 - common) * (1 / rate.of + 1 / before.of))
    return error > 0 and abs(rate.good / rate.of - before.good / before.of) >= CHANCE * error


def _with_gone(causes: tuple[CauseCount, ...], earlier: tuple[CauseCount, ...]) -> list[tuple[str, int, int]]:
    """Return (code, number, number before) of every cause of either period: one that went away moved the rate too."""
    now, before = ({cause.code: cause.number for cause in counted} for counted in (causes, earlier))
    return [(code, now.get(code, 0), before.get(code, 0)) for code in {**now, **before}]


def _reason(cause: tuple[str, int, int], of: int, of_before: int) -> Reason:
    code, number, before = cause
    return Reason(code, number, before, 100 * before / of_before - 100 * number / of)
