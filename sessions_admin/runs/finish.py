"""Carries a run to its end from the shell: here, or by waiting for the worker that is at it already."""

from __future__ import annotations

import threading
import time

from django.utils import timezone

from sessions_admin.models import Run
from sessions_admin.worker import leases
from sessions_admin.worker.recurring import schedule
from sessions_admin.worker.run import run as work

LOOK_SECONDS = 0.5


def carry_to_end(run: Run) -> None:
    """Return when the run is over, as it stands then; one that waits for a second person is never begun here."""
    (task,) = (task for task in schedule() if task.name == "runs")
    leases.prepare((task,), timezone.now())
    holder = leases.new_holder()
    while not run.is_over and run.state != Run.State.ASKED:
        if leases.claim(task.name, holder, timezone.now(), is_due_only=False):
            work(task, holder, threading.Event())
        run.refresh_from_db()
        if not run.is_over:
            time.sleep(LOOK_SECONDS)
