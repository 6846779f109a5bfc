"""A policy as its pages show it: its terms beside the proposed ones, what stands in its way, and its last runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sessions_admin import permissions
from sessions_admin.models import Policy, Run
from sessions_admin.policies import POLICIES, Kind
from sessions_admin.policies.decide import actor_of, policy_named
from sessions_admin.policies.rounds import RUN, UNWANTED
from sessions_admin.policies.terms import terms_of
from sessions_admin.runs.counts import Tally, tallies

LISTED_RUNS = 5
LABELS: dict[str, Promise] = {
    "age_days": _("Taken when older than"),
    "hold_days": _("Restorable for"),
    "most_files": _("At most, files a run"),
    "most_gigabytes": _("At most, bytes a run"),
}
HINDRANCES: dict[str, Promise] = {
    RUN: _("A run of this policy is not over yet."),
    UNWANTED: _(
        "It would move more than its bound; the second person who was asked said no, or nothing. It asks again a day later."
    ),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One of the terms, as it is in force and as it is proposed ('': not at all)."""

    label: Promise
    now: str
    then: str

    @property
    def is_changing(self) -> bool:
        return bool(self.then) and self.then != self.now


@dataclass(frozen=True, slots=True)
class Shown:
    """One policy with all that its pages show."""

    kind: Kind
    policy: Policy
    terms: list[Term]
    runs: list[tuple[Run, list[Tally]]]

    @property
    def hindrance(self) -> Promise | None:
        """Why it put nothing aside, where that is no condition (which `policy.hindrance` names then)."""
        return HINDRANCES.get(self.policy.hindrance)


def shown(name: str) -> Shown:
    policy = policy_named(name)
    runs = Run.objects.filter(actor=actor_of(name)).select_related("plan").order_by("-queued_at")[:LISTED_RUNS]
    return Shown(POLICIES[name], policy, _terms(policy), [(run, tallies(run)) for run in runs])


def may_approve(policy: Policy, person: User) -> bool:
    return person.get_username() != policy.proposed_by and person.has_perm(permissions.ADMINISTER)


def may_decline(policy: Policy, person: User) -> bool:
    return person.get_username() == policy.proposed_by or person.has_perm(permissions.ADMINISTER)


def _terms(policy: Policy) -> list[Term]:
    now, then = terms_of(policy.terms), terms_of(policy.proposed)
    return [
        Term(label, _worded(name, now.kept[name]) if now else "", _worded(name, then.kept[name]) if then else "")
        for name, label in LABELS.items()
    ]


def _worded(name: str, value: int) -> str:
    return WORDED[name](value).replace("{n}", f"{value:,}")


WORDED: dict[str, Callable[[int], str]] = {
    "age_days": lambda value: ngettext("{n} day", "{n} days", value),
    "hold_days": lambda value: ngettext("{n} day", "{n} days", value),
    "most_files": lambda value: ngettext("{n} file", "{n} files", value),
    "most_gigabytes": lambda _value: "{n} GB",
}
