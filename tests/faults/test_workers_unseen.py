"""Generating sessions whose files nobody can look at: not called broken, and what was called so is not called mended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.faults.generators import Studio
from tests.faults.test_workers import called, composing, stop, studio
from tests.reconcile.scene import Scene

__all__ = ["studio"]

pytestmark = pytest.mark.django_db


def test_a_file_that_grew_before_its_store_went_away_is_remembered(scene: Scene, studio: Studio) -> None:
    """Nobody can see whether it grows on: what could not be checked is never called broken."""
    generator = composing(scene, studio)
    stop(generator)
    scene.now = timezone.now()
    scene.run()
    scene.root.rename(scene.root.with_name("away"))
    assert called(scene).state == "generating"
    scene.later(minutes=16)
    assert called(scene).state == "generating"
    scene.root.with_name("away").rename(scene.root)
    assert called(scene).cause == "worker.stalled"


def test_a_stalled_session_is_not_called_mended_while_its_store_is_away(scene: Scene, studio: Studio) -> None:
    stop(composing(scene, studio))
    scene.now = timezone.now() + timedelta(minutes=16)
    assert called(scene).cause == "worker.stalled"
    opened_at = scene.entry(1).findings.get(code="worker.stalled").opened_at
    scene.root.rename(scene.root.with_name("away"))
    scene.later(minutes=5)
    scene.run()
    assert (scene.entry(1).state, scene.codes(1)) == ("generating", {"worker.stalled"})
    scene.root.with_name("away").rename(scene.root)
    scene.later(minutes=5)
    assert called(scene).cause == "worker.stalled"
    found = scene.entry(1).findings.get(code="worker.stalled")
    assert (found.opened_at, found.times_opened, found.resolved_at) == (opened_at, 1, None)
