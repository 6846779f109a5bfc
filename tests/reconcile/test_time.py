"""What time alone changes: the pass comes back to a session when its time has come, though nothing else did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.reconcile.scene import PREFIX, Scene, timeline

pytestmark = pytest.mark.django_db


def test_settling_ends(scene: Scene) -> None:
    scene.session(9)
    scene.row(1, updated_at=scene.text(ago=timedelta(seconds=20)))
    scene.run()
    assert (scene.entry(1).state, scene.codes(1)) == ("settling", set())
    scene.later(seconds=39)
    scene.run()
    assert scene.entry(1).state == "settling"
    scene.later(seconds=2)
    row = scene.run()
    assert (row.changed, scene.entry(1).state, scene.cause(1)) == (0, "faulty", "file.never_written")


def test_a_finding_is_not_over_because_its_row_was_touched(scene: Scene) -> None:
    scene.session(9)
    scene.row(1)
    scene.run()
    scene.host.update(1, updated_at=scene.text())
    scene.run()
    assert (scene.entry(1).state, scene.codes(1)) == ("settling", {"file.never_written"})
    scene.later(minutes=2)
    scene.run()
    assert (scene.cause(1), scene.codes(1)) == ("file.never_written", {"file.never_written"})


def test_a_pending_session_passes_its_limit(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=timedelta(seconds=590))
    scene.run()
    assert scene.entry(1).state == "waiting"
    scene.later(seconds=11)
    scene.run()
    assert (scene.cause(1), scene.entry(1).verdict) == ("worker.not_picked_up", "broken")
    assert timeline(1) == [("pending", "waiting", ""), ("pending", "faulty", "worker.not_picked_up")]


def test_it_goes_on_waiting_while_the_queue_moves(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=timedelta(minutes=30), status="generating", progress=10)
    scene.host.update(1, updated_at=scene.text(ago=timedelta(seconds=5)))
    scene.pending(2, ago=timedelta(minutes=20))
    scene.run()
    assert scene.entry(2).state == "waiting"
    scene.later(minutes=16)
    scene.run()
    assert (scene.cause(1), scene.cause(2)) == ("worker.stalled", "worker.not_picked_up")


def test_a_generating_session_stalls_unless_its_file_grows(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=timedelta(minutes=10), status="generating", progress=10)
    scene.run()
    for _ in range(3):
        scene.later(minutes=10)
        scene.file(f"{scene.name(1)}.part", b"RIFF" * 100, ago=timedelta(seconds=3))
        scene.run()
        assert scene.entry(1).state == "generating"
    scene.later(minutes=16)
    scene.run()
    assert scene.cause(1) == "worker.stalled"


def test_a_file_older_than_the_retention_is_expired_in_time(scene: Scene, settings: Settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=1.0)
    scene.session(9)
    path = scene.session(1)
    scene.run()
    path.unlink()
    scene.run()
    assert scene.cause(1) == "file.deleted"
    scene.later(days=1)
    row = scene.run()
    assert (row.changed, scene.entry(1).verdict, scene.codes(1)) == (0, "expired", set())


def test_a_time_in_the_future_stops_being_one(scene: Scene) -> None:
    scene.session(
        1, created_at=scene.text(ago=timedelta(minutes=-10)), updated_at=scene.text(ago=timedelta(minutes=-10))
    )
    scene.run()
    assert "record.time_disorder" in scene.codes(1)
    scene.later(minutes=11)
    row = scene.run()
    assert (row.changed, "record.time_disorder" in scene.codes(1)) == (0, False)


def test_a_signed_link_ends(scene: Scene) -> None:
    scene.session(9)
    ends = int(scene.now.timestamp()) + 3600
    scene.row(1, final_file_path=f"https://cdn.example.cn/a.wav?e={ends}&token=x")
    scene.run()
    assert scene.cause(1) == "path.remote"
    scene.later(minutes=61)
    row = scene.run()
    assert (row.changed, scene.cause(1)) == (0, "delivery.link_expired")


def test_a_signed_link_to_our_own_server_ends(scene: Scene, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://app.example.cn"
    ends = int(scene.now.timestamp()) + 3600
    scene.session(1, final_file_path=f"https://app.example.cn{PREFIX}{scene.name(1)}?e={ends}&token=x")
    scene.run()
    assert scene.entry(1).verdict == "playable"
    scene.later(minutes=61)
    scene.run()
    assert scene.cause(1) == "delivery.link_expired"
