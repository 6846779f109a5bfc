"""The demo host's own server answers for its sessions: it tells what its rows say, and what is broken stays what it is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from diagnostics.domain.chain import Check, chain
from diagnostics.examine import Examination, examine
from diagnostics.probes.databases import connect
from tests.api_host import closed_port
from tests.end_to_end.demo_host import COMMAND, REPOSITORY, DemoHost, wait_for

pytestmark = pytest.mark.django_db
OF_ROWS = (
    "path.missing",
    "delivery.wrong_url",
    "generation.disk_full",
    "record.half_committed",
    "record.unknown_status",
)


@pytest.fixture
def served(host: DemoHost, settings: Settings) -> Iterator[DemoHost]:
    port = str(closed_port())
    settings.HOST_API_URL = settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{port}"
    command = [*COMMAND, "server", "--port", port]
    process = subprocess.Popen(command, env=host.environment, cwd=REPOSITORY)
    try:
        wait_for(lambda: not examine("1").problems)
        yield host
    finally:
        process.terminate()
        process.wait(15)


def keys(host: DemoHost) -> list[str]:
    with connect(host.database_url, read_only=True, timeout_seconds=5) as connection:
        return [str(key) for (key,) in connection.rows("SELECT session_id FROM long_sequence_sessions")]


def answer(found: Examination) -> Check:
    assert found.diagnosis is not None
    assert found.evidence is not None
    steps = chain(found.evidence, found.diagnosis)
    return next(check for step in steps for check in step.checks if check.name == "record.answer")


def test_it_tells_what_every_row_of_its_history_says(served: DemoHost) -> None:
    found = {key: answer(examine(key)).result for key in keys(served)}
    assert len(found) > 50
    assert {key: result for key, result in found.items() if result != "ok"} == {}


@pytest.mark.parametrize("code", OF_ROWS)
def test_a_fault_of_the_row_is_told_alike(served: DemoHost, code: str) -> None:
    key = served.break_(code)
    found = examine(str(key))
    assert found.diagnosis is not None
    assert (found.diagnosis.cause, answer(found).result) == (code, "ok")
