"""The second person: who may answer an asked run, bound to what was shown, within half an hour, once; all in the audit."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from sessions_admin.actions import results
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs import approve as approving
from sessions_admin.runs.abort import abort
from sessions_admin.runs.approve import Answer, answerers, approve, asked_of, close_unanswered, decline
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Refusal
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import GRAVE_REASON, Begin, carried, fail_sessions, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(host_database: HostDatabase) -> HostDatabase:
    fail_sessions(host_database, [1, 2, 3])
    return host_database


@pytest.fixture
def asked(host: HostDatabase, cast: dict[str, User], begin: Begin, grave: str) -> Run:
    """What eve asked for; bob is an administrator beside ada."""
    bob = User.objects.create_user("bob")
    bob.groups.add(Group.objects.get(name="administrator"))
    cast["bob"] = bob
    run = begin(plan_of([1, 2], cast["eve"], action=grave))
    assert isinstance(run, Run)
    return run


def given(run: Run, reason: str = "not now, please") -> Answer:
    return Answer(run.plan.digest, "10.0.0.8", reason)


def trail() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("seq").values_list("actor", "action", "outcome"))


def test_what_needs_two_people_is_asked_for_and_not_begun(host: HostDatabase, asked: Run) -> None:
    assert (asked.state, asked.actor, asked.plan.second_reason) == ("asked", "eve", GRAVE_REASON)
    assert work_on_runs(timezone.now(), threading.Event()) == 0
    assert Run.objects.get().state == "asked"
    assert host.row(1)["status"] == "failed"
    assert trail() == [("eve", "run_ask", "done")]


def test_approved_it_is_carried_out(host: HostDatabase, asked: Run, cast: dict[str, User]) -> None:
    run = approve(asked, given(asked), cast["ada"], timezone.now())
    assert isinstance(run, Run)
    assert (run.state, run.approved_by, run.approved_at is not None) == ("queued", "ada", True)
    assert carried(run).state == "done"
    assert host.row(1)["status"] == "pending"
    assert trail()[:2] == [("eve", "run_ask", "done"), ("ada", "run_approve", "done")]


def test_a_decision_tells_the_plan_its_counts_and_its_digest(asked: Run, cast: dict[str, User]) -> None:
    approve(asked, given(asked), cast["ada"], timezone.now())
    entry = AuditEntry.objects.get(action="run_approve")
    assert entry.plan_digest == asked.plan.digest
    assert (entry.values["plan"], entry.values["to_do"], entry.values["asker"]) == (asked.pk, "2", "eve")
    assert (entry.roles, entry.address) == ("administrator", "10.0.0.8")


def test_declined_it_is_over_and_nothing_was_changed(host: HostDatabase, asked: Run, cast: dict[str, User]) -> None:
    run = decline(asked, given(asked), cast["ada"], timezone.now())
    assert isinstance(run, Run)
    assert (run.state, run.halted_by, run.abort_asked_by, run.is_over) == ("aborted", "declined", "ada", True)
    assert work_on_runs(timezone.now(), threading.Event()) == 0
    assert host.row(1)["status"] == "failed"
    assert AuditEntry.objects.get(action="run_decline").reason == "not now, please"


@pytest.mark.parametrize("who", ["sam", "eve", "max"])
def test_who_may_not_is_refused_and_recorded(asked: Run, cast: dict[str, User], who: str) -> None:
    for answer in (approve, decline):
        assert answer(asked, given(asked), cast[who], timezone.now()) == Refusal(results.NO_RIGHT, {})
    assert Run.objects.get().state == "asked"
    assert trail()[1:] == [(who, "run_approve", "refused"), (who, "run_decline", "refused")]


def test_the_actions_own_right_is_needed_too(asked: Run, cast: dict[str, User]) -> None:
    group = Group.objects.get(name="administrator")
    group.permissions.remove(*group.permissions.filter(codename="regenerate_session"))
    ada = User.objects.get(username="ada")
    assert approve(asked, given(asked), ada, timezone.now()) == Refusal(results.NO_RIGHT, {})


def test_nobody_answers_what_they_asked_for(
    host: HostDatabase, cast: dict[str, User], begin: Begin, grave: str
) -> None:
    own = begin(plan_of([1], cast["ada"], action=grave), actor="ada")
    assert isinstance(own, Run)
    for answer in (approve, decline):
        assert answer(own, given(own), cast["ada"], timezone.now()) == Refusal(approving.OWN, {})
    assert Run.objects.get().state == "asked"
    assert AuditEntry.objects.filter(actor="ada", outcome="refused").count() == 2


def test_another_digest_is_refused(asked: Run, cast: dict[str, User]) -> None:
    other = Answer("0" * 64, "10.0.0.8")
    assert approve(asked, other, cast["ada"], timezone.now()) == Refusal(approving.OTHER_PLAN, {})
    assert Run.objects.get().state == "asked"


def test_to_decline_a_reason_is_needed(asked: Run, cast: dict[str, User]) -> None:
    assert decline(asked, given(asked, " "), cast["ada"], timezone.now()) == Refusal(results.NO_REASON, {})


def test_after_half_an_hour_it_is_over(asked: Run, cast: dict[str, User]) -> None:
    in_time, late = timezone.now() + timedelta(minutes=29), timezone.now() + timedelta(minutes=31)
    assert close_unanswered(in_time) == 0
    assert approve(asked, given(asked), cast["ada"], late) == Refusal(approving.TOO_LATE, {})
    run = Run.objects.get()
    assert (run.state, run.halted_by, run.finished_at) == ("aborted", "unanswered", late)


def test_what_a_policy_asks_for_waits_a_day(asked: Run, cast: dict[str, User]) -> None:
    Run.objects.update(actor="policy orphans")
    run = Run.objects.select_related("plan").get()
    next_morning = run.queued_at + timedelta(hours=23, minutes=59)
    assert (close_unanswered(next_morning), asked_of(cast["ada"], next_morning)) == (0, 1)
    too_late = run.queued_at + timedelta(hours=24, seconds=1)
    assert asked_of(cast["ada"], too_late) == 0
    assert isinstance(approve(run, given(run), cast["ada"], next_morning), Run)


def test_the_worker_closes_what_nobody_answered(asked: Run) -> None:
    late = timezone.now() + timedelta(minutes=31)
    assert (close_unanswered(late), close_unanswered(late)) == (1, 0)
    assert Run.objects.get().halted_by == "unanswered"


def test_the_first_answer_counts(asked: Run, cast: dict[str, User]) -> None:
    stale = Run.objects.select_related("plan").get()
    assert isinstance(approve(asked, given(asked), cast["ada"], timezone.now()), Run)
    assert decline(stale, given(asked), cast["bob"], timezone.now()) == Refusal(approving.NO_LONGER, {})
    assert approve(stale, given(asked), cast["bob"], timezone.now()) == Refusal(approving.NO_LONGER, {})
    assert (Run.objects.get().state, Run.objects.get().approved_by) == ("queued", "ada")
    assert [told[0] for told in trail() if told[2] == "refused"] == ["bob", "bob"]


def test_the_same_answer_sent_twice_is_one(asked: Run, cast: dict[str, User]) -> None:
    stale = Run.objects.select_related("plan").get()
    first = approve(asked, given(asked), cast["ada"], timezone.now())
    assert approve(stale, given(asked), cast["ada"], timezone.now()) == first
    assert trail()[1:] == [("ada", "run_approve", "done")]


def test_its_asker_withdraws_it_at_once(asked: Run, cast: dict[str, User]) -> None:
    stale = Run.objects.select_related("plan").get()
    assert isinstance(abort(asked, cast["eve"], "10.0.0.7", timezone.now()), Run)
    assert approve(stale, given(asked), cast["ada"], timezone.now()) == Refusal(approving.NO_LONGER, {})
    run = Run.objects.get()
    assert (run.state, run.abort_asked_by, run.is_over) == ("aborted", "eve", True)
    assert trail()[1] == ("eve", "run_abort", "done")


def test_a_run_is_told_to_stop_once(host: HostDatabase, cast: dict[str, User], begin: Begin) -> None:
    run = begin(plan_of([1], cast["eve"]))
    assert isinstance(run, Run)
    for who in ("ada", "eve"):
        abort(run, cast[who], "10.0.0.7", timezone.now())
    assert run.abort_asked_by == "ada"
    assert trail() == [("eve", "run_begin", "done"), ("ada", "run_abort", "done")]
    assert abort(run, cast["sam"], "", timezone.now()) == Refusal(results.NO_RIGHT, {})


def test_who_may_answer_is_known(asked: Run, cast: dict[str, User]) -> None:
    assert answerers(asked.plan.action, "eve") == ["ada", "bob"]
    assert answerers(asked.plan.action, "ada") == ["bob"]
    now = timezone.now()
    assert {who: asked_of(cast[who], now) for who in cast} == {"sam": 0, "eve": 0, "max": 0, "ada": 1, "bob": 1}
    assert asked_of(cast["ada"], now + timedelta(minutes=31)) == 0
