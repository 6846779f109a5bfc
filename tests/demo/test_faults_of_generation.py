"""Faults of generating: the worker really fails, or really stands still."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from demo import clock, undo, wav
from demo.place import Place
from tests.demo.aftermath import do
from tests.demo.conftest import Demo, rows


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("generation.disk_full", "OSError: [Errno 28] No space left on device"),
        ("generation.out_of_memory", "MemoryError"),
        ("generation.permission_denied", "PermissionError: [Errno 13] Permission denied"),
        ("generation.timed_out", "TimeLimitExceeded: the piece was not done within 1 s"),
        ("generation.dependency_down", "ConnectionRefusedError: "),
        ("generation.engine_failed", "ModuleNotFoundError: No module named "),
        ("generation.bad_input", "InvalidRequest: the assessment of session "),
        ("generation.unrecognised", "ZeroDivisionError"),
    ],
)
def test_a_worker_that_really_fails_leaves_its_traceback(place: Place, code: str, words: str) -> None:
    for session_id in (None, 7):
        after = do(place, code, session_id)
        assert (after.row["status"], after.own_files) == ("failed", [])
        assert after.row["error_message"].startswith("Traceback")
        assert words in after.row["error_message"]
    assert os.path.exists("/dev/full")


def test_generation_timed_out_is_interrupted_in_the_middle_of_its_piece(place: Place) -> None:
    after = do(place, "generation.timed_out")
    assert 0 <= after.row["progress_percentage"] < 100
    assert "in compose\n" in after.row["error_message"]


@pytest.mark.parametrize("session_id", [None, 7])
def test_generation_bad_input_lost_its_assessment_and_gets_it_back(place: Place, session_id: int | None) -> None:
    after = do(place, "generation.bad_input", session_id)
    assert after.row["assessment_id"] is None
    assert undo.take_back(place)[1] == []
    row = rows(place)[after.row["session_id"]]
    assert row["assessment_id"] is not None
    assert row["assessment_id"] == after.was.get("assessment_id", row["assessment_id"])


@pytest.mark.parametrize(
    "code", ["generation.timed_out", "generation.dependency_down", "generation.engine_failed", "generation.bad_input"]
)
def test_a_mended_session_is_composed_after_all(place: Place, demo: Demo, code: str) -> None:
    session_id = do(place, code).deed.session_id
    assert undo.take_back(place)[1] == []
    demo("worker", "--only", str(session_id), "--pace", "0")
    row = rows(place)[session_id or 0]
    assert (row["status"], row["error_message"]) == ("completed", None)


def test_generation_unexplained_has_no_message(place: Place) -> None:
    after = do(place, "generation.unexplained")
    assert (after.row["status"], after.row["error_message"]) == ("failed", None)


@pytest.mark.parametrize("session_id", [None, 7])
def test_file_silent_is_a_whole_piece_whose_second_half_holds_nothing(place: Place, session_id: int | None) -> None:
    after = do(place, "file.silent", session_id)
    minutes = after.row["total_duration_minutes"]
    assert after.row["status"] == "completed"
    assert after.row["final_file_size"] == after.path.stat().st_size
    assert wav.whole_seconds(after.path) == minutes * 60
    data = after.path.read_bytes()[wav.HEADER_BYTES :]
    assert not any(data[len(data) // 2 :])
    assert any(data[len(data) // 2 - 80_000 : len(data) // 2])
    assert after.moment("created_at") < after.moment("completed_at") <= clock.now() - timedelta(seconds=60)
    assert clock.as_epoch(after.moment("created_at")) < after.path.stat().st_mtime < clock.as_epoch(clock.now()) - 60


def test_record_half_committed_has_its_whole_file(place: Place) -> None:
    after = do(place, "record.half_committed")
    assert "database is locked" in after.row["error_message"]
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 60
    assert clock.as_epoch(after.moment("created_at")) < after.path.stat().st_mtime


def test_record_status_lagging_has_an_old_whole_file(place: Place) -> None:
    after = do(place, "record.status_lagging")
    long_ago = clock.now() - timedelta(minutes=15)
    assert after.row["status"] == "generating"
    assert after.moment("updated_at") < long_ago
    assert after.path.stat().st_mtime < clock.as_epoch(long_ago)
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 60


def test_worker_not_picked_up_waits_beyond_the_limit(place: Place) -> None:
    after = do(place, "worker.not_picked_up")
    assert after.row["status"] == "pending"
    assert after.moment("created_at") < clock.now() - timedelta(minutes=10)


def test_worker_crashed_leaves_its_piece_behind(place: Place) -> None:
    after = do(place, "worker.crashed")
    long_ago = clock.now() - timedelta(minutes=15)
    assert after.row["status"] == "generating"
    assert after.moment("updated_at") < long_ago
    assert after.path.stat().st_mtime < clock.as_epoch(long_ago)
    assert place.worker_held.exists()


def test_worker_stalled_stands_still_beyond_the_limit(place: Place) -> None:
    after = do(place, "worker.stalled")
    long_ago = clock.now() - timedelta(minutes=15)
    assert after.row["status"] == "generating"
    assert after.moment("updated_at") < long_ago
    assert after.path.suffix == ".tmp"
    assert after.path.stat().st_mtime < clock.as_epoch(long_ago)
