"""A host that writes its local time without saying so, through a real pass: eight hours off is an error, and never well."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from diagnostics.alerts.rounds import look_at_rules
from tests.alerts.scene import HOUR, MINUTE, state
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene


@pytest.fixture
def shanghai(db: None, host_database: HostDatabase, settings: Settings) -> Scene:
    """Six sessions that failed ten minutes ago, by the clock on the wall of Shanghai."""
    settings.ALERT_PING_URL = ""
    scene = Scene(host_database, Path(configured.AUDIO_ROOT))
    for key in range(6):
        begun, failed = scene.text(ago=HOUR / 2 - timedelta(hours=8)), scene.text(ago=10 * MINUTE - timedelta(hours=8))
        scene.row(
            key, status="failed", error_message="boom", created_at=begun, updated_at=failed, completed_at=None,
            final_file_path=None,
        )  # fmt: skip
    return scene


def test_read_as_what_it_is_the_failures_fire(shanghai: Scene, settings: Settings) -> None:
    settings.HOST_TIME_ZONE = "Asia/Shanghai"
    shanghai.run()
    look_at_rules(shanghai.now, threading.Event())
    assert (state("failures").state, state("failures").value) == ("firing", 6)


def test_read_as_utc_the_rules_over_time_are_errors(shanghai: Scene, settings: Settings) -> None:
    settings.HOST_TIME_ZONE = "UTC"
    shanghai.run()
    look_at_rules(shanghai.now, threading.Event())
    for rule in ("success_rate", "generation_time", "failures", "queue_still"):
        assert (state(rule).state, state(rule).problem) == ("error", "clock_skew")
