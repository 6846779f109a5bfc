"""A receiver to which the settings point, and a way to let time go by for what waits in the outbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import Telling
from sessions_admin.telling.tell import tell
from tests.servers.hook_receiver import SECRET, Receiver, hook_receiver
from tests.sessions_admin.runs.conftest import begin

__all__ = ["begin"]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with hook_receiver() as receiver:
        settings.HOST_PICKUP = "webhook"
        settings.HOST_WEBHOOK_URL, settings.HOST_WEBHOOK_SECRET = receiver.url, SECRET
        yield receiver


def told() -> int:
    """Let the worker tell what is due now."""
    return tell(timezone.now(), threading.Event())


def told_later() -> Telling:
    """Let it tell the one that waits, as if its time had come, and return how that stands then."""
    Telling.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    told()
    return Telling.objects.get()
