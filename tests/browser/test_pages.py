"""Every page in both themes and widths, in both languages: axe finds nothing, the console is silent, nothing runs over the edge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from diagnostics.models import Pass
from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Marker
from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, look_at
from tests.diagnostics.rows import (
    HOSTILE,
    complete_pass,
    condition,
    failed_session,
    file_finding,
    finding,
    incident,
    session,
    sharing,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/worker/",
    "/",
    "/sessions/",
    "/sessions/?status=failed&user=7001",
    "/sessions/?user=nobody",
    "/passes/",
    "/file-findings/",
    "/incidents/",
    "/incidents/?state=resolved",
    "/player-errors/",
    "/pause/",
    "/markers/",
    "/report/",
)
LONG = "x" * 250
EVIDENCE = {"source": "record", "fact": "error_message", "value": LONG, "observed_at": None}


@pytest.fixture
def history() -> Pass:
    """A little of everything, with values as long as they come."""
    now = timezone.now()
    for verdict, cause in (("playable", "record.stale_error"), ("unknown", "storage.unavailable"), ("expired", "")):
        finding(session(verdict=verdict, cause=cause, completed_at=now), age=timedelta(days=2))
    session(status="generating", verdict="not_ready", state="generating", progress_percent=41.5)
    finding(failed_session(LONG, user_id=LONG, error_head=HOSTILE, status="failed"), age=timedelta(hours=3))
    failed_session()
    Marker.objects.create(at=now - timedelta(days=7), text=LONG[:200], made_at=now)
    file_finding(f"{LONG}/{HOSTILE}.wav")
    shared = sharing(incident(pk=1, values={"error": f"{LONG} {HOSTILE}"}), 12)
    finding(shared[0], age=timedelta(hours=1), evidence=[EVIDENCE])
    remote: dict[str, Any] = {
        "kind": "host",
        "code": "path.remote",
        "verdict": "unknown",
        "values": {"host": "cdn.example.cn"},
    }
    incident(pk=2, resolved_at=now, seen_at=now, sessions=0, **remote)
    incident(pk=3, times_opened=2, **remote)
    condition("storage.listing_incomplete", folder=LONG, error="EACCES")
    Pass.objects.create(started_at=now, heartbeat_at=now, done=4, total=9)
    made = complete_pass(
        by_verdict={"playable": 3}, by_cause={"file.deleted": 1}, listing_errors=[[LONG, "EACCES"]], notes=[LONG]
    )
    make_snapshot(now)
    return made


@in_every_dress
def test_axe_finds_nothing_and_the_console_is_silent(visit: Open, history: Pass, *, width: int, language: str) -> None:
    window = visit(width=width, language=language)
    for path in (*PAGES, "/incidents/1/", "/incidents/2/", "/incidents/3/", f"/passes/{history.pk}/"):
        look_at(window, path, width)
    assert window.complaints == []


def test_the_login_and_the_refusal_are_well_too(visit: Open, history: Pass) -> None:
    look_at(visit(""), "/login/?next=/sessions/", 1440)
    window = visit("max")
    look_at(window, "/sessions/", 1440)
    look_at(window, "/", 1440)
