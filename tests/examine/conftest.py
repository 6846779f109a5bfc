"""The scene, for tests of the live examination."""

from __future__ import annotations

from tests.reconcile.conftest import scene, scene_on_each_engine

__all__ = ["scene", "scene_on_each_engine"]
