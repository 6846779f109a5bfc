"""Channels, episodes and receivers for the tests of notifications, and a worker that works on them once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from diagnostics.models import Episode
from sessions_admin.alerting import outbox, sending
from sessions_admin.alerting.grouping import group
from sessions_admin.models import Channel, Notification
from tests.servers.hook_receiver import SECRET, Receiver


def channel(target: str, kind: str = "webhook", **values: object) -> Channel:
    told: dict[str, Any] = {
        "name": f"channel {Channel.objects.count() + 1}", "kind": kind, "target": target, "secret": SECRET,
        "made_at": timezone.now(), "made_by": "ada", **values,
    }  # fmt: skip
    return Channel.objects.create(**told)


def episode(rule: str = "success_rate", subject: str = "", *, at: datetime | None = None, **values: object) -> Episode:
    """One that fired a minute ago, so that nothing waits for its group any more."""
    fired_at = at or timezone.now() - timedelta(minutes=1)
    told: dict[str, Any] = {
        "rule": rule, "subject": subject, "begun_at": fired_at - timedelta(minutes=2), "fired_at": fired_at,
        "peak": 81.2, "last_value": 85.25, "sessions": 12, "users": 5, **values,
    }  # fmt: skip
    return Episode.objects.create(**told)


def ends(one: Episode, at: datetime | None = None) -> None:
    Episode.objects.filter(pk=one.pk).update(ended_at=at or timezone.now())


def work(at: datetime | None = None) -> int:
    """Group as at a time (now), make everything due, and send it."""
    group(at or timezone.now(), threading.Event())
    return send()


def send() -> int:
    outbox.waiting().filter(claimed_until=None).update(next_at=timezone.now())
    return sending.notify(timezone.now(), threading.Event())


def until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    ends_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends_at, "it did not come to that"
        time.sleep(0.02)


def only() -> Notification:
    return Notification.objects.get()


def states(receiver: Receiver) -> list[list[str]]:
    """What each message that came said of its episodes."""
    return [[alert["state"] for alert in event["alerts"]] for event in receiver.events]


@contextmanager
def nothing_left_under_way() -> Iterator[None]:
    """What one test left hanging must not count in the next."""
    sending._under_way.clear()
    yield
    sending._under_way.clear()
