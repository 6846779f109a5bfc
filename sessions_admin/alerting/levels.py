"""Levels of alerts: an administrator changes them, where they still are as they were seen, and the audit says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from diagnostics.domain.alerts.rules import BY_NAME, Levels, Rule
from diagnostics.models import AlertLevels
from sessions_admin import permissions
from sessions_admin.actions import LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.trail import Attempt, Columns
from sessions_admin.alerting.level_bounds import faults, number
from sessions_admin.models import AuditHead
from sessions_admin.roles import roles_of

DECISION = "alert_levels"
FIELDS = ("raise_at", "clear_at", "window_seconds", "smallest_sample", "for_seconds", "keep_seconds")

CHANGED = gettext_noop("The levels of the alert %(rule)s were changed.")
BACK = gettext_noop("The alert %(rule)s is back to its default levels.")
OVERTAKEN = gettext_noop("Refused: %(name)s has changed this alert meanwhile.")
THE_SAME = gettext_noop("Nothing was changed: it stands like this already.")
SENSELESS = gettext_noop("Refused: these levels make no sense (%(fields)s).")
UNKNOWN = gettext_noop("Refused: there is no alert of this name.")


@dataclass(frozen=True, slots=True)
class By:
    """Who wants it, why, and from where."""

    person: User
    reason: str
    address: str


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


class LevelsRefused(Exception):
    """Nothing was changed: a key of the catalogues and what fills it. The attempt stands in the audit."""

    def __init__(self, message: str, values: Mapping[str, object]) -> None:
        super().__init__(message)
        self.message, self.values = message, values

    @property
    def sentence(self) -> str:
        return gettext(self.message) % self.values


def standing(rule: Rule) -> Standing:
    return _standing(rule, AlertLevels.objects.filter(pk=rule.name).first())


def all_standing() -> dict[str, Standing]:
    """Return what is in force of every rule, by its name, in the order of the rules."""
    rows = AlertLevels.objects.in_bulk()
    return {name: _standing(rule, rows.get(name)) for name, rule in BY_NAME.items()}


def change(rule: str, levels: Levels, *, is_on: bool, seen: int, by: By, now: datetime) -> Standing:
    """Put levels in force, where the rule still stands at the revision that was seen. Raises LevelsRefused.

    What equals a default is kept as "the default", and follows it should it ever change.
    """
    attempt = _attempt(rule, by)
    if wrong := faults(BY_NAME[rule], levels):
        raise _refused(attempt, rule, SENSELESS, {"fields": ", ".join(fault.name for fault in wrong)})
    return _put(Standing(BY_NAME[rule], levels, is_on, seen + 1, now, attempt.actor), attempt, CHANGED)


def back_to_default(rule: str, *, seen: int, by: By, now: datetime) -> Standing:
    """Put the rule's own levels in force again; whether it is on stays as it is. Raises LevelsRefused."""
    attempt = _attempt(rule, by)
    known = BY_NAME[rule]
    is_on = standing(known).is_on
    return _put(Standing(known, known.levels, is_on, seen + 1, now, attempt.actor), attempt, BACK)


def refuse(rule: str, by: By, message: str) -> None:
    """Note an attempt that came no further than the page."""
    trail.add_refusal(_attempt_of(by), "", message, {"rule": rule})


def _put(after: Standing, attempt: Attempt, message: str) -> Standing:
    rule, seen = after.rule.name, after.revision - 1
    with _one_at_a_time():
        before = standing(after.rule)
        is_new = (before.levels, before.is_on) != (after.levels, after.is_on)
        if before.revision == seen and is_new and _is_written(after, seen):
            columns = columns_of(before), columns_of(after)
            trail.add_decision(attempt, message, {"rule": rule}, before=columns[0], after=columns[1])
            return after
    if before.revision == seen and not is_new:
        raise _refused(attempt, rule, THE_SAME)
    raise _refused(attempt, rule, OVERTAKEN, {"name": standing(after.rule).changed_by})


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


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the audit's end first, and all through: whoever changes at once waits here, and not in a circle (MariaDB)."""
    with transaction.atomic():
        AuditHead.locked()
        yield


def _attempt(rule: str, by: By) -> Attempt:
    """Return the attempt of somebody who may, with a reason, at a rule that there is. Raises LevelsRefused otherwise."""
    attempt = _attempt_of(by)
    if rule not in BY_NAME:
        raise _refused(attempt, rule, UNKNOWN)
    if not by.person.has_perm(permissions.ADMINISTER):
        raise _refused(attempt, rule, results.NO_RIGHT)
    if not is_reason(by.reason):
        raise _refused(attempt, rule, results.NO_REASON)
    return attempt


def _attempt_of(by: By) -> Attempt:
    name, reason = by.person.get_username(), by.reason.strip()[:LONGEST_REASON]
    return Attempt(DECISION, "", "", name, roles_of(by.person), by.address, trail.visible(reason))


def _refused(attempt: Attempt, rule: str, message: str, values: Mapping[str, object] | None = None) -> LevelsRefused:
    told = {"rule": rule, **(values or {})}
    trail.add_refusal(attempt, "", message, told)
    return LevelsRefused(message, told)
