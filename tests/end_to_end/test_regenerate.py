"""A spoiled piece of the demo host is composed again: from the fault by plan and run to audio that plays, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django import Settings

from diagnostics.examine import examine
from diagnostics.models import Pass, SessionEntry
from diagnostics.reconcile import run_pass
from sessions_admin.models import AuditEntry, HeldFile
from tests.end_to_end.demo_host import DemoHost, set_up, wait_for

pytestmark = pytest.mark.django_db

SESSIONS = 6


@pytest.fixture
def host(settings: Settings) -> Iterator[DemoHost]:
    with set_up(SESSIONS) as made:
        made.connect_dashboard(settings)
        settings.QUARANTINE_ROOT = str(made.audio / ".quarantine")
        yield made


def take_pass() -> None:
    assert run_pass().outcome == Pass.Outcome.COMPLETE


def test_a_spoiled_piece_is_composed_again_and_plays(host: DemoHost, cast: dict[str, User]) -> None:
    session_id = host.break_("file.corrupt")
    assert session_id is not None
    take_pass()
    assert SessionEntry.objects.get(key=str(session_id)).cause == "file.corrupt"
    told = ("--actor", "eve", "--reason", "the proxy's error page was saved, ticket 4712")
    call_command("act", "regenerate", "--filter", "cause=file.corrupt", *told, "--yes")
    assert host.status(session_id) == "pending"
    with host.at_work():
        wait_for(lambda: host.status(session_id) == "completed")
    take_pass()
    entry = SessionEntry.objects.get(key=str(session_id))
    assert (entry.verdict, entry.cause, entry.is_whole) == ("playable", "", True)
    live = examine(str(session_id)).diagnosis
    assert live is not None
    assert (live.verdict, live.cause) == ("playable", None)
    held = HeldFile.objects.get(session=str(session_id))
    kept = host.audio / ".quarantine" / held.operation / str(held.number) / "file"
    assert b"<html" in kept.read_bytes()[:200].lower()
    intent = AuditEntry.objects.get(action="regenerate", session=str(session_id), is_intent=True)
    assert intent.before is not None
    assert intent.before["final_file_path"].endswith(held.shown_path)
