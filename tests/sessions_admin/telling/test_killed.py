"""A worker killed with SIGKILL at any step of telling: the next one tells what was not noted, by the same id."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.hook_receiver import SECRET, Receiver, hook_receiver
from tests.sessions_admin.runs.test_killed import ROOT, SESSIONS, ask, environment, place, prepared
from tests.sessions_admin.telling.killing import STEPS

__all__ = ["place", "prepared"]
TOLD_BEFORE = ("in the midst of telling", "told, before it is noted")


@pytest.fixture
def heard() -> Iterator[Receiver]:
    with hook_receiver() as receiver:
        yield receiver


def work(place: Path, receiver: Receiver, step: str) -> int:
    told = {"HOST_PICKUP": "webhook", "HOST_WEBHOOK_URL": receiver.url, "HOST_WEBHOOK_SECRET": SECRET}
    done = subprocess.run(
        [sys.executable, "-m", "tests.sessions_admin.telling.killing", step],
        cwd=ROOT, env={**environment(place), **told}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


@pytest.mark.parametrize("step", STEPS)
def test_every_reset_is_told_and_the_second_time_by_the_same_id(place: Path, heard: Receiver, step: str) -> None:
    assert work(place, heard, step) == -9
    before = len(heard.keys)
    assert (before > 0) == (step in TOLD_BEFORE)
    assert work(place, heard, "") == 0
    assert sorted({event["session_id"] for event in heard.events}) == list(range(1, SESSIONS + 1))
    assert len(set(heard.keys)) == SESSIONS
    assert len(heard.keys) == SESSIONS + (before if step in TOLD_BEFORE else 0)
    assert ask(place, "SELECT COUNT(*) FROM sessions_admin_telling WHERE told_at IS NOT NULL") == [(SESSIONS,)]
