"""A reset picked up by a host that does not poll: told by a signed webhook, its worker composes the session."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from demo import clock, table
from demo.place import Place
from sessions_admin.actions import perform
from sessions_admin.actions.reset import NAME
from sessions_admin.models import Telling
from sessions_admin.telling.tell import tell
from tests.end_to_end.demo_host import DemoHost, wait_for
from tests.sessions_admin.conftest import planned

SECRET = "only-for-the-tests-of-the-demo-0123456789"


@pytest.mark.django_db
def test_a_reset_that_is_told_of_is_composed_and_one_that_is_not_waits(
    tmp_path: Path, settings: Settings, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_WEBHOOK_SECRET", SECRET)
    host, (untold, told) = DemoHost(tmp_path), two_failed(Place(tmp_path))
    host.connect_dashboard(settings)
    with host.serving(settings) as address, host.at_work("--told"):
        reset(untold, cast)
        settings.HOST_PICKUP, settings.HOST_WEBHOOK_SECRET = "webhook", SECRET
        settings.HOST_WEBHOOK_URL = f"{address}/hooks/sessions"
        reset(told, cast)
        assert tell(timezone.now(), threading.Event()) == 1
        wait_for(lambda: host.status(told) == "completed")
    assert host.status(untold) == "pending"
    assert Telling.objects.get().told_at is not None


def two_failed(place: Place) -> list[int]:
    """Make a demo host that is nothing but its table, with two sessions that failed."""
    place.make_folders()
    table.create(place)
    asked = table.as_requested(table.Request(1003, 3000, minutes=1), clock.now())
    with table.writing(place) as database:
        return [table.insert(database, {**asked, "status": "failed", "error_message": "x"}) for _ in range(2)]


def reset(session_id: int, cast: dict[str, User]) -> None:
    outcome = perform(NAME, planned(str(session_id)), actor=cast["sam"], reason="a user asked", address="")
    assert outcome.kind == "done"
