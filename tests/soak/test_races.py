"""Resets race with generators on each engine, some rounds; `make soak` plays a thousand. And with the demo's real worker."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from demo import clock, table, wav
from demo.place import Place
from sessions_admin.models import AuditEntry
from sessions_admin.planning import make_plan
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Confirmation, confirm
from tests.end_to_end.demo_host import DemoHost, wait_for

ROOT = Path(__file__).resolve().parents[2]
PIECES = 8


@pytest.mark.databases
@pytest.mark.parametrize(
    ("engine", "rounds", "sessions"),
    [("sqlite", 20, 1000), ("postgresql", 3, 60), ("mysql", 3, 60)],
)
def test_no_session_is_taken_twice_or_reset_while_it_is_generated(engine: str, rounds: int, sessions: int) -> None:
    told = [f"--rounds={rounds}", f"--sessions={sessions}", f"--engine={engine}"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", *told], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode and "Skipped: no " in done.stderr:
        pytest.skip(f"no {engine} server answers")
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {name: int(number) for name, number in re.findall(r"(\w+): (\d+)", done.stdout.splitlines()[-1])}
    assert (counts["rounds"], counts["twice"], counts["errors"]) == (rounds, 0, 0)
    assert counts["taken"] == counts["resets"] >= rounds * sessions


@pytest.mark.django_db
def test_the_demos_own_worker_composes_each_exactly_once(
    tmp_path: Path, settings: Settings, cast: dict[str, User]
) -> None:
    place, demo = Place(tmp_path), DemoHost(tmp_path)
    place.make_folders()
    table.create(place)
    with table.writing(place) as database:
        for number in range(PIECES):
            request = table.Request(1003, 3000 + number, minutes=1)
            table.insert(
                database, {**table.as_requested(request, clock.now()), "status": "failed", "error_message": "x"}
            )
    demo.connect_dashboard(settings)
    with demo.at_work(pace=0):
        wait_for(lambda: reset_all_failed(place, cast["eve"]) and set(statuses(place).values()) == {"completed"})
    resets = AuditEntry.objects.filter(is_intent=False, outcome="done", action="reset").values_list(
        "session", flat=True
    )
    assert sorted(resets) == sorted(statuses(place))
    assert [wav.whole_seconds(path) is not None for path in place.audio.glob("*.wav")] == [True] * PIECES


def reset_all_failed(place: Place, eve: User) -> bool:
    """Plan and run the reset of all, whatever becomes of them meanwhile."""
    plan = make_plan("reset", list(statuses(place)), {}, eve, timezone.now())
    if plan.to_do:
        confirm(plan, Confirmation("after the outage", "", typed=str(plan.to_do)), eve, timezone.now())
        work_on_runs(timezone.now(), threading.Event())
    return True


def statuses(place: Place) -> dict[str, str]:
    with (
        table.opened(place) as database,
        closing(database.execute("SELECT session_id, status FROM long_sequence_sessions")) as rows,
    ):
        return {str(key): str(status) for key, status in rows}
