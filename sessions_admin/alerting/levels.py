"""Levels of alerts: an administrator changes them, where they still are as they were seen, and the audit says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from diagnostics.domain.alerts.rules import BY_NAME, Levels, Rule
from diagnostics.models import AlertLevels
from sessions_admin.actions import trail
from sessions_admin.actions.trail import Attempt, Columns
from sessions_admin.actors import By
from sessions_admin.alerting import deciding
from sessions_admin.alerting.level_bounds import faults, number

DECISION = "alert_levels"
FIELDS = ("raise_at", "clear_at", "window_seconds", "smallest_sample", "for_seconds", "keep_seconds")

CHANGED = gettext_noop("The levels of the alert %(rule)s were changed.")
BACK = gettext_noop("The alert %(rule)s is back to its default levels.")
SENSELESS = gettext_noop("Refused: these levels make no sense (%(fields)s).")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is in force of one rule. `revision` is 0 where nobody ever changed it; then nobody `changed_by`."""

    rule: Rule
    levels: Levels
    is_on: bool = True
    revision: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def is_default(self) -> bool:
        return self.levels == self.rule.levels


def standing(rule: Rule) -> Standing:
    return _standing(rule, AlertLevels.objects.filter(pk=rule.name).first())


def all_standing() -> dict[str, Standing]:
    """Return what is in force of every rule, by its name, in the order of the rules."""
    rows = AlertLevels.objects.in_bulk()
    return {name: _standing(rule, rows.get(name)) for name, rule in BY_NAME.items()}


def change(rule: str, levels: Levels, *, is_on: bool, seen: int, by: By, now: datetime) -> Standing:
    """Put levels in force, where the rule still stands at the revision that was seen. Raises AlertRefused.

    What equals a default is kept as "the default", and follows it should it ever change.
    """
    made = deciding.attempt(DECISION, rule, by)
    if wrong := faults(BY_NAME[rule], levels):
        raise deciding.refused(made, rule, SENSELESS, {"fields": ", ".join(fault.name for fault in wrong)})
    return _put(Standing(BY_NAME[rule], levels, is_on, seen + 1, now, made.actor), made, CHANGED)


def back_to_default(rule: str, *, seen: int, by: By, now: datetime) -> Standing:
    """Put the rule's own levels in force again; whether it is on stays as it is. Raises AlertRefused."""
    made = deciding.attempt(DECISION, rule, by)
    known = BY_NAME[rule]
    is_on = standing(known).is_on
    return _put(Standing(known, known.levels, is_on, seen + 1, now, made.actor), made, BACK)


def _put(after: Standing, made: Attempt, message: str) -> Standing:
    rule, seen = after.rule.name, after.revision - 1
    with deciding.one_at_a_time():
        before = standing(after.rule)
        is_new = (before.levels, before.is_on) != (after.levels, after.is_on)
        if before.revision == seen and is_new and _is_written(after, seen):
            columns = columns_of(before), columns_of(after)
            trail.add_decision(made, message, {"rule": rule}, before=columns[0], after=columns[1])
            return after
    if before.revision == seen and not is_new:
        raise deciding.refused(made, rule, deciding.THE_SAME)
    raise deciding.refused(made, rule, deciding.OVERTAKEN, {"name": standing(after.rule).changed_by})


def _is_written(after: Standing, seen: int) -> bool:
    """Write one row, where it still has the revision that was seen (none: where there is none). Whether it was."""
    values: dict[str, Any] = {name: _own(after, name) for name in FIELDS}
    values |= {
        "is_on": after.is_on,
        "revision": after.revision,
        "changed_at": after.changed_at,
        "changed_by": after.changed_by,
    }
    if seen:
        return AlertLevels.objects.filter(pk=after.rule.name, revision=seen).update(**values) == 1
    return AlertLevels.objects.get_or_create(pk=after.rule.name, defaults=values)[1]


def _own(after: Standing, name: str) -> float | None:
    """Return what is stored of a field: nothing where it is the default."""
    value: float | None = getattr(after.levels, name)
    return None if value == getattr(after.rule.levels, name) else value


def columns_of(shown: Standing) -> Columns:
    """Return levels as the audit holds them: numbers of the rule's unit, times in seconds, on or off."""
    levels = {name: None if value is None else number(value) for name, value in asdict(shown.levels).items()}
    return {"is_on": "on" if shown.is_on else "off", **levels}


def _standing(rule: Rule, row: AlertLevels | None) -> Standing:
    if row is None:
        return Standing(rule, rule.levels)
    set_ = {name: value for name in FIELDS if (value := getattr(row, name)) is not None}
    levels = Levels(**{**asdict(rule.levels), **set_})
    return Standing(rule, levels, row.is_on, row.revision, row.changed_at, row.changed_by)
