"""The snapshot: its figures are those of the rows, and its version changes with them and with nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Pass, Snapshot
from diagnostics.sampling import take_sample
from diagnostics.snapshot import make_snapshot, read_snapshot
from tests.diagnostics.endings import counted, ended, failed
from tests.diagnostics.rows import complete_pass, condition, failed_session, finding, session

pytestmark = pytest.mark.django_db


def content() -> dict[str, Any]:
    told: dict[str, Any] = make_snapshot(timezone.now()).content
    return told


def test_it_counts_sessions_by_verdict_and_leaves_out_those_that_are_gone() -> None:
    session()
    session(gone_at=timezone.now())
    failed_session()
    assert content()["verdicts"] == {"playable": 1, "not_ready": 0, "broken": 1, "expired": 0, "unknown": 0}


def test_it_ranks_causes_by_verdict_and_then_by_number() -> None:
    session(cause="record.stale_error")
    session(cause="record.stale_error")
    failed_session(cause="generation.out_of_memory")
    failed_session(cause="generation.disk_full")
    failed_session(cause="generation.disk_full")
    codes = [cause["code"] for cause in content()["causes"]]
    assert codes == ["generation.disk_full", "generation.out_of_memory", "record.stale_error"]


def test_what_the_first_pass_found_is_as_old_as_its_row() -> None:
    complete_pass(age=timedelta(minutes=5))
    long_ago = timezone.now() - timedelta(days=20)
    finding(failed_session(updated_at=long_ago), age=timedelta(minutes=5, seconds=1))
    (cause,) = content()["causes"]
    assert cause["since"] == long_ago.isoformat(timespec="seconds")
    assert cause["recent"] == 0


def test_it_says_since_when_a_cause_stands_and_how_much_of_it_is_new() -> None:
    complete_pass(age=timedelta(days=30))
    finding(failed_session(), age=timedelta(days=3))
    finding(failed_session(), age=timedelta(hours=1))
    finding(failed_session(), age=timedelta(days=9), resolved_at=timezone.now())
    (cause,) = content()["causes"]
    assert cause["recent"] == 1
    assert cause["since"][:10] == (timezone.now() - timedelta(days=3)).date().isoformat()


def test_todays_success_is_that_of_the_rates_page() -> None:
    just_now = timedelta()
    ended(2, age=just_now)
    ended(age=just_now, is_playable=False, cause="file.deleted")
    ended(age=just_now, is_playable=None, cause="storage.unavailable")
    ended(age=just_now, lost_at=timezone.now(), lost_cause="file.deleted")  # it could be played: that stays so
    failed(age=just_now)
    counted()
    today = make_snapshot(timezone.now()).content["today"]
    assert today["by_status"] == {"good": 5, "of": 6}
    assert today["by_file"] == {"good": 3, "of": 5}
    assert today["unchecked"] == 1


def test_yesterday_is_in_the_hours_but_not_in_today() -> None:
    now = timezone.now().replace(hour=12)
    yesterday = now.replace(hour=0, minute=30) - timedelta(hours=1)
    ended(age=timezone.now() - yesterday)
    counted()
    today = make_snapshot(now).content["today"]
    assert today["by_status"]["of"] == 0
    assert sum(hour.get("playable", 0) for hour in today["hours"]) == 1


def test_the_newest_failures_are_ordered_by_when_they_failed() -> None:
    now = timezone.now()
    failed_session("early", age=timedelta(hours=1), updated_at=now - timedelta(minutes=50))
    failed_session("late", age=timedelta(hours=5), updated_at=now - timedelta(minutes=5))
    assert [failure["key"] for failure in content()["failures"]] == ["late", "early"]


def test_it_tells_the_running_pass_from_the_last_complete_one() -> None:
    complete = complete_pass()
    now = timezone.now()
    running = Pass.objects.create(started_at=now, heartbeat_at=now, done=3, total=12)
    passes = content()["passes"]
    assert (passes["complete"]["id"], passes["running"]["id"]) == (complete.pk, running.pk)
    assert (passes["running"]["done"], passes["running"]["total"]) == (3, 12)


def test_it_carries_conditions_and_says_that_nothing_was_measured() -> None:
    condition("host.unavailable", error="connection refused")
    told = content()
    assert told["conditions"][0]["detail"] == {"error": "connection refused"}
    assert told["gauges"] is None


def test_it_carries_the_gauges_of_the_newest_sample(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIO_ROOT = str(tmp_path)
    take_sample(timezone.now())
    rows = content()["gauges"]["rows"]
    assert [row["name"] for row in rows][-2:] == ["memory_percent", "processor_percent"]
    assert "audio" in rows[0]["roles"]


def test_the_version_stays_while_nothing_changes_and_changes_with_a_row() -> None:
    session()
    now = timezone.now().replace(minute=10, second=0)
    first = make_snapshot(now).version
    assert make_snapshot(now + timedelta(seconds=5)).version == first
    failed_session()
    assert make_snapshot(now + timedelta(seconds=10)).version != first


def test_there_is_one_stored_snapshot_and_it_is_plain_json() -> None:
    make_snapshot(timezone.now())
    make_snapshot(timezone.now())
    assert Snapshot.objects.count() == 1
    json.dumps(read_snapshot().content)


def test_before_the_first_round_of_the_worker_it_is_computed_and_not_kept() -> None:
    session()
    assert read_snapshot().content["sessions"] == 1
    assert not Snapshot.objects.exists()
