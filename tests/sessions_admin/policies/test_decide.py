"""Two people: terms are proposed by one, approved by another, bound to what was shown; each step stands in the audit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, User

from sessions_admin.actions import results
from sessions_admin.models import ActionPlan, AuditEntry, Policy, Run
from sessions_admin.policies import decide
from sessions_admin.verification import verify
from tests.sessions_admin.policies.conftest import NOW, TERMS, SwitchOn, by

pytestmark = pytest.mark.django_db
Cast = dict[str, User]


def proposed(person: User, name: str = "orphans") -> str:
    assert decide.propose(name, TERMS, by(person), NOW) is None
    return Policy.objects.get(pk=name).proposed_digest


def last_entry() -> AuditEntry:
    entry = AuditEntry.objects.order_by("-seq").first()
    assert entry is not None
    return entry


def refused(answer: decide.Refusal | None, message: str) -> None:
    """It was refused for this reason, and that stands in the audit."""
    assert answer is not None
    assert answer.message == message
    assert (last_entry().outcome, last_entry().message) == ("refused", message)


def test_a_proposal_changes_nothing_yet(cast: Cast) -> None:
    proposed(cast["eve"])
    policy = Policy.objects.get()
    assert (policy.is_on, policy.terms, policy.proposed, policy.proposed_by) == (False, None, TERMS.kept, "eve")
    entry = last_entry()
    assert (entry.action, entry.actor, entry.roles, entry.address) == ("policy_propose", "eve", "engineer", "10.0.0.7")
    assert (entry.reason, entry.outcome) == ("the disk fills up", "done")
    assert entry.before == dict.fromkeys(TERMS.kept)
    assert entry.after == TERMS.texts


def test_another_person_puts_it_in_force(cast: Cast) -> None:
    digest = proposed(cast["eve"])
    assert decide.approve("orphans", digest, by(cast["ada"], "agreed"), NOW) is None
    policy = Policy.objects.get()
    assert (policy.is_on, policy.terms, policy.approved_by, policy.digest) == (True, TERMS.kept, "ada", digest)
    assert (policy.proposed, policy.proposed_by, policy.due_at) == (None, "", NOW)
    assert (last_entry().action, last_entry().actor, last_entry().plan_digest) == ("policy_approve", "ada", digest)
    assert last_entry().values == {"policy": "orphans", "author": "eve"}
    assert verify().broken is None


def test_nobody_approves_their_own_terms_whatever_their_roles(cast: Cast) -> None:
    refused(decide.approve("orphans", proposed(cast["ada"]), by(cast["ada"]), NOW), decide.OWN)
    cast["eve"].groups.add(Group.objects.get(name="administrator"))
    in_two_roles = User.objects.get(username="eve")
    refused(decide.approve("orphans", proposed(in_two_roles), by(in_two_roles), NOW), decide.OWN)
    assert not Policy.objects.get().is_on


def test_terms_that_were_not_shown_are_not_approved(cast: Cast) -> None:
    shown = proposed(cast["eve"])
    assert decide.propose("orphans", replace(TERMS, most_files=20_000), by(cast["eve"]), NOW) is None
    refused(decide.approve("orphans", shown, by(cast["ada"]), NOW), decide.OTHER_TERMS)
    refused(decide.decline("orphans", shown, by(cast["ada"]), NOW), decide.OTHER_TERMS)


def test_the_same_terms_proposed_by_somebody_else_are_others(cast: Cast) -> None:
    shown = proposed(cast["eve"])
    proposed(cast["ada"])
    refused(decide.approve("orphans", shown, by(cast["ada"]), NOW), decide.OTHER_TERMS)


@pytest.mark.parametrize("person", ["sam", "eve", "max"])
def test_only_who_may_administer_approves(cast: Cast, person: str) -> None:
    digest = proposed(cast["ada"])
    refused(decide.approve("orphans", digest, by(cast[person]), NOW), results.NO_RIGHT)
    refused(decide.decline("orphans", digest, by(cast[person]), NOW), results.NO_RIGHT)


@pytest.mark.parametrize("person", ["sam", "max"])
def test_only_who_may_put_aside_proposes_and_switches_off(cast: Cast, switch_on: SwitchOn, person: str) -> None:
    switch_on("orphans")
    refused(decide.propose("orphans", TERMS, by(cast[person]), NOW), results.NO_RIGHT)
    refused(decide.switch_off("orphans", by(cast[person]), NOW), results.NO_RIGHT)
    assert Policy.objects.get().is_on


def test_each_decision_needs_a_reason(cast: Cast) -> None:
    refused(decide.propose("orphans", TERMS, by(cast["eve"], "  "), NOW), results.NO_REASON)
    refused(decide.approve("orphans", proposed(cast["eve"]), by(cast["ada"], "ok"), NOW), results.NO_REASON)
    assert not Policy.objects.get().is_on


def test_sent_twice_an_answer_counts_once(cast: Cast) -> None:
    digest = proposed(cast["eve"])
    assert decide.approve("orphans", digest, by(cast["ada"]), NOW) is None
    refused(decide.approve("orphans", digest, by(cast["ada"]), NOW), decide.NONE_WAIT)
    assert AuditEntry.objects.filter(action="policy_approve", outcome="done").count() == 1


def test_terms_in_force_stay_until_others_are_approved(cast: Cast, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    assert decide.propose("orphans", replace(TERMS, age_days=7), by(cast["eve"]), NOW) is None
    policy = Policy.objects.get()
    assert (policy.is_on, policy.terms) == (True, TERMS.kept)
    assert decide.decline("orphans", policy.proposed_digest, by(cast["ada"], "too soon"), NOW) is None
    policy.refresh_from_db()
    assert (policy.is_on, policy.terms, policy.proposed) == (True, TERMS.kept, None)
    assert (last_entry().action, last_entry().reason) == ("policy_decline", "too soon")


def test_the_author_may_take_a_proposal_back(cast: Cast) -> None:
    assert decide.decline("orphans", proposed(cast["eve"]), by(cast["eve"]), NOW) is None
    assert Policy.objects.get().proposed is None


def test_one_person_switches_it_off_and_its_runs_stop(cast: Cast, switch_on: SwitchOn) -> None:
    switch_on("orphans")
    for state in ("asked", "queued", "running", "done"):
        plan = ActionPlan.objects.create(
            pk=state, action="reset", made_by="x", made_at=NOW, digest="", to_do=1, to_skip=0
        )
        Run.objects.create(plan=plan, state=state, actor="policy orphans", reason="why", queued_at=NOW)
    assert decide.switch_off("orphans", by(cast["eve"], "an accident"), NOW) is None
    assert not Policy.objects.get().is_on
    runs = {run.pk: (run.state, run.abort_asked_by) for run in Run.objects.all()}
    assert runs == {
        "asked": ("aborted", "eve"),
        "queued": ("queued", "eve"),
        "running": ("running", "eve"),
        "done": ("done", ""),
    }
    assert (last_entry().action, last_entry().reason, last_entry().outcome) == ("policy_off", "an accident", "done")
    refused(decide.switch_off("orphans", by(cast["eve"]), NOW), decide.IS_OFF)
