"""A worker killed with SIGKILL at any step of moving a file: the next one finishes or undoes it, and does the rest, once."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.host_database import made_on
from tests.sessions_admin.quarantine.killing import STEPS, TWO_NAMES

ROOT = Path(__file__).resolve().parents[3]
ENDS = {"quarantine": "held", "restore": "restored", "expire": "expired"}
FILES = (
    "2025/long_sequence_901_20261101_101500.wav",
    "long_sequence_902_20261101_101500.wav",
    "long_sequence_903_20261101_101500.wav",
)


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **kept,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-tests-of-killed-runs-0123456789-abcdefghij",
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{folder / 'own.sqlite3'}",
        "HOST_DATABASE_URL": f"sqlite:///{folder / 'host.sqlite3'}",
        "AUDIO_ROOT": str(folder / "audio"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dashboard, a host without rows, and three orphans, one of them in a folder."""
    folder = tmp_path_factory.mktemp("migrated")
    with made_on("sqlite", folder) as host:
        host.create_table()
    for name in FILES:
        path = folder / "audio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        os.utime(path, (time.time() - 200_000,) * 2)
    run(folder, "manage.py", "migrate", "--verbosity=0")
    return folder


@pytest.mark.parametrize("action", STEPS)
def test_nothing_is_lost_and_nothing_is_done_twice(migrated: Path, tmp_path: Path, action: str) -> None:
    steps = [*STEPS[action], *TWO_NAMES.get(action, {})]
    place = Path(shutil.copytree(migrated, tmp_path / "place"))
    told = [
        json.loads(line)
        for line in run(place, "-m", "tests.sessions_admin.quarantine.killing", str(place), action, *steps).splitlines()
    ]
    assert len(told) == len(steps)
    for step, each in zip(steps, told, strict=True):
        assert each["ended"] == [0, -9, 0], step
        assert_all_agree(Path(each["place"]), action, step)


def assert_all_agree(place: Path, action: str, step: str) -> None:
    """Each file is at exactly one place, and manifest, row, audit and item tell the same of it."""
    lying = {str(p.relative_to(place / "audio")): p.read_text() for p in (place / "audio").rglob("*") if p.is_file()}
    manifests = {name for name in lying if name.endswith("manifest.json")}
    contents = Counter(content for name, content in lying.items() if name not in manifests)
    held = {
        str(path): (state, f".quarantine/{operation}/{number}")
        for path, state, operation, number in ask(
            place, "SELECT shown_path, state, operation, number FROM sessions_admin_heldfile"
        )
    }
    rows = ask(
        place,
        "SELECT path, outcome FROM sessions_admin_planitem JOIN sessions_admin_run USING (plan_id) "
        f"JOIN sessions_admin_actionplan ON plan_id = operation WHERE action = '{action}'",
    )
    items = {str(path): str(outcome) for path, outcome in rows}
    assert ask(place, "SELECT DISTINCT state FROM sessions_admin_run") == [("done",)], step
    for name in FILES:
        state, folder = held.get(name, ("", ""))
        is_done = items[name] == "done"
        assert is_done == (state == ENDS[action]), (step, name)
        at_place, in_quarantine = lying.get(name) == name, lying.get(f"{folder}/file") == name
        assert (at_place, in_quarantine) == (state in ("", "restored"), state == "held"), (step, name, state)
        assert contents[name] == (0 if state == "expired" else 1), (step, name)
        assert (f"{folder}/manifest.json" in manifests) == (state == "held"), (step, name)
    assert len(manifests) == sum(state == "held" for state, _ in held.values()), step
    if action == "restore":  # the folder that was made for a way back that was not gone is gone again
        assert (place / "audio" / "2025").exists() == (FILES[0] in lying), step
    assert_the_audit_agrees(place, action, items)


def assert_the_audit_agrees(place: Path, action: str, items: dict[str, str]) -> None:
    rows = ask(place, f"SELECT number, is_intent, outcome FROM sessions_admin_auditentry WHERE action = '{action}'")
    assert Counter(number for number, is_intent, _ in rows if is_intent) == dict.fromkeys(range(len(FILES)), 1)
    assert Counter(str(outcome) for _, is_intent, outcome in rows if not is_intent) == Counter(items.values())


def ask(place: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(place / "own.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()
