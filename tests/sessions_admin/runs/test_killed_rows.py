"""Runs of every action on rows, the worker killed with SIGKILL in each: what was done is found out, nothing is done twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.host_database import made_on
from tests.reconcile.scene import Scene
from tests.sessions_admin.rows.conftest import HOURS_AGO
from tests.sessions_admin.runs.test_killed import ask, assert_the_audit_agrees, host_rows, run, work

SESSIONS = {"reset_stuck": (1,), "mark_failed": (2,), "complete": (3, 4), "relink": (5,)}
# At the third session the worker dies before the change, at all others behind it.
STEPS = {key: "behind the intents" if key == 3 else "behind the host's commit" for key in range(1, 6)}
BECOMES = {"reset_stuck": "pending", "mark_failed": "failed", "complete": "completed", "relink": "completed"}
PREPARING = f"""
import django; django.setup()
from django.contrib.auth.models import User
from django.utils import timezone
from diagnostics.reconcile import run_pass
from sessions_admin.planning import make_plan
from sessions_admin.runs.confirm import Confirmation, confirm
run_pass()
eve = User.objects.create_superuser("eve")
for action, keys in {SESSIONS}.items():
    plan = make_plan(action, [str(key) for key in keys], {{}}, eve, timezone.now())
    assert plan.to_do == len(keys), [(item.key, item.sentence) for item in plan.items.all()]
    confirm(plan, Confirmation("after the outage", "", typed=str(plan.to_do)), eve, timezone.now())
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A dashboard and a host with a run of each action that nobody has begun yet."""
    with made_on("sqlite", tmp_path) as host:
        host.create_table()
        (tmp_path / "audio").mkdir()
        scene = Scene(host, tmp_path / "audio", datetime.now(UTC).replace(microsecond=0))
        for key in (*SESSIONS["reset_stuck"], *SESSIONS["mark_failed"]):
            scene.pending(key, ago=HOURS_AGO, status="generating")
        for key in SESSIONS["complete"]:
            scene.failed(key)
            scene.file(scene.name(key))
        for key in SESSIONS["relink"]:
            scene.row(key)
            scene.file(scene.name(key), folder="2026")
    assert run(tmp_path, "manage.py", "migrate", "--verbosity=0").returncode == 0
    done = run(tmp_path, "-c", PREPARING)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_whichever_action_it_was_at_the_next_worker_finds_out(place: Path) -> None:
    before = {row[0]: row for row in host_rows(place)}
    for step in STEPS.values():
        assert work(place, step) == -9
    assert work(place) == 0
    assert ask(place, "SELECT DISTINCT state FROM sessions_admin_run") == [("done",)]
    items = ask(place, "SELECT key, outcome FROM sessions_admin_planitem")
    ends = {int(str(key)): str(outcome) for key, outcome in items}
    assert ends == {key: "failed" if key == 3 else "done" for key in STEPS}
    after = {row[0]: row for row in host_rows(place)}
    assert after[3] == before[3]
    for action, keys in SESSIONS.items():
        assert after[keys[-1]] != before[keys[-1]], action
        assert after[keys[-1]][3] == BECOMES[action], action
    assert_the_audit_agrees(place, {str(key): outcome for key, outcome in ends.items()})
