"""manage.py doctor: what it says of the generator's processes, and of a heartbeat that was named."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.doctor.check import Result
from diagnostics.doctor.generator import NAME, check_generator
from diagnostics.doctor.host import check_host
from tests.faults.generators import studio_in
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db


def test_it_names_the_generators_that_are_alive(tmp_path: Path, settings: Settings) -> None:
    with studio_in(tmp_path) as studio:
        settings.GENERATOR_PROCESS = studio.pattern
        (nobody,) = check_generator(timezone.now())
        generator = studio.start()
        (somebody,) = check_generator(timezone.now())
    assert (nobody.name, nobody.result, nobody.value) == (NAME, Result.WARNING, "none alive")
    assert "GENERATOR_PROCESS" in nobody.advice
    assert (somebody.result, somebody.value.startswith(f"1 alive: {generator.pid} ")) == (Result.OK, True)


def test_what_cannot_be_read_is_unknown(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GENERATOR_PROCESS = "celery"
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "nowhere"))
    (check,) = check_generator(timezone.now())
    assert check.result is Result.UNKNOWN


def test_without_a_pattern_there_is_nothing_to_check(settings: Settings) -> None:
    settings.GENERATOR_PROCESS = ""
    assert list(check_generator(timezone.now())) == []


def test_a_heartbeat_is_missed_only_where_one_was_named(host_database: HostDatabase, settings: Settings) -> None:
    plain = {check.name: check for check in check_host(timezone.now())}["host.columns"]
    assert "heartbeat_at" not in plain.value
    settings.HOST_COLUMNS = {"heartbeat_at": "beat"}
    named = {check.name: check for check in check_host(timezone.now())}["host.columns"]
    assert "heartbeat_at" in named.value
    assert "from the process list alone" in named.advice
