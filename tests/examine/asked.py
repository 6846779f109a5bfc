"""A scene whose host has an API that a test lets answer, and what a live examination made of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Finding
from diagnostics.examine import Examination, examine
from tests.api_host import ApiHost, Reply, api_host, told
from tests.reconcile.scene import PREFIX, Scene, wav_bytes

CODE = "record.api_disagrees"
SIZE = len(wav_bytes())
HANGS = Reply(hangs=True)


@pytest.fixture
def api() -> Iterator[ApiHost]:
    with api_host(HANGS) as host:
        yield host


@pytest.fixture
def asked(scene: Scene, api: ApiHost, settings: Settings) -> Scene:
    """A session in order and one that is being generated; the API tells of the first what its row says."""
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1)
    scene.pending(2, ago=timedelta(minutes=2), status="generating", progress=10)
    settings.HOST_API_URL = api.url
    replies(api, row(scene))
    return scene


def row(scene: Scene, **changes: object) -> Reply:
    same = {
        "status": "completed",
        "final_file_path": f"{PREFIX}{scene.name(1)}",
        "final_file_size": SIZE,
        "error_message": None,
    }
    return told(**{**same, **changes})


def replies(api: ApiHost, *given: Reply) -> None:
    """The API's answers, one after the other; the last one stays."""
    left = list(given)
    api.reply = lambda _path: left.pop(0) if len(left) > 1 else left[0]


def quickly(key: str = "1") -> Examination:
    begun = time.monotonic()
    found = examine(key)
    assert time.monotonic() - begun < 6
    assert found.diagnosis is not None
    return found


def finding(found: Examination) -> Finding | None:
    assert found.diagnosis is not None
    return next((one for one in found.diagnosis.findings if one.code == CODE), None)


def check(found: Examination) -> Check:
    assert found.diagnosis is not None
    assert found.evidence is not None
    steps = chain(found.evidence, found.diagnosis)
    return next(one for step in steps for one in step.checks if one.name == "record.answer")


def told_of(found: Examination) -> tuple[str, str | None]:
    assert found.diagnosis is not None
    return str(found.diagnosis.verdict), found.diagnosis.cause
