"""Resetting sessions that are stuck in generation: only what is still stuck, and nothing of it alive."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import SessionEntry
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS, live, reset_stuck, results, rows, stuck
from sessions_admin.runs.confirm import NOT_TYPED, Confirmation, Refusal, confirm
from tests.faults.test_heartbeats import BEATING
from tests.reconcile.scene import wav_bytes
from tests.sessions_admin.rows.conftest import Stage, audited, changed

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def generator(settings: Settings) -> Iterator[str]:
    """A process that looks like the host's generator."""
    name = f"generator-{uuid.uuid4().hex}"
    settings.GENERATOR_PROCESS = name
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", name])
    yield name
    process.kill()
    process.wait()


def test_it_puts_a_stuck_session_back_to_pending(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.stuck(1)
    stage.scene.run()
    before = stage.row()
    item = stage.act("reset_stuck")
    row = stage.row()
    assert (item.outcome, item.message) == ("done", reset_stuck.WORDS.done)
    assert (row["status"], row["error_message"], row["progress_percentage"]) == ("pending", None, 0)
    assert changed(before, row) == {"status", "progress_percentage", "updated_at"}
    intent, outcome = audited()
    assert ((intent.before or {})["status"], (intent.after or {})["status"]) == ("generating", "pending")
    assert (outcome.outcome, outcome.actor, outcome.reason) == ("done", "eve", "after the outage")
    assert SessionEntry.objects.get(key="1").reset_at is not None


def test_it_is_loud_and_for_engineers_only(stage: Stage, cast: dict[str, User]) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan = stage.plan("reset_stuck")
    loud = confirm(plan, Confirmation("because", "", typed=""), stage.eve, timezone.now())
    assert isinstance(loud, Refusal)
    assert loud.message == NOT_TYPED
    refused = confirm(plan, Confirmation("because", "", typed="1"), cast["sam"], timezone.now())
    assert isinstance(refused, Refusal)
    assert refused.message == results.NO_RIGHT
    assert ACTIONS["reset_stuck"].permission == permissions.RESET_STUCK_SESSION
    assert stage.status() == "generating"


def test_a_reset_still_leaves_it_alone(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    assert stage.left("reset") == "Session 1 is left alone: it is being generated now."


@pytest.mark.parametrize(
    "change",
    [{"updated_at": "2026-11-20 10:04:11"}, {"progress_percentage": 41}, {"scene_id": 3}, {"error_message": "x"}],
    ids=str,
)
def test_a_row_that_changed_since_the_plan_is_left_alone(stage: Stage, change: dict[str, object]) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan = stage.plan("reset_stuck")
    stage.scene.host.update(1, **change)
    assert stage.carried(plan).message == rows.CHANGED
    assert stage.status() == "generating"


def test_a_row_that_is_gone_or_failed_meanwhile_is_named(stage: Stage) -> None:
    stage.stuck(1, 2)
    stage.scene.run()
    plan = stage.plan("reset_stuck", 1, 2)
    stage.scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 1")
    stage.scene.host.update(2, status="failed")
    assert stage.carried(plan).message == rows.GONE
    assert plan.items.get(key="2").sentence == "Session 2 was left alone: it changed meanwhile (now failed)."


def test_a_slow_job_is_not_a_dead_one(stage: Stage) -> None:
    stage.stuck(1, ago=timedelta(minutes=14))
    stage.scene.run()
    assert stage.left("reset_stuck") == "Session 1 is left alone: the last pass did not find it so (generating)."


def test_one_that_the_last_pass_does_not_know_is_left_alone(stage: Stage) -> None:
    stage.stuck(1)
    assert stage.left("reset_stuck") == "Session 1 is left alone: the last pass did not find it so (–)."


def test_a_file_that_grows_since_the_plan_keeps_it(stage: Stage) -> None:
    stage.stuck(1)
    path = stage.scene.file(f"{stage.scene.name(1)}.part", wav_bytes(3, declared=9_000), ago=timedelta(hours=2))
    stage.scene.run()
    plan = stage.plan("reset_stuck")
    assert plan.to_do == 1
    path.write_bytes(wav_bytes(6, declared=9_000))
    item = stage.carried(plan)
    assert (item.message, item.values["found"]) == (live.OTHERWISE, "generating")
    assert stage.status() == "generating"


@pytest.mark.parametrize("action", ["reset_stuck", "mark_failed"])
def test_one_whose_whole_file_came_to_light_is_left_to_be_completed(stage: Stage, action: str) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan = stage.plan(action)
    stage.scene.file(stage.scene.name(1), ago=timedelta(minutes=20))
    item = stage.carried(plan)
    assert (item.message, item.values["found"]) == (live.OTHERWISE, "record.status_lagging")
    assert stage.act("complete").outcome == "done"


def test_a_generator_that_is_alive_keeps_it(stage: Stage, generator: str) -> None:
    stage.stuck(1)
    stage.scene.run()
    assert stage.left("reset_stuck") == stuck.ALIVE % {"session": "1"}


def test_a_generator_that_comes_alive_after_the_plan_keeps_it(
    stage: Stage, settings: Settings, request: pytest.FixtureRequest
) -> None:
    settings.GENERATOR_PROCESS = f"nobody-{uuid.uuid4().hex}"
    stage.stuck(1)
    stage.scene.run()
    assert stage.scene.cause(1) == "worker.crashed"
    plan = stage.plan("reset_stuck")
    request.getfixturevalue("generator")
    item = stage.carried(plan)
    assert (item.outcome, item.message) == ("skipped", stuck.ALIVE)


@pytest.mark.parametrize(("ago", "is_left"), [(timedelta(minutes=1), True), (timedelta(hours=2), False)])
def test_a_fresh_heartbeat_keeps_it(stage: Stage, settings: Settings, ago: timedelta, is_left: bool) -> None:
    stage.scene.host.create_table(BEATING)
    settings.HOST_COLUMNS = {"heartbeat_at": "heartbeat_at"}
    stage.stuck(1)
    stage.scene.host.update(1, heartbeat_at=stage.scene.text(ago=ago))
    stage.scene.run()
    if is_left:
        assert stage.left("reset_stuck") == stuck.ALIVE % {"session": "1"}
    else:
        assert stage.act("reset_stuck").outcome == "done"


def test_a_heartbeat_after_the_plan_keeps_it(stage: Stage, settings: Settings) -> None:
    stage.scene.host.create_table(BEATING)
    settings.HOST_COLUMNS = {"heartbeat_at": "heartbeat_at"}
    stage.stuck(1)
    stage.scene.host.update(1, heartbeat_at=stage.scene.text(ago=timedelta(hours=2)))
    stage.scene.run()
    plan = stage.plan("reset_stuck")
    stage.scene.host.update(1, heartbeat_at=stage.scene.text())
    assert stage.carried(plan).message == rows.CHANGED


def test_a_store_that_does_not_answer_keeps_it(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan = stage.plan("reset_stuck")
    os.rename(stage.scene.root, stage.scene.root.with_name("away"))
    item = stage.carried(plan)
    assert (item.message, item.values["problem"]) == (live.UNKNOWN, "store.missing")
    assert stage.status() == "generating"


def test_of_many_the_plan_believes_the_pass_and_the_run_looks(stage: Stage) -> None:
    stage.stuck(*range(1, 8))
    stage.scene.run()
    plan = stage.plan("reset_stuck", *range(1, 8))
    stage.scene.file(f"{stage.scene.name(3)}.part", wav_bytes(3), ago=timedelta(seconds=5))
    stage.carried(plan)
    assert plan.to_do == 7
    outcomes = dict(plan.items.values_list("key", "outcome"))
    assert outcomes == {str(key): "skipped" if key == 3 else "done" for key in range(1, 8)}


def test_twice_is_harmless(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan, again = stage.plan("reset_stuck"), stage.plan("reset_stuck")
    assert stage.carried(plan).outcome == "done"
    row = stage.row()
    assert stage.carried(plan).outcome == "done"
    assert stage.carried(again).message == rows.CHANGED
    assert stage.row() == row
