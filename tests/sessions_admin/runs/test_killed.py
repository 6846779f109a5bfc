"""A worker killed with SIGKILL at any step of a run: the next one finds out what was done, and does the rest, once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.host_database import FAILED, HostDatabase, made_on
from tests.sessions_admin.runs.killing import STEPS

ROOT = Path(__file__).resolve().parents[3]
SESSIONS = 10  # in chunks of four
PREPARING = """
import django; django.setup()
from django.contrib.auth.models import User
from django.utils import timezone
from sessions_admin.planning import make_plan
from sessions_admin.runs.confirm import Confirmation, confirm
eve = User.objects.create_superuser("eve")
plan = make_plan("reset", [str(key) for key in range(1, 11)], {}, eve, timezone.now())
confirm(plan, Confirmation("after the outage", "", typed="10"), eve, timezone.now())
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    host = f"sqlite:///{folder / 'host.sqlite3'}"
    return {
        **kept,
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-tests-of-killed-runs-0123456789-abcdefghij",
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{folder / 'own.sqlite3'}",
        "HOST_DATABASE_URL": host,
        "HOST_WRITE_DATABASE_URL": host,
        "AUDIO_ROOT": str(folder / "audio"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dashboard and a host with a run that nobody has begun yet."""
    folder = tmp_path_factory.mktemp("prepared")
    with made_on("sqlite", folder) as host:
        host.create_table()
        for key in range(1, SESSIONS + 1):
            host.insert(key, **FAILED)
    assert run(folder, "manage.py", "migrate", "--verbosity=0").returncode == 0
    done = run(folder, "-c", PREPARING)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "place"))


def ask(place: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(place / "own.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def host_rows(place: Path) -> list[tuple[object, ...]]:
    return HostDatabase(f"sqlite:///{place / 'host.sqlite3'}", "sqlite").rows()


def work(place: Path, step: str = "") -> int:
    done = run(place, "-m", "tests.sessions_admin.runs.killing", step)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_and_nothing_is_done_twice(place: Path, step: str) -> None:
    assert work(place, step) == -9
    assert work(place) == 0
    assert ask(place, "SELECT state FROM sessions_admin_run") == [("done",)]
    items = ask(place, "SELECT key, outcome FROM sessions_admin_planitem")
    statuses = {str(row[0]): row[3] for row in host_rows(place)}
    assert len(items) == SESSIONS
    for key, outcome in items:
        assert statuses[str(key)] == ("pending" if outcome == "done" else "failed"), (key, outcome)
    assert_the_audit_agrees(place, {str(key): str(outcome) for key, outcome in items})


def assert_the_audit_agrees(place: Path, items: dict[str, str]) -> None:
    """One intent and one outcome for each item, the chain whole; no row was changed that no outcome tells of."""
    rows = ask(place, "SELECT session, is_intent, outcome FROM sessions_admin_auditentry WHERE session <> ''")
    intents = [key for key, is_intent, _ in rows if is_intent]
    outcomes = {str(key): str(outcome) for key, is_intent, outcome in rows if not is_intent}
    assert len(intents) == len(set(intents))
    assert outcomes == items
    assert len(rows) == len(intents) + len(outcomes)
    verified = run(place, "manage.py", "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "Intents without" not in verified.stdout


def test_killed_again_and_again_it_still_ends(place: Path) -> None:
    for step in ("behind the intents", "behind the host's commit", "before the items"):
        assert work(place, step) == -9
    assert work(place) == 0
    assert ask(place, "SELECT state FROM sessions_admin_run") == [("done",)]
