"""The scene, for tests of the live examination."""

from __future__ import annotations

from tests.examine.asked import api, asked
from tests.reconcile.conftest import scene, scene_on_each_engine

__all__ = ["api", "asked", "scene", "scene_on_each_engine"]
