"""Sessions of the past with their files, and what is said of one that is looked at now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta

from diagnostics.domain import wording
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.examine import examine
from tests.reconcile.scene import Scene

OLD, YOUNG = range(1, 31), range(101, 111)


def people(scene: Scene) -> Scene:
    """Thirty sessions of two months ago and ten of this week, seen by a pass."""
    aged(scene, OLD, days=60)
    aged(scene, YOUNG, days=3)
    scene.run()
    scene.later(minutes=5)
    return scene


def aged(scene: Scene, keys: Iterable[int], *, days: float) -> None:
    """Completed sessions with their files, all of them so old, each an hour older than the one before."""
    for number, key in enumerate(keys):
        ago = timedelta(days=days, hours=number)
        made, done = scene.text(ago=ago + timedelta(minutes=10)), scene.text(ago=ago)
        scene.row(key, created_at=made, updated_at=done, completed_at=done)
        scene.file(scene.name(key), ago=ago)


def delete(scene: Scene, *keys: int) -> None:
    for key in keys:
        (scene.root / scene.name(key)).unlink()


def live(scene: Scene, key: int) -> Diagnosis:
    diagnosis = examine(str(key), clock=lambda: scene.now).diagnosis
    assert diagnosis is not None
    return diagnosis


def told(scene: Scene, key: int, language: str = "en") -> str:
    return wording.summary(live(scene, key), language, scene.now.tzinfo or UTC)
