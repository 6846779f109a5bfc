"""The scene, for faults that are made for real."""

from __future__ import annotations

from tests.reconcile.conftest import scene, scene_on_each_engine

__all__ = ["scene", "scene_on_each_engine"]
