"""A pass while it runs: one at a time, with a heartbeat, progress for the pages, and a way to stop it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from diagnostics.models import Pass, RecurringTask

LOCK = "pass.lock"
LEASE_SECONDS = 45
BEAT_SECONDS = 2.0


class PassRunningError(Exception):
    """Another pass is running, and did not end in the time that one was willing to wait."""


class PassStoppedError(Exception):
    """The pass was asked to stop, or lost its turn to another."""


@dataclass(slots=True)
class Running:
    """One running pass: `beat()` often; it saves progress at most once a second, and ends the pass when told to stop."""

    row: Pass
    holder: str
    stop: threading.Event | None = None
    progress: Callable[[Pass], None] | None = None
    clock: Callable[[], datetime] = timezone.now
    _beaten: float = field(default=0.0)

    def enter(self, phase: str, total: int | None = None) -> None:
        self.row.phase, self.row.total, self.row.done = phase, total, 0
        self._beaten = 0.0
        self.beat()

    def beat(self, done: int = 0) -> None:
        self.row.done += done
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        self._beaten = time.monotonic()
        if self.stop is not None and self.stop.is_set():
            raise PassStoppedError
        self.row.heartbeat_at = timezone.now()
        self.row.save(update_fields=["phase", "done", "total", "heartbeat_at"])
        if not _renew(self.holder):  # it was silent for longer than its lease: another pass may be at work
            raise PassStoppedError
        if self.progress:
            self.progress(self.row)


def take_turn(wait_seconds: float) -> str:
    """Wait for the right to run a pass and return its holder. Raises PassRunningError after `wait_seconds`."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    RecurringTask.objects.get_or_create(name=LOCK, defaults={"next_at": timezone.now()})
    ends = time.monotonic() + wait_seconds
    while not _acquire(holder):
        if time.monotonic() >= ends:
            raise PassRunningError("Another pass is running; wait for it to end.")
        time.sleep(0.2)
    Pass.objects.filter(outcome=Pass.Outcome.RUNNING).update(
        outcome=Pass.Outcome.INTERRUPTED, finished_at=timezone.now(), error="It ended without a word."
    )
    return holder


def end_turn(holder: str) -> None:
    RecurringTask.objects.filter(name=LOCK, holder=holder).update(holder="", lease_until=None)


def _acquire(holder: str) -> bool:
    now = timezone.now()
    free = RecurringTask.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), name=LOCK)
    return free.update(holder=holder, lease_until=now + timedelta(seconds=LEASE_SECONDS)) == 1


def _renew(holder: str) -> bool:
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    return RecurringTask.objects.filter(name=LOCK, holder=holder).update(lease_until=until) == 1
