"""The demo host as its users know it: by `python -m demo …`, its table and its files; and the dashboard pointed at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pytest_django import Settings

from diagnostics.probes.databases import connect

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "demo"]
NOBODY = 65534
WAIT_SECONDS = 30.0
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class DemoHost:
    """A demo host of its own; every call is a command of its own, as an operator would type it."""

    root: Path

    @property
    def audio(self) -> Path:
        return self.root / "static" / "generated_music" / "long_sequences"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.root / 'host.sqlite3'}"

    def do(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed; a command that fails shows its own words."""
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == 0, f"demo {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def break_(self, code: str, session_id: int | None = None) -> int | None:
        """Do a fault; return the session that it was done to, if it was done to one."""
        named = [] if session_id is None else [str(session_id)]
        found = json.loads(self.do("break", code, *named, "--json"))["session_id"]
        return None if found is None else int(found)

    def mend(self) -> None:
        self.do("mend")

    @contextmanager
    def at_work(self, *options: str, pace: float = 0.05) -> Iterator[None]:
        """Run the host's worker beside the test, and end it afterwards, even where a fault has stopped it."""
        command = [*COMMAND, "worker", "--root", str(self.root), "--pace", str(pace), *options]
        process = subprocess.Popen(command, env=self.environment, cwd=REPOSITORY)
        try:
            wait_for(lambda: (self.root / "worker.pid").exists())
            yield
        finally:
            process.terminate()
            process.send_signal(signal.SIGCONT)
            process.wait(15)

    @contextmanager
    def serving(self, settings: Settings) -> Iterator[str]:
        """Run the host's own web server beside the test, with the dashboard pointed at it; yields its address."""
        port = free_port()
        command = [*COMMAND, "server", "--port", str(port)]
        process = subprocess.Popen(command, env=self.environment, cwd=REPOSITORY)
        try:
            wait_for(lambda: answers(port))
            settings.PUBLIC_BASE_URL = settings.HOST_API_URL = f"http://127.0.0.1:{port}"
            yield settings.PUBLIC_BASE_URL
        finally:
            process.terminate()
            process.wait(15)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DEMO_ROOT": str(self.root)}

    def status(self, session_id: int) -> str:
        with connect(self.database_url, read_only=True, timeout_seconds=5) as connection:
            sql = f"SELECT status FROM long_sequence_sessions WHERE session_id = {session_id}"  # a number
            return str(next(iter(connection.rows(sql)), ("gone",))[0])

    def connect_dashboard(self, settings: Settings) -> None:
        """Point the dashboard's settings at this host, as `make run` does."""
        settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = self.database_url
        settings.HOST_TIME_ZONE = "Asia/Shanghai"
        settings.AUDIO_ROOT = str(self.audio)
        settings.PUBLIC_BASE_URL = "http://127.0.0.1:8801"
        settings.LIMITS = replace(settings.LIMITS, client_timeout_seconds=120)
        settings.GENERATOR_PROCESS = f"-m demo worker --root {self.root}"


@contextmanager
def set_up(sessions: int) -> Iterator[DemoHost]:
    """Make a demo host with its history in a folder that other users can enter too, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="demo-host-"))
    folder.chmod(0o755)
    try:
        host = DemoHost(folder / "host")
        host.do("setup", "--sessions", str(sessions))
        yield host
    finally:
        shutil.rmtree(folder)


@contextmanager
def as_nobody(host: DemoHost) -> Iterator[None]:
    """Look at the host as a user whom file modes bind: where the tests run as root, the host and they are nobody's."""
    if os.geteuid() != 0:
        yield
        return
    give(host, NOBODY)
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        give(host, 0)


def give(host: DemoHost, owner: int) -> None:
    for path in (host.root, *host.root.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(look: Callable[[], Answer]) -> Answer:
    end = time.monotonic() + WAIT_SECONDS
    while not (seen := look()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
    return seen
