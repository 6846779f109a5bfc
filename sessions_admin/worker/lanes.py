"""The worker's threads: one a lane, so that a long pass delays no snapshot; and the sign of life beside them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from sessions_admin.worker import leases
from sessions_admin.worker.recurring import Recurring
from sessions_admin.worker.run import run

LIFE_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 30.0
STOP_SECONDS = 2.0
T = TypeVar("T")
logger = logging.getLogger(__name__)


class Worker:
    """Runs a schedule until `shutdown` is set."""

    def __init__(self, tasks: Sequence[Recurring]) -> None:
        self.tasks = tuple(tasks)
        self.holder = leases.new_holder()
        self.shutdown = threading.Event()

    def run(self) -> None:
        """Work until told to stop; what does not end within two seconds then is left to the next worker."""
        lanes = [threading.Thread(target=self._work, args=(lane,), name=lane, daemon=True) for lane in self._lanes()]
        _patiently(lambda: leases.prepare(self.tasks, timezone.now()), self.shutdown)
        for lane in lanes:
            lane.start()
        while not self.shutdown.is_set():
            _patiently(lambda: leases.show_life(self.holder, timezone.now()), self.shutdown)
            self.shutdown.wait(LIFE_SECONDS)
        ends = time.monotonic() + STOP_SECONDS
        for lane in lanes:
            lane.join(max(0.0, ends - time.monotonic()))
        with suppress(DatabaseError, InterfaceError):  # else the leases end by themselves
            leases.release(self.holder, timezone.now())

    def run_once(self) -> dict[str, str]:
        """Run every task that nobody else is running, due or not; return name -> error ("": well done)."""
        leases.prepare(self.tasks, timezone.now())
        ends = {}
        for task in self.tasks:
            if not self.shutdown.is_set() and leases.claim(task.name, self.holder, timezone.now(), is_due_only=False):
                ends[task.name] = run(task, self.holder, self.shutdown)
        return ends

    def _lanes(self) -> list[str]:
        return sorted({task.lane for task in self.tasks})

    def _work(self, lane: str) -> None:
        tasks = {task.name: task for task in self.tasks if task.lane == lane}
        while not self.shutdown.is_set():
            wait = _patiently(lambda: self._round(tasks), self.shutdown)
            self.shutdown.wait(wait or LONGEST_WAIT_SECONDS)
        connection.close()

    def _round(self, tasks: dict[str, Recurring]) -> float:
        """Run what is due; return the seconds until the next look."""
        close_old_connections()
        for name in leases.due(list(tasks), timezone.now()):
            if not self.shutdown.is_set() and leases.claim(name, self.holder, timezone.now()):
                run(tasks[name], self.holder, self.shutdown)
        return leases.seconds_to_next(list(tasks), timezone.now(), LONGEST_WAIT_SECONDS)


def _patiently(work: Callable[[], T], shutdown: threading.Event) -> T | None:
    """Do it; where our own database is locked or away, wait a little longer each time and try again, until shutdown."""
    wait = 1.0
    while True:
        try:
            return work()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Our database does not answer, trying again in %.0f s: %s", wait, error)
            connection.close()
        if shutdown.wait(wait):
            return None
        wait = min(wait * 2, LONGEST_BACK_OFF_SECONDS)
