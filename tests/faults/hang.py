"""Makes the store hang and lets it go again, and counts what that costs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from diagnostics import store
from diagnostics.probes.store_client import PROJECT, Helper

SLOWEST = 3.0  # times as long as at rest; what would hang lasts far longer than that
BEGINNING = "import sys; sys.path.insert(0, {!r}); from tests.faults.hanging_store import main; main(*sys.argv[1:])"


@dataclass(slots=True)
class Hang:
    """A store whose looks hang while `begun()`; every look that hung left its process id behind."""

    pipe: Path
    name: str = "lstat"
    made: list[Helper] = field(default_factory=list)

    def begin(self) -> None:
        os.mkfifo(self.pipe)

    def end(self) -> None:
        """Let go whoever hangs, and nobody hangs any more."""
        with suppress(FileNotFoundError):
            writer = os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK)
            self.pipe.unlink()
            time.sleep(0.3)
            os.close(writer)

    def helper(self, lock: Path) -> Helper:
        command = (sys.executable, "-I", "-c", BEGINNING.format(PROJECT), self.name, str(self.pipe))
        self.made.append(Helper(str(lock), command))
        return self.made[-1]

    @property
    def looks(self) -> list[int]:
        """Return the processes whose looks hung, one for each look."""
        path = Path(f"{self.pipe}.looks")
        return [int(line) for line in path.read_text().split()] if path.exists() else []


def put_in(monkeypatch: pytest.MonkeyPatch, helper: Helper) -> None:
    monkeypatch.setattr(store, "asker", lambda: helper)


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE}


def threads() -> int:
    return threading.active_count()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where it takes longer, on a machine that may be several times slower today than one at rest."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < SLOWEST * seconds


def eventually(is_so: Callable[[], bool], seconds: float = 30.0, *, every: float = 0.02) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(every)
    return is_so()


def has_ended(pid: int) -> bool:
    """Whether a process is no more, or only waits to be asked how it ended."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def stopped(process: subprocess.Popen[bytes] | int) -> None:
    pid = process if isinstance(process, int) else process.pid
    assert eventually(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
