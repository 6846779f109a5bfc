"""Our own database held by another process while a session is examined: what can be seen is shown, and nothing hangs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import DatabaseOn
from tests.reconcile.outside import said, started, surroundings

DELETED: list[object] = ["broken", "file.deleted", [], True]
WHOLE: list[object] = ["playable", "client.timed_out", [], True]


def told(own: str, folder: Path) -> list[list[object]]:
    process = started(surroundings(folder, own), "-m", "tests.faults.own_locked")
    return [json.loads(line) for line in said(process).splitlines()]


def test_readers_of_sqlite_wait_for_nobody(tmp_path: Path) -> None:
    assert told(f"sqlite:///{tmp_path}/own.sqlite3", tmp_path / "host") == [[WHOLE, DELETED, 200]] * 2


@pytest.mark.databases
@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_tables_that_are_locked_are_not_waited_for(engine: str, own_database_on: DatabaseOn, tmp_path: Path) -> None:
    locked, free = told(own_database_on(engine).url, tmp_path / "host")
    assert free == [WHOLE, DELETED, 200]
    assert locked == [
        ["playable", "client.timed_out", ["own.unavailable"], True],
        ["unknown", "storage.unavailable", ["own.unavailable"], True],
        200,
    ]
