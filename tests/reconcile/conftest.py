"""The scene of the tests of the pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.utils import timezone
from pytest_django import Settings

from tests.delivering_host import Delivery, delivering_files
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene


@pytest.fixture
def scene(db: None, host_database: HostDatabase) -> Scene:
    """A host on SQLite with an empty table and an empty audio folder."""
    return Scene(host_database, Path(configured.AUDIO_ROOT))


@pytest.fixture
def scene_on_each_engine(db: None, host_on_each_engine: HostDatabase) -> Scene:
    """The same on SQLite, PostgreSQL and MariaDB, one after the other."""
    return Scene(host_on_each_engine, Path(configured.AUDIO_ROOT))


@pytest.fixture
def delivery(scene: Scene, settings: Settings) -> Iterator[Delivery]:
    """A web server that delivers the scene's files, as of now."""
    scene.now = timezone.now().replace(microsecond=0)
    with delivering_files(scene.root, settings) as served:
        yield served
