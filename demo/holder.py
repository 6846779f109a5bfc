"""A process that holds the host's database for some minutes, as a forgotten transaction does."""

from __future__ import annotations

import os
import sys
import time

from demo import processes, table
from demo.place import Place

HOLD_SECONDS = 600.0
START_SECONDS = 20.0
BUSY_SECONDS = 15.0
TICK_SECONDS = 0.1


def start(place: Place) -> int:
    """Starts it and returns its number, once it holds the database. Raises TimeoutError where it does not get it."""
    command = [sys.executable, "-m", "demo", "hold", "--root", str(place.root)]
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    # It outlives the command that starts it, so that nobody here waits for its end.
    pid = os.posix_spawn(sys.executable, command, os.environ, file_actions=silent, setsid=True)
    end = time.monotonic() + START_SECONDS + TICK_SECONDS
    while processes.alive(place.holder_pid) != pid:
        if os.waitpid(pid, os.WNOHANG)[0] or time.monotonic() > end:
            raise TimeoutError("the database is busy: nobody could take hold of it")
        time.sleep(TICK_SECONDS)
    return pid


def hold(place: Place, stop: processes.StopFlag, seconds: float) -> None:
    """Begins to write and does not end it, until it is stopped or its time is over."""
    end = time.monotonic() + seconds
    with table.writing(place, busy_seconds=BUSY_SECONDS):
        processes.leave_pid(place.holder_pid)
        try:
            while not stop.is_up and time.monotonic() < end:
                time.sleep(TICK_SECONDS)
        finally:
            processes.forget_pid(place.holder_pid)
