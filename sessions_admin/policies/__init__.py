"""What is put aside regularly: four policies, each on terms that one person proposed and another approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnostics.models import LedgerFile
from sessions_admin.models import Policy
from sessions_admin.policies import candidates
from sessions_admin.policies.terms import Terms, terms_of

RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Kind:
    """One policy: its words, which files of the ledger it would take, and terms to begin with."""

    name: str
    title: Promise
    explanation: Promise
    candidates: Callable[[int, datetime], QuerySet[LedgerFile]]
    first_terms: Terms


POLICIES: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            RETENTION,
            _("Audio past its retention"),
            _(
                "Audio of completed sessions that are older than this, and whose file is. The sessions then are expired, "
                "and count as no fault."
            ),
            candidates.past_retention,
            Terms(age_days=90, hold_days=14, most_files=500, most_gigabytes=50),
        ),
        Kind(
            "failed_remains",
            _("Remains of failed sessions"),
            _("Files that bear a failed session’s name, are not whole, and that no row claims."),
            candidates.failed_remains,
            Terms(age_days=1, hold_days=7, most_files=200, most_gigabytes=20),
        ),
        Kind(
            "orphans",
            _("Orphans"),
            _("Finished audio whose session has no row, and that no other row claims."),
            candidates.orphans,
            Terms(age_days=7, hold_days=14, most_files=200, most_gigabytes=20),
        ),
        Kind(
            "leftovers",
            _("Leftovers"),
            _("Temporary files that no longer grow."),
            candidates.leftovers,
            Terms(age_days=1, hold_days=7, most_files=200, most_gigabytes=20),
        ),
    )
}


def first_terms(name: str) -> Terms | None:
    """Return terms to begin with; None for audio while neither AUDIO_RETENTION_DAYS nor anybody said how long it stays."""
    terms = POLICIES[name].first_terms
    if name != RETENTION:
        return terms
    days = settings.LIMITS.audio_retention_days
    return None if days is None else replace(terms, age_days=max(1, ceil(days)))


def shown_terms(policy: Policy) -> Terms | None:
    """Return the terms that its pages count by: those in force (or last in force), else those proposed, else the first ones."""
    return terms_of(policy.terms) or terms_of(policy.proposed) or first_terms(policy.name)
