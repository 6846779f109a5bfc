"""A marker said by many at once, and the weekly report queued by many workers, stand once on every engine of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DatabaseOn
from tests.host_database import ENGINES
from tests.reconcile.outside import said, started, surroundings


def came_of_it(own: str, folder: Path) -> list[Any]:
    process = started(surroundings(folder, own), "-m", "tests.sessions_admin.said_at_once")
    return [json.loads(line) for line in said(process).splitlines()]


@pytest.mark.databases
@pytest.mark.parametrize("engine", ENGINES)
def test_it_stands_once(engine: str, own_database_on: DatabaseOn, tmp_path: Path) -> None:
    own = f"sqlite:///{tmp_path}/own.sqlite3" if engine == "sqlite" else own_database_on(engine).url
    assert came_of_it(own, tmp_path / "host") == [[1, 1, 1], [1, 2, 2], [1, 3, 3], [1, 2, 4], [3, 3]]
