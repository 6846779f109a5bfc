"""Who decides on a policy: one proposes terms, another approves exactly these; anyone of them switches it off at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from sessions_admin import permissions
from sessions_admin.actions import LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import Policy, Run
from sessions_admin.policies.terms import Terms, digest_of, terms_of
from sessions_admin.roles import roles_of

ACTOR = Run.BY_POLICY + "{}"
OPEN = (Run.State.ASKED, Run.State.QUEUED, Run.State.RUNNING)

PROPOSED = gettext_noop("Terms of the policy %(policy)s were proposed; they count once another person approves them.")
APPROVED = gettext_noop("The terms of the policy %(policy)s that %(author)s proposed are in force; it is on.")
DECLINED = gettext_noop("The terms of the policy %(policy)s that %(author)s proposed were declined.")
SWITCHED_OFF = gettext_noop("The policy %(policy)s is off; its runs were told to stop.")
OWN = gettext_noop("Refused: nobody approves what they proposed themselves.")
OTHER_TERMS = gettext_noop("Refused: these are not the terms that were shown. Look at them again.")
NONE_WAIT = gettext_noop("Refused: no terms of this policy wait for an answer any more.")
IS_OFF = gettext_noop("Refused: this policy is off already.")


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, from where, and why."""

    person: User
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was decided: a key of the catalogues, and what fills it."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return gettext(self.message) % dict(self.values)


def policy_named(name: str) -> Policy:
    """Return a policy as it stands; one that nobody ever touched is off, and not stored."""
    return Policy.objects.filter(pk=name).first() or Policy(name=name)


def actor_of(name: str) -> str:
    """Return the name under which a policy acts; no login can have it, for its space."""
    return ACTOR.format(name)


def open_runs(name: str) -> bool:
    """Whether a run of this policy is not over, or waits for a second person."""
    return Run.objects.filter(state__in=OPEN, actor=actor_of(name)).exists()


def propose(name: str, terms: Terms, by: Decider, now: datetime) -> Refusal | None:
    """Keep the terms until another person answers; an earlier proposal is replaced."""

    def change(policy: Policy) -> Iterator[Refusal]:
        if not by.person.has_perm(permissions.QUARANTINE):
            yield Refusal(results.NO_RIGHT)
        author = by.person.get_username()
        policy.proposed, policy.proposed_by, policy.proposed_at = terms.kept, author, now
        policy.proposed_why, policy.proposed_digest = by.reason.strip(), digest_of(name, terms, author, now)
        policy.due_at = now  # so that its page soon says what it would do

    return _decided("policy_propose", name, by, PROPOSED, change, after=terms)


def approve(name: str, digest: str, by: Decider, now: datetime) -> Refusal | None:
    """Put the proposed terms in force, and the policy on: only by another person, and only these terms."""

    def change(policy: Policy) -> Iterator[Refusal]:
        if not by.person.has_perms((permissions.ADMINISTER, permissions.QUARANTINE)):
            yield Refusal(results.NO_RIGHT)
        yield from _unlike(policy, digest)
        if policy.proposed_by == by.person.get_username():
            yield Refusal(OWN)
        policy.is_on, policy.terms, policy.digest = True, policy.proposed, policy.proposed_digest
        policy.approved_by, policy.approved_at, policy.due_at = by.person.get_username(), now, now
        _forget_proposal(policy)

    return _decided("policy_approve", name, by, APPROVED, change)


def decline(name: str, digest: str, by: Decider, now: datetime) -> Refusal | None:
    """Forget the proposed terms; their author may take them back, too."""

    def change(policy: Policy) -> Iterator[Refusal]:
        is_author = policy.proposed_by == by.person.get_username() and by.person.has_perm(permissions.QUARANTINE)
        if not (is_author or by.person.has_perm(permissions.ADMINISTER)):
            yield Refusal(results.NO_RIGHT)
        yield from _unlike(policy, digest)
        policy.due_at = now
        _forget_proposal(policy)

    return _decided("policy_decline", name, by, DECLINED, change)


def switch_off(name: str, by: Decider, now: datetime) -> Refusal | None:
    """Switch a policy off and stop its runs, at once: it needs nobody else, and the terms are kept for the next time."""

    def change(policy: Policy) -> Iterator[Refusal]:
        if not by.person.has_perm(permissions.QUARANTINE):
            yield Refusal(results.NO_RIGHT)
        if not policy.is_on:
            yield Refusal(IS_OFF)
        policy.is_on, policy.hindrance = False, ""
        _stop_runs(name, by.person.get_username(), now)

    return _decided("policy_off", name, by, SWITCHED_OFF, change)


def _unlike(policy: Policy, digest: str) -> Iterator[Refusal]:
    if policy.proposed is None:
        yield Refusal(NONE_WAIT)
    if policy.proposed_digest != digest:
        yield Refusal(OTHER_TERMS)


def _decided(
    decision: str,
    name: str,
    by: Decider,
    message: str,
    change: Callable[[Policy], Iterator[Refusal]],
    *,
    after: Terms | None = None,
) -> Refusal | None:
    """Change the row, which nobody else changes meanwhile, and note it in the audit: both or neither."""
    with transaction.atomic():
        policy = _locked(name)
        values, before, proposed = {"policy": name, "author": policy.proposed_by}, policy.terms, policy.proposed
        refusal = None if is_reason(by.reason) else Refusal(results.NO_REASON)
        refusal = refusal or next(change(policy), None)
        attempt = _attempt(decision, by, "" if refusal else policy.digest)
        if refusal:
            trail.add_refusal(attempt, "", refusal.message, {"policy": name})
            return refusal
        policy.save()
        columns = _columns(before), after.texts if after else _columns(proposed)
        trail.add_decision(attempt, message, values, before=columns[0], after=columns[1])
    return None


def _columns(kept: Mapping[str, int] | None) -> dict[str, str | None]:
    terms = terms_of(kept)
    return dict(terms.texts) if terms else dict.fromkeys(("age_days", "hold_days", "most_files", "most_gigabytes"))


def _attempt(decision: str, by: Decider, digest: str) -> Attempt:
    reason = by.reason.strip()[:LONGEST_REASON]
    return Attempt(decision, "", digest, by.person.get_username(), roles_of(by.person), by.address, reason)


def _locked(name: str) -> Policy:
    Policy.objects.get_or_create(pk=name)
    return Policy.objects.select_for_update().get(pk=name)


def _forget_proposal(policy: Policy) -> None:
    policy.proposed, policy.proposed_at = None, None
    policy.proposed_by = policy.proposed_why = policy.proposed_digest = ""


def _stop_runs(name: str, person: str, now: datetime) -> None:
    """One that waits for a second person is over, any other stops before its next items."""
    runs = Run.objects.filter(actor=actor_of(name))
    ended = {"state": Run.State.ABORTED, "abort_asked_by": person, "finished_at": now}
    runs.filter(state=Run.State.ASKED).update(**ended)
    runs.filter(state__in=(Run.State.QUEUED, Run.State.RUNNING), abort_asked_by="").update(abort_asked_by=person)
