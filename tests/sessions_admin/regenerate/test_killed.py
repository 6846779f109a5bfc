"""A worker killed with SIGKILL between any two steps: after the next one audit, quarantine, disk and row agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.host_database import HostDatabase, made_on
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.sessions_admin.regenerate.killing import STEPS
from tests.sessions_admin.runs.test_killed import ROOT, ask, environment

PREPARING = """
import django; django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from diagnostics.reconcile import run_pass
from sessions_admin.planning import make_plan
from sessions_admin.runs.confirm import Confirmation, confirm
call_command("migrate", verbosity=0)
run_pass()
eve = User.objects.create_superuser("eve")
plan = make_plan("regenerate", ["5", "7"], {}, eve, timezone.now())
assert plan.to_do == 2, [item.sentence for item in plan.items.all()]
confirm(plan, Confirmation("after the outage", "", typed="2"), eve, timezone.now())
"""
CUT = wav_bytes(40, declared=12_000)
NUMBERS = {5: 0, 7: 1}


def run(folder: Path, *arguments: str) -> None:
    told = {"AUDIO_ROOT": str(folder / "audio"), "LOCKS_DIR": str(folder / "locks")}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(folder) | told, capture_output=True, text=True, timeout=300
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each step a place where a worker was killed at it, and another one came behind it.

    The run is over two sessions, each with a file that was cut short.
    """
    folder, copies = tmp_path_factory.mktemp("prepared"), tmp_path_factory.mktemp("copies")
    (folder / "audio").mkdir()
    with made_on("sqlite", folder) as host:
        host.create_table()
        scene = Scene(host, folder / "audio")
        scene.session(1)
        for key in NUMBERS:
            scene.row(key)
            scene.file(scene.name(key), CUT)
    run(folder, "-c", PREPARING)
    run(folder, "-m", "tests.sessions_admin.regenerate.killing", str(folder), str(copies))
    return {step: copies / str(number) for number, step in enumerate(STEPS)}


@pytest.mark.parametrize("step", STEPS)
def test_it_is_all_done_or_all_undone(places: dict[str, Path], step: str) -> None:
    place = places[step]
    assert (place / "ends").read_text() == "-9 0"
    assert ask(place, "SELECT state FROM sessions_admin_run") == [("done",)]
    ends = {str(key): str(end) for key, end in ask(place, "SELECT key, outcome FROM sessions_admin_planitem")}
    assert ends["7"] == "done"  # the kill came at the first one
    for key, number in NUMBERS.items():
        assert_all_agree(place, key, number, ends[str(key)])
    assert_the_audit_agrees(place, ends)


def assert_all_agree(place: Path, key: int, number: int, end: str) -> None:
    """Row, file, quarantine and its table tell of the same: pending and put aside, or completed and where it was."""
    name = f"long_sequence_{key}_20261101_101500.wav"
    row = HostDatabase(f"sqlite:///{place / 'host.sqlite3'}", "sqlite").row(key)
    lying = [path.read_bytes() for path in (place / "audio").glob(name)]
    held = {path.name: path.read_bytes() for path in place.glob(f"audio/.quarantine/*/{number}/*")}
    states = [state for (state,) in ask(place, f"SELECT state FROM sessions_admin_heldfile WHERE number = {number}")]
    if end == "done":
        assert (row["status"], row["final_file_path"], lying, states) == ("pending", None, [], ["held"])
        assert (sorted(held), held["file"]) == (["file", "manifest.json"], CUT)
        (reset_at,) = ask(place, f"SELECT reset_at FROM diagnostics_sessionentry WHERE key = '{key}'")
        (moved_at,) = ask(place, f"SELECT moved_at FROM sessions_admin_heldfile WHERE number = {number}")
        assert reset_at == moved_at
    else:
        assert (row["status"], row["final_file_path"], lying, held) == ("completed", PREFIX + name, [CUT], {})
        assert states in ([], ["restored"])
        assert len(ask(place, "SELECT action FROM diagnostics_removal")) == 1  # that of the other session


def assert_the_audit_agrees(place: Path, ends: dict[str, str]) -> None:
    """One intent and one outcome for each item that was begun, and the outcome is the item's end."""
    rows = ask(place, "SELECT session, is_intent, outcome FROM sessions_admin_auditentry WHERE session <> ''")
    intents = [key for key, is_intent, _ in rows if is_intent]
    outcomes = {str(key): str(outcome) for key, is_intent, outcome in rows if not is_intent}
    assert len(intents) == len(set(intents))
    assert outcomes == ends
    assert len(rows) == len(intents) + len(outcomes)
