"""A desk whose rules are all well."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.alerts.scene import Desk


@pytest.fixture
def desk(db: None, settings: Settings, tmp_path: Path) -> Desk:
    settings.AUDIO_ROOT = str(tmp_path)
    settings.ALERT_PING_URL = ""
    return Desk()
