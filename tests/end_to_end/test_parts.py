"""The parts behind the demo host, probed as the worker probes them: broken on demand, seen, and well again when mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.local import engine_command
from diagnostics.domain.parts import DATABASE, ENGINE
from diagnostics.examine import examine
from diagnostics.models import PartSample
from diagnostics.parts import take_part_samples
from diagnostics.reconcile import run_pass
from tests.end_to_end.demo_host import DemoHost

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def watched(host: DemoHost, settings: Settings) -> None:
    """As `make run` has it."""
    settings.ENGINE_COMMAND = engine_command(host.root)
    settings.ENGINE_SECONDS = 3.0
    settings.WATCH_HOST_DATABASE = True


def probed() -> dict[str, PartSample]:
    return {sample.part: sample for sample in take_part_samples(timezone.now())}


@pytest.mark.parametrize(
    ("name", "problem"),
    [("part.engine", "exit_code"), ("part.engine:hang", "timeout"), ("part.engine:leaks", "exit_code")],
)
def test_an_engine_that_fails_is_seen(host: DemoHost, eve: Client, name: str, problem: str) -> None:
    assert probed()[ENGINE].state == "up"
    host.break_(name)
    found = probed()[ENGINE]
    assert (found.state, found.problem) == ("down", problem)
    assert "token=" not in found.detail or "token=…" in found.detail
    if problem == "exit_code":
        assert "demo_studio_engine" in found.detail
    assert eve.get("/resources/").status_code == 200
    host.mend()
    assert probed()[ENGINE].state == "up"


def test_a_database_that_is_held_is_seen(host: DemoHost) -> None:
    assert probed()[DATABASE].state == "up"
    host.break_("part.database")
    found = probed()[DATABASE]
    assert (found.state, found.problem) == ("impaired", "locked")
    holder = Path(host.root, "control", "holder.pid").read_text().split()[0]
    assert f"process {holder}" in found.detail
    host.mend()
    assert probed()[DATABASE].state == "up"


def test_a_session_that_died_of_it_without_a_word_is_explained_by_the_sample(host: DemoHost) -> None:
    session_id = host.break_("generation.dependency_down:silent")
    assert cause_of(session_id) == "generation.unexplained"
    probed()
    assert cause_of(session_id) == "generation.dependency_down"


def cause_of(session_id: int | None) -> str:
    assert run_pass(wait_seconds=5).outcome == "complete"
    found = examine(str(session_id)).diagnosis
    assert found is not None
    return found.cause or ""
