"""The worker's rounds: what is due, by a plan and a run on approved terms, within the bound, and only while nothing stands."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Condition, Pass
from sessions_admin import planning
from sessions_admin.models import ActionPlan, AuditEntry, HeldFile, Policy, Run
from sessions_admin.policies import decide
from sessions_admin.policies.rounds import AGAIN, EVERY, work_on_policies
from sessions_admin.runs.carry import work_on_runs
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene
from tests.sessions_admin.policies.conftest import SwitchOn, by, passed

pytestmark = pytest.mark.django_db
DAY, LONG = timedelta(days=1), timedelta(days=40)
FILE_BYTES = 12_044


@pytest.fixture
def scene(host_database: HostDatabase, settings: Settings) -> Scene:
    """An audio folder in which orphans, remains and old audio lie, as a pass has just seen it."""
    settings.QUARANTINE_ROOT = f"{settings.AUDIO_ROOT}/.quarantine"
    made = Scene(host_database, Path(settings.AUDIO_ROOT))
    made.session(1)
    return made


def orphans(scene: Scene, count: int) -> list[str]:
    """Lay down orphans that are 40, 41, 42 … days old; return their names, the oldest first."""
    names = [scene.name(900 + number) for number in range(count)]
    for number, name in enumerate(names):
        scene.file(name, ago=LONG + number * DAY)
    scene.run()
    return names[::-1]


def work(now: datetime | None = None) -> int:
    """Let the worker look at all policies, whether they are due or not."""
    Policy.objects.update(due_at=None)
    return work_on_policies(now or timezone.now(), threading.Event())


def carried() -> list[Run]:
    work_on_runs(timezone.now(), threading.Event())
    return list(Run.objects.order_by("queued_at"))


def lying(scene: Scene) -> set[str]:
    return {path.name for path in scene.root.iterdir() if path.is_file()}


def test_it_puts_aside_what_is_due_on_its_terms_and_says_so(scene: Scene, switch_on: SwitchOn) -> None:
    names = orphans(scene, 2)
    switch_on("orphans", hold_days=21)
    assert work() == 1
    (run,) = carried()
    assert (run.state, run.actor, run.roles) == ("done", "policy orphans", "ada")
    assert "older than 30 days, held for 21 days" in run.reason
    assert [item.path for item in run.plan.items.order_by("number")] == names
    assert run.plan.scope["kind"] == "policy"
    assert lying(scene) == {scene.name(1)}
    held = HeldFile.objects.order_by("number")
    assert {(each.policy, each.actor, each.was_claimed) for each in held} == {("orphans", "policy orphans", False)}
    assert timedelta(days=20.9) < held[0].expires_at - timezone.now() < timedelta(days=21)
    assert AuditEntry.objects.filter(operation=run.pk, actor="policy orphans", outcome="done").count() == 2


@pytest.mark.parametrize("is_on", [True, False])
def test_only_what_is_on_is_done_and_the_rest_is_counted(scene: Scene, switch_on: SwitchOn, is_on: bool) -> None:
    orphans(scene, 2)
    switch_on("orphans")
    if not is_on:
        Policy.objects.update(is_on=False)
    assert work() == is_on
    policy = Policy.objects.get(pk="orphans")
    assert (policy.files_now, policy.bytes_now) == (2, 2 * FILE_BYTES)
    assert Policy.objects.get(pk="retention").files_now is None
    assert Policy.objects.get(pk="leftovers").files_now == 0


@pytest.mark.parametrize(("most_files", "state"), [(3, "queued"), (2, "asked")])
def test_exactly_the_bound_is_done_and_one_over_is_asked_for(
    scene: Scene, switch_on: SwitchOn, most_files: int, state: str
) -> None:
    orphans(scene, 3)
    switch_on("orphans", most_files=most_files)
    assert work() == 1
    run = Run.objects.get()
    assert (run.state, run.plan.to_do) == (state, 3)
    assert bool(run.plan.second_reason) is (state == "asked")
    carried()
    assert len(lying(scene)) == (4 if state == "asked" else 1)


@pytest.mark.parametrize("more", [0, 1])
def test_bytes_are_bound_as_well(scene: Scene, switch_on: SwitchOn, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    orphans(scene, 2)
    switch_on("orphans")
    monkeypatch.setattr("sessions_admin.bounds.GIGABYTE", 2 * FILE_BYTES - more)
    work()
    assert Run.objects.get().state == ("asked" if more else "queued")


def test_it_asks_once_and_after_a_no_only_a_day_later(scene: Scene, switch_on: SwitchOn) -> None:
    orphans(scene, 2)
    switch_on("orphans", most_files=1)
    assert [work(), work(), work()] == [1, 0, 0]
    assert Policy.objects.get(pk="orphans").hindrance == "run"
    now = timezone.now()
    Run.objects.update(state=Run.State.ABORTED, finished_at=now)
    passed(now + timedelta(hours=1))
    assert work(now + timedelta(hours=1)) == 0
    assert Policy.objects.get(pk="orphans").hindrance == "unwanted"
    passed(now + DAY)
    assert work(now + DAY + timedelta(minutes=1)) == 1


def test_somebody_may_have_it_ask_again(scene: Scene, switch_on: SwitchOn) -> None:
    orphans(scene, 2)
    switch_on("orphans", most_files=1)
    work()
    now = timezone.now()
    Run.objects.update(state=Run.State.ABORTED, finished_at=now)
    Policy.objects.update(ask_again_at=now)
    assert work() == 1


def test_twice_is_harmless(scene: Scene, switch_on: SwitchOn) -> None:
    orphans(scene, 2)
    switch_on("orphans")
    work()
    carried()
    scene.later(minutes=10)
    scene.run()
    assert work() == 0
    assert Run.objects.count() == ActionPlan.objects.count() == 1


def test_it_is_due_at_a_stored_time(scene: Scene, switch_on: SwitchOn) -> None:
    orphans(scene, 1)
    switch_on("orphans")
    now = timezone.now()
    assert work_on_policies(now, threading.Event()) == 1
    assert set(Policy.objects.values_list("due_at", flat=True)) == {now + EVERY}
    carried()
    Run.objects.all().delete()
    assert work_on_policies(now + EVERY - timedelta(seconds=1), threading.Event()) == 0
    assert not Run.objects.exists()


def stand(scene: Scene) -> None:
    Condition.objects.create(code="storage.mass_missing", opened_at=scene.now, seen_at=scene.now)


def grow_stale(_scene: Scene) -> None:
    Pass.objects.update(finished_at=timezone.now() - timedelta(minutes=16))


def fail(_scene: Scene) -> None:
    passed(timezone.now(), Pass.Outcome.FAILED)


def forget(_scene: Scene) -> None:
    Pass.objects.all().delete()


@pytest.mark.parametrize(
    ("happen", "hindrance"),
    [(stand, "storage.mass_missing"), (grow_stale, "pass.stale"), (fail, "pass.failed"), (forget, "pass.never_run")],
)
def test_while_something_stands_nothing_is_done(
    scene: Scene, switch_on: SwitchOn, happen: object, hindrance: str
) -> None:
    orphans(scene, 1)
    switch_on("orphans")
    happen(scene)  # type: ignore[operator]  # one of the four above
    now = timezone.now()
    assert work(now) == 0
    policy = Policy.objects.get(pk="orphans")
    assert (policy.hindrance, policy.due_at, policy.files_now) == (hindrance, now + AGAIN, 1)
    assert not ActionPlan.objects.exists()


def test_retention_lets_sessions_expire_and_breaks_none(scene: Scene, switch_on: SwitchOn) -> None:
    for key in (5, 6):
        at = scene.text(ago=LONG)
        scene.session(key, created_at=at, updated_at=at, completed_at=at)
    scene.file(scene.name(5), ago=LONG)  # the file of 6 is younger
    scene.run()
    switch_on("retention")
    assert work() == 1
    (run,) = carried()
    assert [item.path for item in run.plan.items.all()] == [scene.name(5)]
    assert HeldFile.objects.get().was_claimed
    scene.later(minutes=10)
    scene.run()
    entry = scene.entry(5)
    assert (entry.verdict, entry.state, entry.cause) == ("expired", "expired", "")
    assert scene.entry(6).verdict == "playable"


def test_what_is_claimed_by_now_is_left_alone_and_named(scene: Scene, switch_on: SwitchOn) -> None:
    orphans(scene, 1)
    switch_on("orphans")
    work()
    scene.row(900)
    (run,) = carried()
    item = run.plan.items.get()
    assert (item.outcome, item.path) == ("skipped", scene.name(900))
    assert scene.name(900) in lying(scene)


def test_the_remains_of_failed_sessions_go(scene: Scene, switch_on: SwitchOn) -> None:
    scene.failed(7)
    scene.file(scene.name(7), b"RIFF", ago=LONG)
    scene.run()
    switch_on("failed_remains")
    assert work() == 1
    carried()
    assert lying(scene) == {scene.name(1)}


def test_one_that_was_switched_off_meanwhile_begins_nothing(
    scene: Scene, switch_on: SwitchOn, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    orphans(scene, 1)
    switch_on("orphans")
    make_plan = planning.make_plan

    def off_meanwhile(*arguments: object) -> ActionPlan:
        assert decide.switch_off("orphans", by(cast["eve"]), timezone.now()) is None
        return make_plan(*arguments)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(planning, "make_plan", off_meanwhile)
    assert work() == 0
    assert not Run.objects.exists()
    assert not ActionPlan.objects.exists()


def test_nobody_does_by_hand_what_a_policy_does(scene: Scene, cast: dict[str, User]) -> None:
    with pytest.raises(planning.PlanRefused, match="a policy alone"):
        planning.make_plan("retention", ["1"], {"kind": "ids"}, cast["eve"], timezone.now())
