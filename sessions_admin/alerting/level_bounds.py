"""Which levels of an alert make no sense, each named by its field: what a form shows beside it, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from diagnostics.domain.alerts.rules import DAY, MINUTE, Levels, Rule

SHORTEST_WINDOW, LONGEST_WINDOW = 5 * MINUTE, 30 * DAY
FEWEST, MOST = 1, 1000
LONGEST_HOLD = DAY
# The highest level that means something, by the rule's unit: seconds and hours of the longest window, any count.
HIGHEST: dict[str, float] = {"percent": 100, "seconds": LONGEST_WINDOW, "hours": 30 * 24, "number": 1_000_000}

NO_NUMBER = gettext_noop("Give a number.")
OUTSIDE = gettext_noop("This must be between %(lowest)s and %(highest)s.")
NOT_BELOW = gettext_noop("The rule fires above %(raise_at)s: the level at which it ends must be that or lower.")
NOT_ABOVE = gettext_noop("The rule fires below %(raise_at)s: the level at which it ends must be that or higher.")
WINDOW = gettext_noop("The window must be between 5 minutes and 30 days, in whole minutes.")
SAMPLE = gettext_noop("The smallest sample must be between 1 and 1000.")
HOLD = gettext_noop("This must be between 0 seconds and 1 day.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the field `name` of `Levels`: a key of the catalogues and what fills it."""

    name: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return gettext(self.message) % dict(self.values)


def faults(rule: Rule, levels: Levels) -> tuple[Fault, ...]:
    """Return what makes no sense, in the order of the fields; nothing where all may be put in force."""
    own = _of_levels(rule, levels) if rule.has_levels else ()
    return (*own, *_of_sample(rule, levels), *_of_times(levels))


def number(value: float) -> str:
    """Return a level as people write it: without a decimal where it has none."""
    return f"{value:.12g}"


def _of_levels(rule: Rule, levels: Levels) -> Iterator[Fault]:
    highest = HIGHEST[rule.unit]
    wrong = []
    for name in ("raise_at", "clear_at"):
        value = getattr(levels, name)
        if not math.isfinite(value):
            wrong.append(Fault(name, NO_NUMBER))
        elif not 0 <= value <= highest:
            wrong.append(Fault(name, OUTSIDE, {"lowest": "0", "highest": number(highest)}))
    yield from wrong
    if not wrong and _is_on_wrong_side(rule, levels):
        message = NOT_ABOVE if rule.is_low_bad else NOT_BELOW
        yield Fault("clear_at", message, {"raise_at": number(levels.raise_at)})


def _is_on_wrong_side(rule: Rule, levels: Levels) -> bool:
    return levels.clear_at < levels.raise_at if rule.is_low_bad else levels.clear_at > levels.raise_at


def _of_sample(rule: Rule, levels: Levels) -> Iterator[Fault]:
    """What a rule has by default it keeps, and what it has not it does not get."""
    window, sample = levels.window_seconds, levels.smallest_sample
    if (window is None) != (rule.levels.window_seconds is None) or (window is not None and not _is_window(window)):
        yield Fault("window_seconds", WINDOW)
    has_other_shape = (sample is None) != (rule.levels.smallest_sample is None)
    if has_other_shape or (sample is not None and not FEWEST <= sample <= MOST):
        yield Fault("smallest_sample", SAMPLE)


def _is_window(seconds: int) -> bool:
    return SHORTEST_WINDOW <= seconds <= LONGEST_WINDOW and seconds % MINUTE == 0


def _of_times(levels: Levels) -> Iterator[Fault]:
    for name in ("for_seconds", "keep_seconds"):
        if not 0 <= getattr(levels, name) <= LONGEST_HOLD:
            yield Fault(name, HOLD)
