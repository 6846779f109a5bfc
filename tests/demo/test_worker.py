"""The generator process: its order, its names, its temporary files, its end."""

from __future__ import annotations

import signal
import subprocess
import wave
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from demo import clock, naming, table
from demo.place import Place
from tests.demo.conftest import Demo, rows, wait_for

Start = Callable[..., subprocess.Popen[str]]


def ask(place: Place, minutes_ago: int, minutes: int | str = 1) -> int:
    values = table.as_requested(table.Request(1003, 3000, 1), clock.now() - timedelta(minutes=minutes_ago))
    with table.writing(place) as db:
        return table.insert(db, {**values, "total_duration_minutes": minutes})


def test_it_takes_the_oldest_request_first(place: Place, start: Start) -> None:
    late, early, middle = ask(place, 1), ask(place, 9), ask(place, 5)
    start("worker", "--pace", "0")
    found = wait_for(lambda: done(place, (late, early, middle)))
    ended = [found[session_id]["completed_at"] for session_id in (early, middle, late)]
    assert ended == sorted(ended)


def done(place: Place, session_ids: tuple[int, ...]) -> dict[int, dict[str, Any]]:
    found = rows(place)
    return found if all(found[session_id]["status"] == "completed" for session_id in session_ids) else {}


def test_it_completes_a_row_that_agrees_with_its_file(place: Place, demo: Demo) -> None:
    session_id = ask(place, 2, 2)
    demo("worker", "--only", str(session_id), "--pace", "0")
    row = rows(place)[session_id]
    path = place.root / row["final_file_path"].lstrip("/")
    assert (row["status"], row["progress_percentage"]) == ("completed", 100)
    assert row["final_file_path"].startswith(naming.AUDIO_URL_PREFIX)
    assert naming.CONVENTION.fullmatch(path.name)
    assert row["final_file_size"] == path.stat().st_size
    assert abs(path.stat().st_mtime - clock.as_epoch(clock.as_moment(row["completed_at"]))) < 1
    with wave.open(str(path)) as piece:
        assert piece.getnframes() == 120 * piece.getframerate()


def test_it_writes_to_a_temporary_name_and_reports_progress(place: Place, start: Start) -> None:
    session_id = ask(place, 1)
    start("worker", "--pace", "0.5")
    wait_for(lambda: 0 < rows(place)[session_id]["progress_percentage"] < 100)
    assert rows(place)[session_id]["status"] == "generating"
    assert [path.suffix for path in place.audio.glob(f"long_sequence_{session_id}_*")] == [".tmp"]


def test_it_puts_its_session_back_when_it_is_stopped(place: Place, start: Start) -> None:
    session_id = ask(place, 1)
    worker = start("worker", "--pace", "5")
    wait_for(lambda: rows(place)[session_id]["progress_percentage"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(2) == 0
    assert rows(place)[session_id]["status"] == "pending"
    assert not list(place.audio.glob("*.tmp"))
    assert not place.worker_pid.exists()


def test_it_fails_a_row_that_holds_nonsense_and_goes_on(place: Place, start: Start) -> None:
    nonsense, healthy = ask(place, 9, "soon"), ask(place, 1)
    start("worker", "--pace", "0")
    wait_for(lambda: done(place, (healthy,)))
    assert rows(place)[nonsense]["status"] == "failed"
    assert "ValueError" in rows(place)[nonsense]["error_message"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"total_duration_minutes": 121}, "total_duration_minutes must be between 1 and 120, not 121"),
        ({"total_duration_minutes": -5}, "total_duration_minutes must be between 1 and 120, not -5"),
        ({"assessment_id": None}, "is missing"),
    ],
)
def test_it_rejects_what_it_cannot_make(place: Place, demo: Demo, values: dict[str, Any], words: str) -> None:
    session_id = ask(place, 1)
    with table.writing(place) as db:
        table.update(db, session_id, values)
    demo("worker", "--only", str(session_id), "--pace", "0")
    row = rows(place)[session_id]
    assert (row["status"], row["progress_percentage"]) == ("failed", 0)
    assert row["error_message"].splitlines()[-1].startswith("demo.worker.InvalidRequest: ")
    assert row["error_message"].endswith(f"{words}\n")
    assert not list(place.audio.glob(f"*_{session_id}_*"))


def test_it_waits_for_a_database_that_was_moved_away(place: Place, start: Start) -> None:
    away = place.database.with_name("elsewhere")
    session_id = ask(place, 1)
    place.database.rename(away)
    start("worker", "--pace", "0")
    wait_for(place.worker_pid.exists)
    assert not place.database.exists()
    away.rename(place.database)
    wait_for(lambda: done(place, (session_id,)))
