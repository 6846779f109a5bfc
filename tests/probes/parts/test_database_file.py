"""A SQLite database: whether it answers, and whether a writer of another process holds it, seen without writing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from diagnostics.domain.parts import DATABASE
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.database import look
from diagnostics.probes.parts.told import PartQuestion, PartTold
from tests.another_user import as_nobody, needs_root, open_folder
from tests.faults.hang import within

HOLDING = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(f"PRAGMA journal_mode = {sys.argv[2]}")
held.execute("CREATE TABLE IF NOT EXISTS x (y)")
for statement in sys.argv[3:]:
    held.execute(statement)
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
"""


@contextmanager
def another_process(path: Path, journal: str, *statements: str) -> Iterator[int]:
    """Do something to a database, stay in the midst of it, and yield the number of the process that does."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, path, journal, *statements], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process.pid
        process.stdin.close()
    assert process.returncode == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "host.sqlite3").touch()
    return tmp_path / "host.sqlite3"


def seen(path: Path, seconds: float = 5, **how: float) -> PartTold:
    return look({"url": f"sqlite:///{path}", **how}, seconds)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
class TestOneThatAnswers:
    def test_it_is_up(self, path: Path, journal: str) -> None:
        with another_process(path, journal, "BEGIN", "SELECT * FROM x"), within(1):  # who reads holds up nobody
            told = seen(path)
        assert (told.state, told.problem, told.detail) == ("up", "", "")
        assert (told.values["longest_wait_seconds"], told.values["blocked_by"]) == (0, None)
        assert (told.values["lock_waits"], told.values["longest_transaction_seconds"]) == (None, None)

    def test_a_writer_that_holds_it_is_told(self, path: Path, journal: str) -> None:
        with another_process(path, journal, "BEGIN IMMEDIATE", "INSERT INTO x VALUES (1)") as pid, within(3):
            told = seen(path, locked_seconds=0.5)
        assert (told.state, told.problem) == ("impaired", "locked")
        assert told.values["blocked_by"] == f"process {pid}"
        assert 0.5 <= float(told.values["longest_wait_seconds"] or 0) < 1
        assert f"held by process {pid}" in told.detail

    def test_one_that_holds_it_for_a_moment_is_no_trouble(self, path: Path, journal: str) -> None:
        """Nor is one that held it as long as there was time to look."""
        with another_process(path, journal, "BEGIN IMMEDIATE") as pid, within(2.5):
            told = seen(path, 2.0, locked_seconds=3)
        assert told.state == "up"
        assert told.values["blocked_by"] == f"process {pid}"

    def test_the_watching_ends_when_the_lock_is_free(self, path: Path, journal: str) -> None:
        with another_process(path, journal, "BEGIN IMMEDIATE"):
            pass
        with within(1):
            assert seen(path).state == "up"

    def test_looking_changes_nothing(self, path: Path, journal: str) -> None:
        with another_process(path, journal, "BEGIN IMMEDIATE", "INSERT INTO x VALUES (1)"):
            before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
            seen(path, locked_seconds=0.1)
            after = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        assert {name for name in before if not name.endswith("-shm") and before[name] != after[name]} == set()
        assert set(before) == set(after)


def test_one_whose_readers_are_kept_out_is_locked(path: Path) -> None:
    with another_process(path, "DELETE", "BEGIN EXCLUSIVE"), within(4):
        told = ask(PartQuestion(DATABASE, 1, {"url": f"sqlite:///{path}"}))
    assert (told.state, told.problem) == ("impaired", "locked")


def test_one_that_is_not_there_is_missing_and_is_not_made(tmp_path: Path) -> None:
    told = seen(tmp_path / "gone.sqlite3")
    assert (told.state, told.problem) == ("down", "missing")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_damaged(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)
    assert (seen(path).state, seen(path).problem) == ("down", "damaged")


@needs_root
def test_one_that_may_not_be_read_is_down() -> None:
    with open_folder() as folder:
        (folder / "host.sqlite3").touch(0o600)
        with as_nobody():
            told = seen(folder / "host.sqlite3")
    assert told.state == "down"
    assert told.problem in ("denied", "unreachable")
    assert told.detail
