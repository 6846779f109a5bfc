"""The processes that `make run` starts: each in a group of its own, with a log, ended with everything it started."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

STOP_SECONDS = 6.0
TICK_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Child:
    """One process with its log; the log of the run before is kept beside it."""

    def __init__(self, name: str, arguments: list[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        if log.exists():
            log.replace(log.with_suffix(".old.log"))
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                arguments,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # safe: this process has one thread
            )

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def end(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended by itself (exit code {code})"

    def signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def last_lines(self, count: int = 12) -> list[str]:
        return self.log.read_text(errors="replace").splitlines()[-count:]


def end_with_parent() -> None:
    """Have the kernel end this process when its parent dies, even of SIGKILL (Linux; elsewhere nothing happens)."""
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_all(children: Iterable[Child]) -> list[Child]:
    """Ask all to end, wait a little, then end whole groups; return those that had to be forced."""
    children = list(children)
    for child in children:
        if not child.has_ended:
            child.process.terminate()
    end = time.monotonic() + STOP_SECONDS
    while time.monotonic() < end and not all(child.has_ended for child in children):
        time.sleep(TICK_SECONDS)
    forced = [child for child in children if not child.has_ended]
    for child in children:
        child.signal_group(signal.SIGKILL)
        child.process.wait()
    return forced
