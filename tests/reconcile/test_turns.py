"""One pass at a time; a pass that is asked to stop, or that lost its turn, leaves the rest to the next."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from diagnostics.models import Pass, RecurringTask
from diagnostics.reconcile import PassRunningError, running
from tests.host_database import HostDatabase
from tests.reconcile.outside import said, started, surroundings
from tests.reconcile.scene import Scene, observed

pytestmark = pytest.mark.django_db


def test_a_pass_waits_for_its_turn_and_gives_up(scene: Scene) -> None:
    holder = running.take_turn(1)
    with pytest.raises(PassRunningError, match="Another pass is running"):
        running.take_turn(0.3)
    running.end_turn(holder)
    assert scene.run().outcome == "complete"


def test_a_lease_that_ran_out_is_free(scene: Scene) -> None:
    running.take_turn(1)
    RecurringTask.objects.filter(name=running.LOCK).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert scene.run().outcome == "complete"


def test_a_pass_that_ended_without_a_word_is_called_interrupted(scene: Scene) -> None:
    row = Pass.objects.create(started_at=scene.now, heartbeat_at=scene.now)
    scene.run()
    row.refresh_from_db()
    assert (row.outcome, row.finished_at is not None) == ("interrupted", True)


def test_a_pass_that_is_asked_to_stop_says_so_and_the_next_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT_SECONDS", 0.0)
    for key in range(1, 5):
        scene.session(key)
    stop = threading.Event()
    phases: list[str] = []

    def note(row: Pass) -> None:
        phases.append(row.phase)
        if row.phase == "index":
            stop.set()

    row = scene.run(stop=stop, progress=note)
    assert (row.outcome, row.finished_at is not None, phases[0]) == ("interrupted", True, "files")
    assert scene.run().by_verdict == {"playable": 4}


def test_a_pass_that_lost_its_turn_leaves_the_rest(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BEAT_SECONDS", 0.0)
    scene.session(1)
    taken: list[str] = []

    def steal(row: Pass) -> None:
        if row.phase == "rows" and not taken:
            RecurringTask.objects.filter(name=running.LOCK).update(lease_until=timezone.now() - timedelta(seconds=1))
            taken.append(running.take_turn(1))

    assert scene.run(progress=steal).outcome == "interrupted"
    assert RecurringTask.objects.get(name=running.LOCK).holder == taken[0]
    running.end_turn(taken[0])
    scene.run()
    assert observed()["sessions"] != []


def test_two_processes_at_once_run_one_after_the_other(tmp_path: Path) -> None:
    environment = surroundings(tmp_path / "here")
    said(started(environment, "manage.py", "migrate", "-v0"))
    scene = Scene(HostDatabase(environment["HOST_DATABASE_URL"], "sqlite"), tmp_path / "here/audio")
    scene.host.create_table()
    for key in range(1, 60):
        scene.session(key)
    processes = [started(environment, "manage.py", "reconcile", "--json") for _ in range(3)]
    told = [json.loads(said(process)) for process in processes]
    assert {(line["complete"], line["rows"]) for line in told} == {(True, 59)}
    assert sorted(line["changed"] for line in told) == [0, 0, 118]
    with sqlite3.connect(tmp_path / "here/own.sqlite3") as own:
        times = own.execute("SELECT started_at, finished_at FROM diagnostics_pass ORDER BY id").fetchall()
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(times))
