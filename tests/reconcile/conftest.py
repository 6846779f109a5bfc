"""The scene of the tests of the pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as configured

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
