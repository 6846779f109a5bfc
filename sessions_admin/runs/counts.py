"""The four counts of a run: done, left alone, failed, not reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_admin.models import PlanItem, Run

Outcome = PlanItem.Outcome
# Each of the four, with the outcomes that it adds up and its colour.
COUNTS: tuple[tuple[str, Promise, tuple[str, ...], str], ...] = (
    ("done", _("Done"), (Outcome.DONE,), "playable"),
    ("skipped", _("Left alone"), (Outcome.SKIPPED,), "expired"),
    ("failed", _("Failed"), (Outcome.FAILED, Outcome.UNKNOWN), "broken"),
    ("not_reached", _("Not reached"), ("",), "not-ready"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """One of the four counts."""

    name: str
    word: Promise
    tone: str
    number: int


def tallies(run: Run) -> list[Tally]:
    numbers = dict(run.plan.items.values_list("outcome").annotate(number=Count("id")).order_by())
    return [
        Tally(name, word, tone, sum(numbers.get(str(outcome), 0) for outcome in outcomes))
        for name, word, outcomes, tone in COUNTS
    ]


def outcomes_of(name: str) -> tuple[str, ...]:
    """Return the outcomes that a count adds up; none for a name that is no count's."""
    return next((outcomes for known, _word, outcomes, _tone in COUNTS if known == name), ())
