"""A reset picked up by a host that does not poll: told by a signed webhook, its worker composes the session."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.actions import perform
from sessions_admin.actions.reset import NAME
from sessions_admin.models import Telling
from sessions_admin.telling.tell import tell
from tests.end_to_end.demo_host import DemoHost, wait_for
from tests.sessions_admin.conftest import planned

SECRET = "only-for-the-tests-of-the-demo-0123456789"


@pytest.mark.django_db
def test_a_reset_that_is_told_of_is_composed_and_one_that_is_not_waits(
    host: DemoHost, settings: Settings, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_WEBHOOK_SECRET", SECRET)
    untold, told = (host.break_("generation.disk_full") for _ in range(2))
    assert untold is not None
    assert told is not None
    with host.serving(settings) as address, host.at_work("--told"):
        reset(untold, cast)
        settings.HOST_PICKUP, settings.HOST_WEBHOOK_SECRET = "webhook", SECRET
        settings.HOST_WEBHOOK_URL = f"{address}/hooks/sessions"
        reset(told, cast)
        assert tell(timezone.now(), threading.Event()) == 1
        wait_for(lambda: host.status(told) == "completed")
    assert host.status(untold) == "pending"
    assert Telling.objects.get().told_at is not None


def reset(session_id: int, cast: dict[str, User]) -> None:
    outcome = perform(NAME, planned(str(session_id)), actor=cast["sam"], reason="a user asked", address="")
    assert outcome.kind == "done"
