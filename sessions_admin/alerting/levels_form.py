"""What people fill in about the levels of an alert. Nothing that was typed is lost, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnostics.domain.alerts.rules import DAY, HOUR, MINUTE, Levels, Rule
from sessions_admin.alerting.level_bounds import faults, number
from sessions_admin.alerting.levels import Standing
from sessions_admin.forms import WhyForm

UNITS: dict[str, tuple[int, Promise]] = {
    "s": (1, _("seconds")),
    "min": (MINUTE, _("minutes")),
    "h": (HOUR, _("hours")),
    "d": (DAY, _("days")),
}
LEVELS = ("raise_at", "clear_at")
TIMES = ("window_seconds", "for_seconds", "keep_seconds")
WHY = ("reason", "seen")
FAR_TOO_LONG = 1e9  # seconds: what is longer is refused like this, and no number is too large to be asked about


class LevelsForm(WhyForm):
    """Levels of one rule, whether it is on, and why. `seen` is the revision that the form was made of.

    A time is a number and a unit: two fields, `window_seconds_number` and `window_seconds_unit`.
    """

    seen = forms.IntegerField(min_value=0)
    is_on = forms.BooleanField(required=False)
    raise_at = forms.FloatField()
    clear_at = forms.FloatField()
    smallest_sample = forms.IntegerField()

    def __init__(self, *arguments: Any, rule: Rule, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.rule = rule
        for name in TIMES:
            self.fields[f"{name}_number"] = forms.FloatField()
            self.fields[f"{name}_unit"] = forms.ChoiceField(
                choices=[(unit, word) for unit, (_n, word) in UNITS.items()]
            )
        for name in _absent(rule):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors.keys() - WHY:
            for fault in faults(self.rule, self.levels):
                self.add_error(_field_of(fault.name), fault.sentence)
        return cleaned

    @property
    def levels(self) -> Levels:
        """The levels that were typed, where every field could be read."""
        cleaned = self.cleaned_data
        told = {name: cleaned[name] for name in (*LEVELS, "smallest_sample") if name in cleaned}
        times = {name: self._seconds(name) for name in TIMES if f"{name}_number" in self.fields}
        return replace(self.rule.levels, **told, **times)

    def is_fit(self, *, but: Collection[str] = (), only: Collection[str] = ()) -> bool:
        """Whether all is well with what is needed now: all fields `but` some, or some `only`; the others are not faulted."""
        needed = set(only) or set(self.fields) - set(but)
        for name in set(self.errors) - needed:
            del self.errors[name]
        return not self.errors

    def _seconds(self, name: str) -> int:
        typed: float = self.cleaned_data[f"{name}_number"]
        seconds = typed * UNITS[self.cleaned_data[f"{name}_unit"]][0]
        return round(max(-FAR_TOO_LONG, min(seconds, FAR_TOO_LONG)))


def first_values(standing: Standing) -> dict[str, Any]:
    """Return what the form begins with: what is in force."""
    levels = asdict(standing.levels)
    told: dict[str, Any] = {"seen": standing.revision, "is_on": standing.is_on}
    told |= {name: number(levels[name]) for name in LEVELS}
    told["smallest_sample"] = levels["smallest_sample"]
    for name in TIMES:
        told |= _halves(name, levels[name])
    return told


def unit_of(seconds: int) -> str:
    """Return the largest unit in which a time is a whole number: hours up to two days; that of nothing at all is minutes."""
    if seconds <= 2 * DAY and seconds and not seconds % HOUR:
        return "h"
    whole = [unit for unit, (size, _word) in UNITS.items() if seconds % size == 0]
    return whole[-1] if seconds else "min"


def _halves(name: str, seconds: int | None) -> Mapping[str, str]:
    if seconds is None:
        return {}
    unit = unit_of(seconds)
    return {f"{name}_number": number(seconds / UNITS[unit][0]), f"{name}_unit": unit}


def _absent(rule: Rule) -> list[str]:
    """Return the fields that a rule has not: the measure has no window or sample, or is a state."""
    absent = [] if rule.has_levels else [*LEVELS]
    absent += [] if rule.levels.smallest_sample is not None else ["smallest_sample"]
    absent += [] if rule.levels.window_seconds is not None else ["window_seconds_number", "window_seconds_unit"]
    return absent


def _field_of(name: str) -> str:
    return f"{name}_number" if name in TIMES else name
