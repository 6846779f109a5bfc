"""Marking what is stuck for good as failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.error_texts import reason_of
from sessions_admin.actions import ACTIONS, live, mark_failed, rows
from tests.reconcile.scene import wav_bytes
from tests.sessions_admin.rows.conftest import Stage, audited, changed

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.mark.parametrize("status", ["generating", "pending"])
def test_it_marks_what_is_stuck(stage_on_each_engine: Stage, settings: Settings, status: str) -> None:
    stage = stage_on_each_engine
    settings.HOST_TIME_ZONE = "Asia/Shanghai"
    ago = timedelta(hours=3) - timedelta(hours=8)  # the scene writes UTC
    stage.scene.pending(1, ago=ago, status=status, progress=40)
    stage.scene.run()
    before = stage.row()
    item = stage.act("mark_failed")
    row = stage.row()
    assert (item.outcome, item.sentence) == ("done", "Session 1 is marked as failed. It can be reset now.")
    assert (row["status"], row["progress_percentage"]) == ("failed", 40)
    assert changed(before, row) == {"status", "error_message", "updated_at"}
    told = str(row["error_message"])
    assert told.startswith("Marked as failed from the operations dashboard at ")
    assert ("+08:00: it was generating" if status == "generating" else "+08:00: it was pending") in told
    intent, _ = audited()
    assert (intent.reason, (intent.after or {})["error_message"]) == ("after the outage", told)
    assert "after the outage" not in told


@pytest.mark.parametrize("cause", [*mark_failed.BECAUSE, ""])
def test_what_it_writes_is_short_and_no_reason_that_a_rule_knows(cause: str) -> None:
    text = mark_failed.message(cause, timezone.now())
    assert len(text) < 200
    assert (reason_of(text) or ("",))[0] == "generation.unrecognised"


def test_a_marked_session_can_be_reset(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    stage.act("mark_failed")
    assert stage.act("reset").outcome == "done"
    assert stage.status() == "pending"


@pytest.mark.parametrize("status", ["failed", "completed", "odd"])
def test_only_an_unfinished_session_is_marked(stage: Stage, status: str) -> None:
    stage.scene.row(1, status=status)
    stage.scene.run()
    assert stage.left("mark_failed").endswith(f"(it is {status}).")


def test_one_that_waits_or_moves_within_the_limits_is_left_alone(stage: Stage) -> None:
    stage.scene.pending(1, ago=timedelta(minutes=5))
    stage.scene.pending(2, ago=timedelta(minutes=5), status="generating")
    stage.scene.run()
    assert [item.why for item in stage.plan("mark_failed", 1, 2).items.all()] == [live.NOT_BY_THE_PASS] * 2


def test_one_that_a_worker_takes_after_the_plan_is_left_alone(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.scene.pending(1, ago=timedelta(hours=3))
    stage.scene.run()
    plan = stage.plan("mark_failed")
    stage.scene.host.update(1, status="generating")
    assert stage.carried(plan).message == rows.CHANGED
    assert stage.status() == "generating"


def test_one_that_moves_again_is_left_alone(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan = stage.plan("mark_failed")
    stage.scene.file(f"{stage.scene.name(1)}.part", wav_bytes(3), ago=timedelta(seconds=5))
    assert stage.carried(plan).message == live.OTHERWISE


def test_it_is_loud_and_the_rules_name_it() -> None:
    assert ACTIONS["mark_failed"].is_loud
    assert ACTIONS["mark_failed"].permission == "sessions_admin.correct_session"


def test_twice_is_harmless(stage: Stage) -> None:
    stage.stuck(1)
    stage.scene.run()
    plan, again = stage.plan("mark_failed"), stage.plan("mark_failed")
    assert stage.carried(plan).outcome == "done"
    row = stage.row()
    assert stage.carried(again).message == rows.CHANGED
    assert stage.row() == row
