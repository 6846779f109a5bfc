"""Our own database on every engine: three workers count at once, and the figures are the same everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DatabaseOn
from tests.reconcile.outside import said, started, surroundings


def counted(own: str, folder: Path) -> list[Any]:
    answer: list[Any] = json.loads(said(started(surroundings(folder, own), "-m", "tests.rates.elsewhere")))
    return answer


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("own")
    return counted(f"sqlite:///{folder}/own.sqlite3", folder / "host")


def test_workers_at_once_leave_every_ending_counted_once(on_sqlite: list[Any]) -> None:
    found, measured, completed, stored, stale = on_sqlite
    assert stored == [152, 152, 152]
    assert stale == 0
    assert (completed, found["failed"], found["stuck"]) == (77, 25, 50)
    assert measured["by_file"] == {"good": 75, "of": 150}


@pytest.mark.databases
@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
def test_the_figures_are_the_same(
    engine: str, on_sqlite: list[Any], own_database_on: DatabaseOn, tmp_path: Path
) -> None:
    assert counted(own_database_on(engine).url, tmp_path / "host") == on_sqlite
