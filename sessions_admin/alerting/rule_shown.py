"""A rule of the alerts as its pages show it: how it stands, its levels beside the defaults, who is told, what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from diagnostics.domain.alerts.rules import DAY, HOUR, Levels, Rule
from diagnostics.domain.wording import alerts as words
from diagnostics.models import AlertState
from diagnostics.templatetags.formats import duration
from diagnostics.templatetags.labels import Label
from sessions_admin.alerting import levels, recipients
from sessions_admin.alerting.levels import Standing
from sessions_admin.models import AuditEntry

LISTED_CHANGES = 50
STATE = AlertState.State
# The gravest first: what a rule of several subjects is shown as; with icon and tone.
STATES = {
    STATE.FIRING: ("broken", "broken"),
    STATE.RECOVERING: ("reset", "warning"),
    STATE.PENDING: ("not-ready", "warning"),
    STATE.ERROR: ("warning", "warning"),
    STATE.NO_DATA: ("unknown", "unknown"),
    STATE.OK: ("playable", "playable"),
}
NOT_YET = Label(gettext_lazy("Not looked at yet"), "not-ready", "unknown")
NAMES: dict[str, Promise] = {
    "is_on": gettext_lazy("On or off"),
    "raise_at": gettext_lazy("Fires at"),
    "clear_at": gettext_lazy("Ends at"),
    "window_seconds": gettext_lazy("Counted over the last"),
    "smallest_sample": gettext_lazy("Smallest sample"),
    "for_seconds": gettext_lazy("Once it held for"),
    "keep_seconds": gettext_lazy("Ends once well for"),
    "told": gettext_lazy("Channels told"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule with what both pages show of it; `subjects` is how many stand as gravely as `state` says."""

    standing: Standing
    title: str
    meaning: str
    state: Label
    subjects: int
    levels: list[str]
    recipients: int

    @property
    def rule(self) -> Rule:
        return self.standing.rule


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change changed."""

    name: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the audit about a rule's levels or recipients."""

    entry: AuditEntry
    differences: list[Difference]


def all_shown() -> list[Shown]:
    """Return every rule, by three queries."""
    states: dict[str, list[str]] = {}
    for name, state in AlertState.objects.values_list("rule", "state"):
        states.setdefault(name, []).append(state)
    told = recipients.numbers_told()
    return [_shown(standing, states.get(name, []), told[name]) for name, standing in levels.all_standing().items()]


def shown(standing: Standing) -> Shown:
    states = AlertState.objects.filter(rule=standing.rule.name).values_list("state", flat=True)
    return _shown(standing, list(states), recipients.numbers_told()[standing.rule.name])


def in_words(rule: Rule, name: str, value: float | None) -> str:
    """Return one field of `Levels` with its unit: "90 %", "24 h"."""
    if value is None:
        return _("not used")
    if name in ("raise_at", "clear_at"):
        return words.level_text(rule.name, value, language())
    return f"{value:,.0f}" if name == "smallest_sample" else _time(value)


def _time(seconds: float) -> str:
    """Return a length; two days and less, where they are whole hours, are told in hours."""
    if HOUR <= seconds <= 2 * DAY and not seconds % HOUR:
        return _("{n} h").replace("{n}", f"{seconds / HOUR:.0f}")
    return duration(seconds)


def default_words(rule: Rule) -> dict[str, str]:
    """Return every default of a rule, in words."""
    return {field.name: in_words(rule, field.name, getattr(rule.levels, field.name)) for field in fields(Levels)}


def changes(rule: Rule) -> list[Change]:
    """Return what was decided of a rule, the newest first."""
    decided = AuditEntry.objects.filter(
        action__in=(levels.DECISION, recipients.DECISION), outcome=AuditEntry.Outcome.DONE, values__rule=rule.name
    )
    return [Change(entry, _differences(rule, entry)) for entry in decided[:LISTED_CHANGES]]


def language() -> str:
    return get_language() or "en"


def _shown(standing: Standing, states: Iterable[str], told: int) -> Shown:
    name, known = standing.rule.name, list(states)
    gravest = next((state for state in STATES if state in known), None)
    return Shown(
        standing,
        words.title(name, language()),
        words.meaning(name, language(), standing.levels),
        _state(gravest, is_on=standing.is_on),
        known.count(gravest) if gravest and standing.is_on else 0,
        _levels_in_words(standing),
        told,
    )


def _state(gravest: str | None, *, is_on: bool) -> Label:
    if not is_on:
        return Label(words.state_word("off", language()), "minus", "expired")
    if gravest is None:
        return NOT_YET
    return Label(words.state_word(gravest, language()), *STATES[STATE(gravest)])


def _levels_in_words(standing: Standing) -> list[str]:
    """Return the levels in force, one clause each."""
    rule, known = standing.rule, standing.levels
    told = {field.name: in_words(rule, field.name, getattr(known, field.name)) for field in fields(Levels)}
    clauses = []
    if rule.has_levels:
        text = (
            _("below %(raise_at)s, until %(clear_at)s")
            if rule.is_low_bad
            else _("above %(raise_at)s, until %(clear_at)s")
        )
        clauses.append(text % told)
    if known.window_seconds is not None:
        clauses.append(_("over %(window_seconds)s") % told)
    if known.smallest_sample is not None:
        clauses.append(_("from %(smallest_sample)s sessions on") % told)
    clauses.append(_("for %(for_seconds)s") % told if known.for_seconds else _("at once"))
    return clauses


def _differences(rule: Rule, entry: AuditEntry) -> list[Difference]:
    before, after = entry.before or {}, entry.after or {}
    return [
        Difference(NAMES.get(name, name), _kept(rule, name, before.get(name)), _kept(rule, name, value))
        for name, value in after.items()
        if value != before.get(name)
    ]


def _kept(rule: Rule, name: str, value: str | None) -> str:
    """Return a value that the audit holds, in words."""
    if name == "is_on":
        return _("on") if value == "on" else _("off")
    if name == "told" or value is None:
        return value or "–"
    return in_words(rule, name, float(value))


def with_units(rule: Rule) -> Mapping[str, str | Promise]:
    """Return what stands behind the number of a level."""
    return {"percent": "%", "seconds": _("seconds"), "hours": _("hours"), "number": _("failed sessions")}
