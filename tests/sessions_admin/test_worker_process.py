"""Whole worker processes on a database of their own: they stop when told, take over, and outlive trouble."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diagnostics.notes import WORKER
from tests.faults.hang import eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a worker process: its own database, an empty host, the schedule of this file."""
    (tmp_path / "audio").mkdir()
    values = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-tests-of-the-worker-0123456789-abcdefghij",
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "AUDIO_ROOT": str(tmp_path / "audio"),
        "PYTHONUNBUFFERED": "1",
        "SNAPSHOT_INTERVAL_SECONDS": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=values, check=True)
    return values


@pytest.fixture
def started(surroundings: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start workers; those that still run at the end are killed."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def looked(surroundings: dict[str, str], sql: str, *values: object) -> list[tuple[object, ...]]:
    """Run a statement on the worker's database, as another process would, and return its rows."""
    path = surroundings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        return connection.execute(sql, values).fetchall()


def wait_until(surroundings: dict[str, str], sql: str, *values: object) -> None:
    """Wait until a question has an answer that is not empty and not nothing."""
    assert eventually(lambda: looked(surroundings, sql, *values) not in ([], [(None,)], [(0,)]), 60, every=0.1), sql


def stored(**passed: float) -> str:
    """The time that is so far from now, as our tables hold it."""
    return (datetime.now(UTC) + timedelta(**passed)).strftime("%Y-%m-%d %H:%M:%S.%f")


TASK = "diagnostics_recurringtask"
SNAPSHOT_DONE = f"SELECT 1 FROM {TASK} WHERE name = 'snapshot' AND outcome = 'done'"
ALIVE = f"SELECT count(*) FROM {TASK} WHERE name = '{WORKER}' AND lease_until > ?"


class TestProcess:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_works_until_told_to_stop_and_ends_at_once(
        self,
        number: signal.Signals,
        surroundings: dict[str, str],
        started: Callable[[], subprocess.Popen[str]],
    ) -> None:
        worker = started()
        wait_until(surroundings, SNAPSHOT_DONE)
        wait_until(surroundings, ALIVE, stored())
        begun = time.monotonic()
        worker.send_signal(number)
        output, _ = worker.communicate(timeout=60)
        assert time.monotonic() - begun < 8
        assert worker.returncode == 0
        assert "Traceback" not in output
        assert looked(surroundings, f"SELECT count(*) FROM {TASK} WHERE holder <> ''") == [(0,)]
        assert looked(surroundings, ALIVE, stored()) == [(0,)]

    def test_what_a_killed_worker_held_is_taken_over_and_not_before(
        self, surroundings: dict[str, str], started: Callable[[], subprocess.Popen[str]]
    ) -> None:
        columns = "name, holder, outcome, next_at, lease_until, error, failure"
        held = f"INSERT INTO {TASK} ({columns}) VALUES ('snapshot', 'dead', 'running', ?, ?, '', '')"
        looked(surroundings, held, stored(), stored(seconds=600))
        started()
        wait_until(surroundings, f"SELECT 1 FROM {TASK} WHERE name = 'sample' AND outcome = 'done'")
        assert looked(surroundings, f"SELECT holder FROM {TASK} WHERE name = 'snapshot'") == [("dead",)]
        ended = f"UPDATE {TASK} SET lease_until = ? WHERE name = 'snapshot'"
        looked(surroundings, ended, stored(seconds=-1))
        wait_until(surroundings, SNAPSHOT_DONE)
        wait_until(surroundings, f"SELECT taken_over_at FROM {TASK} WHERE name = 'snapshot'")

    def test_it_outlives_trouble_with_its_own_database(
        self, surroundings: dict[str, str], started: Callable[[], subprocess.Popen[str]]
    ) -> None:
        worker = started()
        wait_until(surroundings, SNAPSHOT_DONE)
        looked(surroundings, f"ALTER TABLE {TASK} RENAME TO away")
        time.sleep(2)
        assert worker.poll() is None
        looked(surroundings, f"ALTER TABLE away RENAME TO {TASK}")
        wait_until(surroundings, f"{SNAPSHOT_DONE} AND finished_at > ?", stored())
