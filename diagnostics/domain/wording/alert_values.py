"""How the values and levels of alerts are written: with as many digits as it takes to see on which side of a level they lie."""

from __future__ import annotations

import math
from collections.abc import Callable

from diagnostics.domain.alerts.rules import Levels, Rule
from diagnostics.domain.wording import formatting
from diagnostics.domain.wording.formatting import CHINESE
from diagnostics.domain.wording.labels import both as _both

MINUTE, HOUR, DAY = 60, 3600, 86_400
MOST_DIGITS = 17  # of a double
NOTHING = "–"
STATE_WORDS = {False: _both("in order", "正常"), True: _both("not in order", "异常")}
UNITS = {
    "percent": _both("{n} %", "{n}%"),
    "seconds": _both("{n} s", "{n} 秒"),
    "hours": _both("{n} h", "{n} 小时"),
    "number": _both("{n}", "{n}"),
}
FAR_HOURS = 24 * 365  # what lies further ahead is not going to happen, as far as anybody knows
FAR = _both("more than a year", "一年以上")
HOUR_ALONE = _both("hour", "1 小时")


def value_text(rule: Rule, value: float | None, language: str, levels: Levels | None = None) -> str:
    """Return a value with its unit, so exact that it is never shown as, or beyond, a level that it has not reached.

    Percents are rounded down, as on all pages: 84.97 reads "84.9 %". 85.04 reads "85.0 %", but where the level is 85 it
    reads "85.04 %".
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if not rule.has_levels:
        return STATE_WORDS[value > 0][language]
    if rule.unit == "hours" and value >= FAR_HOURS:
        return FAR[language]
    in_force = levels or rule.levels
    bounds = (in_force.raise_at, in_force.clear_at)
    if rule.unit == "seconds" and _keeps_side(_told_seconds(value), value, bounds):
        return formatting.length(value, language)
    return UNITS[rule.unit][language].replace("{n}", _number(rule, value, bounds))


def level_text(rule: Rule, level: float, language: str) -> str:
    """Return a level with its unit, as exact as it was set: "90 %", "5 min", "3,661 s"."""
    if rule.unit == "seconds" and _told_seconds(level) == level:
        return formatting.length(level, language)
    shown = f"{level:,.0f}" if level == int(level) else repr(float(level))
    return UNITS.get(rule.unit, UNITS["number"])[language].replace("{n}", shown)


def window_text(seconds: int | None, language: str) -> str:
    """Return how long a window is: "24 h", "hour", "7 d"; two days and less are told in hours."""
    if seconds is None:
        return formatting.UNKNOWN[language]
    if seconds == HOUR:
        return HOUR_ALONE[language]
    if seconds <= 2 * DAY and not seconds % HOUR:
        return f"{seconds // HOUR} {'小时' if language == CHINESE else 'h'}"
    return formatting.length(seconds, language)


def _number(rule: Rule, value: float, bounds: tuple[float, ...]) -> str:
    if rule.unit == "number" and value == int(value):
        return f"{value:,.0f}"
    with_digits = _rounded_down if rule.unit == "percent" else _rounded
    fewest = 0 if rule.unit == "number" else 1
    shapes: list[Callable[[float], str]] = [with_digits(digits) for digits in range(fewest, MOST_DIGITS)]
    shown = (shape(value) for shape in shapes)
    return next((text for text in shown if _keeps_side(float(text.replace(",", "")), value, bounds)), repr(value))


def _rounded(digits: int) -> Callable[[float], str]:
    return lambda value: f"{value:,.{digits}f}"


def _rounded_down(digits: int) -> Callable[[float], str]:
    return lambda value: f"{math.floor(value * 10**digits) / 10**digits:,.{digits}f}"


def _keeps_side(shown: float, value: float, bounds: tuple[float, ...]) -> bool:
    """Whether what is shown lies where the value lies: above, below or exactly at each level."""
    return all((shown > bound) == (value > bound) and (shown < bound) == (value < bound) for bound in bounds)


def _told_seconds(value: float) -> float:
    """Return the seconds that `formatting.length` shows of a length."""
    if 0 <= value < 10:
        return round(value, 1)
    whole = round(value)
    step = 1 if whole < HOUR else MINUTE if whole < DAY else HOUR
    return whole // step * step
