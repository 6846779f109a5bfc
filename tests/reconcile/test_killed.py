"""A pass killed before any of its writes: the next one ends with what an undisturbed one would have found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Result = dict[str, Any]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("killed")
    (folder / "audio").mkdir()
    (folder / "host.sqlite3").touch()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "of-a-test",
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{folder}/own.sqlite3",
        "HOST_DATABASE_URL": f"sqlite:///{folder}/host.sqlite3",
        "AUDIO_ROOT": str(folder / "audio"),
    }
    command = [sys.executable, "-m", "tests.reconcile.killing", str(folder)]
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_the_first_pass_resumes(results: list[Result]) -> None:
    assert results[0]["kills"] > 10
    assert results[0]["differing"] == {}


def test_a_later_pass_resumes_and_forgets_no_change(results: list[Result]) -> None:
    assert results[1]["kills"] > 20
    assert results[1]["differing"] == {}


def test_there_was_something_to_forget(results: list[Result]) -> None:
    expected = results[1]["expected"]
    assert expected["conditions"] == ["storage.mass_missing"]
    assert sorted(expected["gone"]) == ["30", "40"]
    assert {path.split("_")[2] for path, _code in expected["strays"]} == {"61", "62"}
    codes = {code for _key, code, _confidence in expected["findings"]}
    assert {"file.deleted", "file.name_collision", "file.misplaced", "file.corrupt"} <= codes
    assert expected["timeline"]["52"][-1] == ["generating", "generating", ""]
