"""The demo's other ways to fail, as the dashboard sees them: by an exit code, by a sample of the disk, or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics import sampling
from diagnostics.domain import wording
from diagnostics.examine import examine
from diagnostics.models import SessionEntry
from diagnostics.reconcile import run_pass
from tests.end_to_end.demo_host import DemoHost

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_host(tmp_path: Path, settings: Settings) -> Iterator[DemoHost]:
    """A demo host on a small disk of its own. This needs root, which CI has."""
    mounting = ["mount", "-t", "tmpfs", "-o", "size=400m", "demo", str(tmp_path)]
    done = subprocess.run(mounting, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"a file system can be mounted by root only (CI runs this test): {done.stderr.strip()}")
    try:
        host = DemoHost(tmp_path / "host")
        host.do("setup", "--sessions", "20")
        host.connect_dashboard(settings)
        yield host
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def cause_of(session_id: int | None) -> tuple[str, str]:
    assert run_pass(wait_seconds=5).outcome == "complete"
    entry = SessionEntry.objects.get(key=str(session_id))
    live = examine(str(session_id)).diagnosis
    assert live is not None
    assert (live.cause or "") == entry.cause
    return entry.cause, entry.confidence


def test_a_full_disk_without_a_message_is_seen_by_its_sample_alone(small_host: DemoHost, sam: Client) -> None:
    session_id = small_host.break_("generation.disk_full:silent")
    assert cause_of(session_id) == ("generation.unexplained", "certain")
    sampling.take_sample(timezone.now())
    assert cause_of(session_id) == ("generation.disk_full", "possible")
    page = sam.get(f"/sessions/{session_id}?examine=1").content.decode()
    assert wording.title("generation.disk_full", "en") in page
    assert "disk used" in page
    small_host.mend()
    assert cause_of(session_id)[0] == ""


@pytest.mark.parametrize("name", ["generation.out_of_memory:killed", "generation.unexplained:killed"])
def test_a_killed_worker_is_known_by_its_exit_code_or_not_at_all(small_host: DemoHost, name: str) -> None:
    session_id = small_host.break_(name)
    sampling.take_sample(timezone.now())
    assert cause_of(session_id) == (name.partition(":")[0], "certain")
    small_host.mend()
    assert cause_of(session_id)[0] == ""
