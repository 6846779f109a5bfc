"""Real generator processes for tests: each writes to a file of its own until it is stopped, killed or done."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

WAIT_SECONDS = 20.0
# Appends to the file that its first argument names; the second is how many times (0: for ever).
COMPOSING = """
import sys, time
count = 0
with open(sys.argv[1], "ab", buffering=0) as file:
    while not int(sys.argv[2]) or count < int(sys.argv[2]):
        count += file.write(b"x" * 4096) > 0
        time.sleep(0.05)
"""


@dataclass(frozen=True, slots=True)
class Generator:
    """A process that composes; `process` is its parent's handle: unless it is waited for, a dead one stays a zombie."""

    process: subprocess.Popen[bytes]
    path: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_in_state(self, *states: str) -> bool:
        return psutil.Process(self.pid).status() in states

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass(slots=True)
class Studio:
    """Where generators of one pattern work: no other process of the machine bears it in its command line."""

    folder: Path
    pattern: str
    started: list[Generator]

    def start(self, name: str = "piece.tmp", *, times: int = 0) -> Generator:
        path = self.folder / name
        command = [sys.executable, "-I", "-S", "-c", COMPOSING, str(path), str(times), self.pattern]
        generator = Generator(subprocess.Popen(command), path)
        self.started.append(generator)
        wait_for(lambda: path.exists() and path.stat().st_size)
        return generator


@contextmanager
def studio_in(folder: Path) -> Iterator[Studio]:
    studio = Studio(folder, f"compose-{uuid.uuid4().hex}", [])
    try:
        yield studio
    finally:
        for generator in studio.started:
            generator.end()


def wait_for(look: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not look():
        if time.monotonic() > end:
            pytest.fail("it did not happen in time")
        time.sleep(0.02)
