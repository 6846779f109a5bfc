"""Our own database on PostgreSQL and on MariaDB: the passes conclude there what they conclude on SQLite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DatabaseOn
from tests.reconcile.outside import said, started, surroundings


def concluded(own: str, folder: Path) -> list[Any]:
    process = started(surroundings(folder, own), "-m", "tests.reconcile.elsewhere")
    return [json.loads(line) for line in said(process).splitlines()]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("own")
    return concluded(f"sqlite:///{folder}/own.sqlite3", folder / "host")


@pytest.mark.databases
@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_the_passes_conclude_the_same(
    engine: str, on_sqlite: list[Any], own_database_on: DatabaseOn, tmp_path: Path
) -> None:
    there = concluded(own_database_on(engine).url, tmp_path / "host")
    for (verdicts, told, changed), (verdicts_there, told_there, changed_there) in zip(on_sqlite, there, strict=True):
        assert (verdicts_there, changed_there) == (verdicts, changed)
        for name, value in told.items():
            assert told_there[name] == value, name
