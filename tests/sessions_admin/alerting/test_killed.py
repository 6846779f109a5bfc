"""A worker killed with SIGKILL between any two steps of a delivery: nothing is lost, and said twice it has the same id."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.hook_receiver import SECRET, Receiver, hook_receiver
from tests.sessions_admin.alerting.killing import STEPS
from tests.sessions_admin.runs.test_killed import ROOT, ask, environment, run

TOLD_TWICE = ("sent, in the midst of the answer", "sent, before it is noted", "sent, half noted")
PREPARING = f"""
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from diagnostics.models import Episode
from sessions_admin.models import Channel
at = timezone.now() - timedelta(minutes=10)
Channel.objects.create(name="hook", kind="webhook", secret="{SECRET}", made_at=at, made_by="ada")
Episode.objects.create(rule="success_rate", begun_at=at, fired_at=at, last_value=80.0)
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    for command in (("manage.py", "migrate", "--verbosity=0"), ("-c", PREPARING)):
        done = run(folder, *command)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def heard() -> Iterator[Receiver]:
    with hook_receiver() as receiver:
        yield receiver


@pytest.fixture
def place(prepared: Path, tmp_path: Path, heard: Receiver) -> Path:
    copied = Path(shutil.copytree(prepared, tmp_path / "place"))
    change(copied, f"UPDATE sessions_admin_channel SET target = '{heard.url}'")
    return copied


def change(place: Path, statement: str) -> None:
    database = sqlite3.connect(place / "own.sqlite3")
    with database:
        database.execute(statement)
    database.close()


def work(place: Path, step: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sessions_admin.alerting.killing", step],
        cwd=ROOT, env=environment(place), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost(place: Path, heard: Receiver, step: str) -> None:
    assert work(place, step) == -9
    assert len(heard.keys) == (1 if step in (*TOLD_TWICE, "noted") else 0)
    # A minute goes by, and the claim of whoever is gone ends.
    change(place, "UPDATE sessions_admin_notification SET claimed_until = made_at WHERE claimed_until IS NOT NULL")
    assert work(place, "") == 0
    assert len(heard.keys) == (2 if step in TOLD_TWICE else 1)
    assert len(set(heard.keys)) == 1
    assert work(place, "") == 0
    assert len(heard.keys) == (2 if step in TOLD_TWICE else 1)
    sent = "SELECT COUNT(*), COUNT(sent_at), COUNT(claimed_until) FROM sessions_admin_notification"
    assert ask(place, sent) == [(1, 1, 0)]
