"""Handled on PostgreSQL and MariaDB as our own database: what came of it is the same as on SQLite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DatabaseOn
from tests.reconcile.outside import said, started, surroundings


def came_of_it(own: str, folder: Path) -> list[Any]:
    process = started(surroundings(folder, own), "-m", "tests.sessions_admin.handled_elsewhere")
    return [json.loads(line) for line in said(process).splitlines()]


@pytest.mark.databases
def test_it_is_the_same_on_each_engine(own_database_on: DatabaseOn, tmp_path: Path) -> None:
    here = came_of_it(f"sqlite:///{tmp_path}/own.sqlite3", tmp_path / "host")
    lists, numbers, ends, pages, _counted = here[0]
    assert lists[:2] == [["1", "2", "3", "AB"], ["4", "5", "6", "aB"]]
    assert numbers == [len(found) for found in lists]
    assert ends == [["", ""], ["aB", ""]]
    assert [key for key, _note in pages] == ["3", "4", "5", "6", "aB"]
    assert here[1][2] == [["", "joined"], ["aB", ""]]
    for engine in ("postgresql", "mysql"):
        assert came_of_it(own_database_on(engine).url, tmp_path / engine) == here
