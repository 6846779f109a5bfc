"""A host that writes its generator's heartbeat into the row: a sign of life beside the process list, on each engine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.facts import Confidence
from tests.faults.generators import Studio, studio_in
from tests.faults.test_workers import HOURS_AGO, called, told
from tests.host_database import COLUMNS
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
BEATING = COLUMNS.rstrip() + ", heartbeat_at {moment}"
NOBODY = "nothing runs under this name"


def with_heartbeat(scene: Scene, ago: timedelta | None) -> Scene:
    """A session untouched for hours, of which only the heartbeat says anything."""
    scene.now = timezone.now()
    scene.session(9)
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    scene.host.update(1, heartbeat_at=None if ago is None else scene.text(ago=ago))
    return scene


@pytest.fixture
def beating(scene: Scene) -> Scene:
    scene.host.create_table(BEATING)
    return scene


def test_it_is_read_on_each_engine(scene_on_each_engine: Scene) -> None:
    scene_on_each_engine.host.create_table(BEATING)
    scene = with_heartbeat(scene_on_each_engine, timedelta(seconds=20))
    alive = called(scene)
    assert (alive.cause, alive.findings[0].values["generator"]) == ("worker.stalled", "beating")
    scene.host.update(1, heartbeat_at=scene.text(ago=timedelta(minutes=16)))
    dead = called(scene)
    assert (dead.cause, dead.confidence) == ("worker.crashed", Confidence.LIKELY)
    assert dead.findings[0].values["heartbeat_at"] == scene.now.replace(microsecond=0) - timedelta(minutes=16)
    assert "T" in told(dead)["heartbeat"]


def test_a_beat_is_life_and_not_movement(beating: Scene) -> None:
    """What moves is updated_at, progress or the file: a worker that hangs may well beat on."""
    scene = with_heartbeat(beating, timedelta(seconds=5))
    for _ in range(2):
        assert called(scene).cause == "worker.stalled"
        scene.later(minutes=20)
        scene.host.update(1, heartbeat_at=scene.text())


@pytest.mark.parametrize("ago", [None, timedelta(hours=-2)])
def test_no_beat_yet_and_a_beat_from_the_future_say_nothing(
    beating: Scene, settings: Settings, ago: timedelta | None
) -> None:
    scene = with_heartbeat(beating, ago)
    assert called(scene).cause == "worker.stalled"
    settings.GENERATOR_PROCESS = NOBODY
    assert called(scene).cause == "worker.crashed"


def test_either_sign_of_life_is_one(beating: Scene, settings: Settings) -> None:
    scene = with_heartbeat(beating, timedelta(hours=2))
    with studio_in(scene.root) as studio:
        settings.GENERATOR_PROCESS = alive_elsewhere(studio)
        assert called(scene).cause == "worker.stalled"
        settings.GENERATOR_PROCESS = NOBODY
        assert called(scene).cause == "worker.crashed"
        scene.host.update(1, heartbeat_at=scene.text())
        assert called(scene).cause == "worker.stalled"


def alive_elsewhere(studio: Studio) -> str:
    studio.start("another.tmp")
    return studio.pattern


def test_a_column_of_another_name_is_mapped(scene: Scene, settings: Settings) -> None:
    scene.host.create_table(BEATING.replace("heartbeat_at", "beat"))
    settings.HOST_COLUMNS = {"heartbeat_at": "beat"}
    scene.now = timezone.now()
    scene.session(9)
    scene.pending(1, ago=HOURS_AGO, status="generating", progress=10)
    scene.host.update(1, beat=scene.text(ago=timedelta(hours=1)))
    assert called(scene).cause == "worker.crashed"


def test_only_a_column_that_was_named_is_missed(scene: Scene, settings: Settings) -> None:
    missed = "no column heartbeat_at: what depends on it is not checked"
    scene.session(9)
    assert missed not in scene.run().notes
    settings.HOST_COLUMNS = {"heartbeat_at": "beat"}
    assert missed in scene.run().notes
