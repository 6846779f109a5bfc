"""manage.py doctor: what it says of the host's parts that are on."""

from __future__ import annotations

import shlex
import sys

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.doctor import CHECKS
from diagnostics.doctor.check import Check, Result
from diagnostics.doctor.parts import ADVICE, check_parts
from diagnostics.domain.parts import PARTS
from diagnostics.models import PartSample
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db
TOKEN = "tok_5f1e9c7ab2d84e"


def checked() -> dict[str, Check]:
    return {check.name: check for check in check_parts(timezone.now())}


def test_it_is_silent_where_no_part_is_on(host_database: HostDatabase) -> None:
    assert checked() == {}
    assert check_parts in CHECKS


def test_each_part_that_is_on_is_asked_once_and_nothing_is_kept(
    host_database: HostDatabase, settings: Settings
) -> None:
    settings.ENGINE_COMMAND = "true"
    settings.WATCH_HOST_DATABASE = settings.WATCH_AUDIO_MOUNT = True
    settings.HOST_CACHE_URL = settings.HOST_BROKER_URL = "redis://127.0.0.1:1/0"
    found = checked()
    results = {name: check.result for name, check in found.items()}
    assert results == {
        "part.engine": Result.OK, "part.database": Result.OK, "part.mount": Result.OK,
        "part.cache": Result.ERROR, "part.broker": Result.ERROR,
    }  # fmt: skip
    assert found["part.cache"].value.startswith("It refuses connections")
    assert "HOST_CACHE_URL" in found["part.cache"].advice
    assert "HOST_BROKER_URL" in found["part.broker"].advice
    assert PartSample.objects.count() == 0


def test_an_engine_that_fails_is_told_with_its_words_and_without_its_secrets(settings: Settings) -> None:
    script = f"import sys; sys.exit('no licence: token={TOKEN}')"
    settings.ENGINE_COMMAND = shlex.join([sys.executable, "-c", script])
    check = checked()["part.engine"]
    assert (check.result, "no licence" in check.value, TOKEN in check.value) == (Result.ERROR, True, False)


def test_a_command_that_is_not_there_is_a_matter_of_the_settings(settings: Settings) -> None:
    settings.ENGINE_COMMAND = "/nowhere/engine"
    assert "Mend ENGINE_COMMAND" in checked()["part.engine"].advice


def test_every_part_has_its_advice() -> None:
    assert set(ADVICE) == set(PARTS)
