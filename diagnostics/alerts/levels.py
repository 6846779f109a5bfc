"""The levels in force: each rule's own, overlaid by what an administrator set of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from diagnostics.domain.alerts.rules import RULES, Levels, Rule
from diagnostics.models import AlertLevels

COUNTED = ("window_seconds", "smallest_sample", "for_seconds", "keep_seconds")


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule as it is looked at now. `revision` is that of what was set, 0 where nothing was."""

    rule: Rule
    levels: Levels
    is_on: bool = True
    revision: int = 0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self.levels), "revision": self.revision}


def in_force() -> tuple[InForce, ...]:
    """Return every rule with its levels, in the order of the rules, by one query."""
    rows = AlertLevels.objects.in_bulk()
    return tuple(overlaid(rule, rows.get(rule.name)) for rule in RULES)


def overlaid(rule: Rule, row: AlertLevels | None) -> InForce:
    """Return a rule with what was set of it. A state has no levels, and a measure without window or sample gets none."""
    if row is None:
        return InForce(rule, rule.levels)
    names = COUNTED if rule.unit == "state" else ("raise_at", "clear_at", *COUNTED)
    set_ = {name: getattr(row, name) for name in names}
    return InForce(rule, replace(rule.levels, **_known(set_, rule.levels)), row.is_on, row.revision)


def _known(set_: Mapping[str, float | None], own: Levels) -> dict[str, Any]:
    return {name: value for name, value in set_.items() if value is not None and getattr(own, name) is not None}
