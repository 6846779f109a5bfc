"""Before many are touched: the right, a reason, a fresh plan, the number typed, conditions acknowledged; and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from diagnostics.models import Condition
from sessions_admin.actions import results
from sessions_admin.actions.plans import LIFE
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs import confirm
from sessions_admin.runs.confirm import Refusal, is_large
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import Begin, fail_sessions, known, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(host_database: HostDatabase) -> HostDatabase:
    fail_sessions(host_database, [1, 2, 3])
    return host_database


def stand(code: str) -> None:
    now = timezone.now()
    Condition.objects.create(code=code, opened_at=now, seen_at=now)


def test_who_what_and_why_stand_in_the_run(host: HostDatabase, cast: dict[str, User], begin: Begin) -> None:
    run = begin(plan_of([1, 2], cast["eve"]), reason="  after the outage ", at_once=7)
    assert isinstance(run, Run)
    assert (run.actor, run.roles, run.address, run.reason) == ("eve", "engineer", "10.0.0.7", "after the outage")
    assert (run.state, run.at_once) == ("queued", 7)
    assert host.row(1)["status"] == "failed"


@pytest.mark.parametrize("actor", ["sam", "max"])
def test_a_role_that_may_not_act_on_many_is_refused_and_recorded(
    host: HostDatabase, cast: dict[str, User], begin: Begin, actor: str
) -> None:
    refused = begin(plan_of([1], cast["eve"]), actor=actor)
    assert refused == Refusal(results.NO_RIGHT, {})
    assert list(AuditEntry.objects.values_list("actor", "outcome")) == [(actor, "refused")]
    assert not Run.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "ab"])
def test_a_reason_is_needed(host: HostDatabase, cast: dict[str, User], begin: Begin, reason: str) -> None:
    assert begin(plan_of([1], cast["eve"]), reason=reason) == Refusal(results.NO_REASON, {})


def test_a_plan_lives_for_ten_minutes(host: HostDatabase, cast: dict[str, User], begin: Begin) -> None:
    old = plan_of([1], cast["eve"], timezone.now() - LIFE - timedelta(seconds=1))
    assert begin(old) == Refusal(results.NO_PLAN, {})
    assert isinstance(begin(plan_of([1], cast["eve"], timezone.now() - LIFE + timedelta(seconds=20))), Run)


def test_a_plan_that_would_do_nothing_is_refused(host: HostDatabase, cast: dict[str, User], begin: Begin) -> None:
    assert begin(plan_of([99], cast["eve"])) == Refusal(confirm.NOTHING_TO_DO, {})


@pytest.mark.parametrize(
    ("count", "known_besides", "is_typed"), [(20, 0, False), (21, 0, True), (21, 84, False), (21, 83, True)]
)
def test_the_number_is_typed_over_twenty_and_a_fifth(
    host_database: HostDatabase, cast: dict[str, User], begin: Begin, count: int, known_besides: int, is_typed: bool
) -> None:
    fail_sessions(host_database, range(1, count + 1))
    for number in range(known_besides):
        known(f"other {number}").save()
    plan = plan_of(range(1, count + 1), cast["eve"])
    assert is_large(plan) is is_typed
    for wrong in ("", str(count + 1), "all"):
        if is_typed:
            assert begin(plan, typed=wrong) == Refusal(confirm.NOT_TYPED, {"count": count})
    assert isinstance(begin(plan, typed=f" {count} " if is_typed else ""), Run)


def test_a_condition_is_acknowledged_and_the_number_typed(
    host: HostDatabase, cast: dict[str, User], begin: Begin
) -> None:
    stand("storage.unavailable")
    plan = plan_of([1], cast["eve"])
    assert begin(plan) == Refusal(confirm.NOT_ACKNOWLEDGED, {"conditions": "storage.unavailable"})
    known_now = frozenset({"storage.unavailable"})
    assert begin(plan, acknowledged=known_now, typed="") == Refusal(confirm.NOT_TYPED, {"count": 1})
    run = begin(plan, acknowledged=known_now)
    assert isinstance(run, Run)
    assert run.acknowledged == ["storage.unavailable"]


def test_a_condition_that_came_after_the_plan_is_acknowledged_too(
    host: HostDatabase, cast: dict[str, User], begin: Begin
) -> None:
    plan = plan_of([1], cast["eve"])
    stand("storage.mass_missing")
    assert begin(plan) == Refusal(confirm.NOT_ACKNOWLEDGED, {"conditions": "storage.mass_missing"})


def test_sent_twice_or_by_two_people_it_is_one_run(host: HostDatabase, cast: dict[str, User], begin: Begin) -> None:
    plan = plan_of([1, 2], cast["eve"])
    first, again, by_another = begin(plan), begin(plan), begin(plan, actor="ada")
    assert first == again == by_another
    assert Run.objects.get().actor == "eve"
