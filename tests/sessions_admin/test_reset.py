"""Resetting one failed session, on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.host_values import moment
from diagnostics.models import SessionEntry
from sessions_admin.actions import reset, results, rows
from sessions_admin.actions.action import Intent
from sessions_admin.actions.plans import seen_as
from sessions_admin.host_writer import open_writer
from sessions_admin.models import AuditEntry
from tests.host_database import HostDatabase
from tests.sessions_admin.conftest import Door, planned

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_it_puts_a_failed_session_back_to_pending(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.insert_failed(5)
    outcome = door(planned())
    row = host_on_each_engine.row(5)
    assert outcome.kind == "done"
    assert (row["status"], row["error_message"], row["progress_percentage"]) == ("pending", None, 0)


def test_it_sets_the_time_in_the_hosts_zone(host_on_each_engine: HostDatabase, door: Door, settings: Settings) -> None:
    settings.HOST_TIME_ZONE = "Asia/Shanghai"
    host_on_each_engine.insert_failed(5)
    door(planned())
    written = moment(host_on_each_engine.row(5)["updated_at"], ZoneInfo("Asia/Shanghai")).at
    assert written is not None
    assert abs(written - timezone.now()) < timedelta(seconds=10)


def test_it_touches_no_other_column_and_no_other_row(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.insert_failed(5)
    host_on_each_engine.insert_failed(50)
    before, other = host_on_each_engine.row(5), host_on_each_engine.row(50)
    door(planned())
    after = host_on_each_engine.row(5)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"status", "error_message", "progress_percentage", "updated_at"}
    assert host_on_each_engine.row(50) == other


@pytest.mark.parametrize(
    "change",
    [
        {"status": "generating"},
        {"progress_percentage": 41},
        {"error_message": "another error"},
        {"error_message": None},
        {"updated_at": "2026-11-20 10:04:10.500001"},
        {"final_file_path": "static/x.wav"},
        {"scene_id": None},
        {"generation_mode": "Comprehensive"},
    ],
    ids=lambda change: str(change),
)
def test_a_row_that_changed_in_any_column_is_left_alone(
    host_on_each_engine: HostDatabase, door: Door, change: dict[str, object]
) -> None:
    host_on_each_engine.insert_failed(5)
    plan = planned()
    host_on_each_engine.update(5, **change)
    changed = host_on_each_engine.row(5)
    outcome = door(plan)
    assert outcome.kind == "skipped"
    assert host_on_each_engine.row(5) == changed


def test_it_names_the_status_that_a_changed_row_has_now(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.insert_failed(5)
    plan = planned()
    host_on_each_engine.update(5, status="generating")
    (result,) = door(plan).results
    assert result.sentence == "Session 5 was left alone: it changed meanwhile (now generating)."


def test_a_row_that_a_worker_claims_after_the_last_look_is_left_alone(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    (item,) = planned().items
    with open_writer() as writer:
        intent = reset.RESET.intend(writer, [item], timezone.now())[item.key]
        assert isinstance(intent, Intent)
        host_on_each_engine.update(5, status="generating", error_message=None, progress_percentage=0)
        (result,) = reset.RESET.carry_out(writer, [(item, intent)])
    assert (result.kind, result.message) == ("skipped", rows.CHANGED)
    assert host_on_each_engine.row(5)["status"] == "generating"


def test_a_row_that_is_gone_is_said_to_be_gone(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.insert_failed(5)
    plan = planned()
    host_on_each_engine.run("DELETE FROM long_sequence_sessions")
    (result,) = door(plan).results
    assert (result.kind, result.message) == ("skipped", rows.GONE)


@pytest.mark.parametrize("status", ["pending", "generating", "completed", "FAILED", "odd", None])
def test_only_a_failed_session_is_reset(host_on_each_engine: HostDatabase, door: Door, status: str | None) -> None:
    host_on_each_engine.insert_failed(5, status=status)
    before = host_on_each_engine.row(5)
    outcome = door(planned())
    assert outcome.kind == "skipped"
    assert host_on_each_engine.row(5) == before


def test_the_audit_keeps_who_what_why_and_the_old_error(host_on_each_engine: HostDatabase, door: Door) -> None:
    error = "长错误 " * 100_000
    host_on_each_engine.insert_failed(5, error_message=error)
    plan = planned()
    door(plan, reason="  the user asked  ")
    intent, outcome = AuditEntry.objects.order_by("seq")
    assert (intent.outcome, outcome.outcome, intent.operation) == ("intent", "done", outcome.operation)
    assert (intent.actor, intent.roles, intent.address) == ("sam", "support", "10.0.0.7")
    assert (intent.action, intent.session, intent.reason) == ("reset", "5", "the user asked")
    assert intent.plan_digest == outcome.plan_digest == plan.digest
    assert (intent.before or {})["error_message"] == error
    assert (intent.after or {})["status"] == "pending"


def test_the_session_remembers_that_it_was_reset(host_on_each_engine: HostDatabase, door: Door) -> None:
    now = timezone.now()
    SessionEntry.objects.create(
        key="5", listed_at=now, first_seen_at=now, changed_at=now, verdict="broken", state="failed"
    )
    host_on_each_engine.insert_failed(5)
    door(planned())
    reset_at = SessionEntry.objects.get(key="5").reset_at
    assert reset_at is not None
    assert reset_at >= now


def test_the_same_form_sent_twice_acts_once(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.insert_failed(5)
    plan = planned()
    first = door(plan)
    host_on_each_engine.run("DELETE FROM long_sequence_sessions")
    host_on_each_engine.insert_failed(5)
    second = door(plan)
    assert (second.is_repeated, second.kind, second.results) == (True, "done", first.results)
    assert host_on_each_engine.row(5)["status"] == "failed"


def test_a_locked_row_is_left_for_another_try(
    host_on_each_engine: HostDatabase, door: Door, settings: Settings
) -> None:
    settings.HOST_QUERY_SECONDS = 1
    host_on_each_engine.insert_failed(5)
    plan = planned()
    with host_on_each_engine.connected() as other, other.transaction():
        other.change("UPDATE long_sequence_sessions SET scene_id = 0")
        (result,) = door(plan).results
    assert (result.kind, result.message) == ("failed", results.BUSY)
    assert host_on_each_engine.row(5)["status"] == "failed"


def test_an_optional_column_that_is_missing_is_passed_over(host_on_each_engine: HostDatabase, door: Door) -> None:
    host_on_each_engine.run("ALTER TABLE long_sequence_sessions DROP COLUMN progress_percentage")
    values = {"status": "failed", "error_message": "x", "created_at": "2026-11-20 10:00:00", "updated_at": None}
    host_on_each_engine.insert(5, **values)
    assert door(planned()).kind == "done"
    assert host_on_each_engine.row(5)["status"] == "pending"


def test_a_long_text_stands_in_the_plan_by_its_digest() -> None:
    assert seen_as("x" * 200) == "=" + "x" * 200
    assert len(seen_as("x" * 201) or "") == 65
    assert seen_as(None) is None
