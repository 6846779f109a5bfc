"""Runs one task under its lease: renewed while it works, with its end noted, whatever that is."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from sessions_admin.worker import leases
from sessions_admin.worker.recurring import Recurring

TICK_SECONDS = 0.2
WORTH_A_LINE_SECONDS = 1.0
logger = logging.getLogger(__name__)


def run(task: Recurring, holder: str, shutdown: threading.Event) -> str:
    """Run a task whose lease we hold; return the error's text, or "". Raises DatabaseError where the end can't be noted."""
    started, error = timezone.now(), ""
    stop, is_over = threading.Event(), threading.Event()
    keeper = threading.Thread(target=_keep, args=(task.name, holder, stop, is_over, shutdown), daemon=True)
    keeper.start()
    try:
        task.call(stop)
    except Exception as problem:
        logger.exception("%s failed", task.name)
        error = f"{type(problem).__name__}: {problem}"
    finally:
        is_over.set()
        keeper.join()
    now = timezone.now()
    if (now - started).total_seconds() >= WORTH_A_LINE_SECONDS:
        logger.info("%s took %.1f s", task.name, (now - started).total_seconds())
    close_old_connections()  # what failed may have been the connection
    leases.finish(task, holder, started, now, error, was_stopped=shutdown.is_set())
    return error


def _keep(name: str, holder: str, stop: threading.Event, is_over: threading.Event, shutdown: threading.Event) -> None:
    """Renew the lease until the task is over; tell the task to stop at shutdown, and where the lease was lost."""
    renewal = time.monotonic() + leases.RENEWAL_SECONDS
    while not is_over.wait(TICK_SECONDS):
        if shutdown.is_set():
            stop.set()
        if time.monotonic() < renewal:
            continue
        renewal += leases.RENEWAL_SECONDS
        if not _renewed(name, holder):
            logger.error("%s lost its lease and is told to stop", name)
            stop.set()
    connection.close()


def _renewed(name: str, holder: str) -> bool:
    with suppress(DatabaseError, InterfaceError):
        return leases.renew(name, holder, timezone.now())
    connection.close()  # the next try gets a fresh one; three fit into a lease
    return True
