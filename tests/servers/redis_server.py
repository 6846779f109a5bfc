"""A real Redis server of a test's own: started with a password, stopped, frozen and thawed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
from redis import Redis
from redis.exceptions import RedisError

PASSWORD = "only/for:tests@1"
QUOTED = "only%2Ffor%3Atests%401"
PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class RedisServer:
    """`url` is as a host's settings would hold it; `client` speaks to it as the host does."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"redis://:{QUOTED}@127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Redis:
        return Redis(port=self.port, password=PASSWORD)

    def stop(self) -> None:
        self.thaw()
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server(folder: Path, *options: str, waits: bool = True) -> Iterator[RedisServer]:
    """Start a server in a folder with further options, and end it; skip where there is none to start (CI: fail)."""
    port = free_port()
    command = [_program(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *_quiet(), *options]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    server = RedisServer(process, port, folder)
    try:
        if waits:
            _wait(server)
        yield server
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(PATIENCE_SECONDS)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _program() -> str:
    program = which("redis-server")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI must install redis-server")
        pytest.skip("redis-server is not installed")
    return program


def _quiet() -> Sequence[str]:
    return "--requirepass", PASSWORD, "--save", "", "--appendonly", "no", "--daemonize", "no"


def _wait(server: RedisServer) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        with suppress(RedisError), server.client as client:
            client.ping()
            return
        time.sleep(0.02)
    raise AssertionError((server.folder / "redis.log").read_text())
