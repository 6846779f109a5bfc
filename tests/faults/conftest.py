"""The scene, for faults that are produced for real; and two sessions in it whose files may be listened to."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.corpus.wavs import WHOLE
from tests.reconcile.conftest import scene, scene_on_each_engine
from tests.reconcile.scene import Scene

__all__ = ["scene", "scene_on_each_engine"]


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Session 1 plays, and so does its neighbour 2; both have been there for a while."""
    scene.now = timezone.now().replace(microsecond=0)
    for key in (1, 2):
        scene.row(key, final_file_size=len(WHOLE))
        scene.file(scene.name(key), WHOLE)
    return scene
