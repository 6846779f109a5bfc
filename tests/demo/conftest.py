"""A small demo host of its own for each test, and ways to look at it directly."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from demo import fill
from demo.place import Place
from tests.demo.listening import Listener

REPOSITORY = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 20.0
T = TypeVar("T")
Demo = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Sixty healthy sessions with sparse files."""
    made = Place(tmp_path / "demo")
    fill.fill(made, 60, lengths=(1, 2))
    return made


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """`python -m demo …` on this test's own folder."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments), env=environment(tmp_path), capture_output=True, text=True, timeout=60, cwd=REPOSITORY
        )

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `python -m demo …` and ends it after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command(*arguments),
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=10)


@pytest.fixture
def listener(place: Place, start: Start) -> Listener:
    """Who asks the demo's own server, which runs beside the test."""
    port = free_port()
    start("server", "--port", str(port))
    wait_for(lambda: place.server_url.exists() and place.server_url.read_text() == f"http://127.0.0.1:{port}\n")
    return Listener(port)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "demo", *arguments]


def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DEMO_ROOT": str(tmp_path / "demo")}


def rows(place: Place) -> dict[int, dict[str, Any]]:
    db = sqlite3.connect(place.database)
    try:
        db.row_factory = sqlite3.Row
        return {row["session_id"]: dict(row) for row in db.execute("SELECT * FROM long_sequence_sessions")}
    finally:
        db.close()


def files(place: Place) -> dict[str, tuple[int, int, int]]:
    """Path below the audio folder, size, mtime and mode of each file."""
    found = (path for path in place.audio.rglob("*") if path.is_file())
    states = {str(path.relative_to(place.audio)): path.stat() for path in found}
    return {name: (state.st_size, state.st_mtime_ns, state.st_mode) for name, state in states.items()}


def path_of(place: Place, session_id: int) -> str:
    return str(rows(place)[session_id]["final_file_path"])


def size_of(place: Place, session_id: int) -> int:
    return int(rows(place)[session_id]["final_file_size"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(look: Callable[[], T]) -> T:
    end = time.monotonic() + WAIT_SECONDS
    while not (seen := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
    return seen
