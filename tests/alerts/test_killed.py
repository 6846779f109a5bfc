"""A worker killed with SIGKILL between any two steps of a round: after the next one states, episodes and flips agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.alerts.killing import STEPS
from tests.sessions_admin.runs.test_killed import ROOT, ask, environment

PREPARING = """
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command
from diagnostics.models import Condition
call_command("migrate", verbosity=0)
from tests.alerts.scene import NOON, complete_pass, ending
complete_pass(NOON)
for _ in range(6):
    ending(NOON, kind="failed")
Condition.objects.create(code="storage.listing_incomplete", opened_at=NOON, seen_at=NOON)
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each step a place where a worker was killed at it, and another one came behind it."""
    folder, copies = tmp_path_factory.mktemp("prepared"), tmp_path_factory.mktemp("copies")
    for arguments in (("-c", PREPARING), ("-m", "tests.alerts.killing", str(folder), str(copies))):
        told = environment(folder) | {"AUDIO_ROOT": "", "HOST_DATABASE_URL": "", "HOST_WRITE_DATABASE_URL": ""}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=told, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
    return {step: copies / str(number) for number, step in enumerate(STEPS)}


@pytest.mark.parametrize("step", STEPS)
def test_each_thing_happened_once(places: dict[str, Path], step: str) -> None:
    place = places[step]
    assert (place / "ends").read_text() == "-9 0"
    episodes = ask(place, "SELECT rule, subject, ended_at IS NOT NULL FROM diagnostics_episode ORDER BY rule")
    assert episodes == [("condition", "storage.listing_incomplete", 1), ("failures", "", 0)]
    flips = ask(
        place, "SELECT rule, old, new FROM diagnostics_flip WHERE rule IN ('condition', 'failures') ORDER BY id"
    )
    assert [flip[1:] for flip in flips if flip[0] == "failures"] == [("ok", "firing")]
    told = [flip[1:] for flip in flips if flip[0] == "condition"]
    assert told == [("ok", "firing"), ("firing", "recovering"), ("recovering", "ok")]


@pytest.mark.parametrize("step", STEPS)
def test_states_episodes_and_flips_agree(places: dict[str, Path], step: str) -> None:
    place = places[step]
    open_ones = ask(place, "SELECT id FROM diagnostics_episode WHERE ended_at IS NULL AND kind = 'firing' ORDER BY id")
    held = ask(place, "SELECT episode_id FROM diagnostics_alertstate WHERE episode_id IS NOT NULL ORDER BY episode_id")
    assert open_ones == held
    last = "SELECT new FROM diagnostics_flip f WHERE f.rule = s.rule AND f.subject = s.subject ORDER BY id DESC LIMIT 1"
    assert ask(place, f"SELECT rule, state FROM diagnostics_alertstate s WHERE state <> coalesce(({last}), 'ok')") == []
