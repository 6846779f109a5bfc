"""Which rule's episode explains another's, so that the consequence is shown and not told."""

from __future__ import annotations

from collections.abc import Collection

from diagnostics.domain.alerts.rules import MUTES, RULES, Rule

Subject = tuple[str, str]  # rule, subject
CAUSES = frozenset(cause for cause, _subject in MUTES)


def causes_first() -> tuple[Rule, ...]:
    """Return all rules, those first that silence others: in the round in which both fire, the consequence is muted."""
    return tuple(sorted(RULES, key=lambda rule: rule.name not in CAUSES))


def muted_by(rule: str, subject: str, firing: Collection[Subject]) -> str:
    """Return the rule whose open episode explains this one; '' where none does."""
    for (cause, cause_subject), muted in MUTES.items():
        is_muted = rule in muted or f"{rule}:{subject}" in muted
        if is_muted and any(name == cause and cause_subject in ("", of) for name, of in firing):
            return cause
    return ""
