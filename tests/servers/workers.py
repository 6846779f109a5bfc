"""Real workers of Celery and RQ in processes of their own, ended after a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
Seen = TypeVar("Seen")


@contextmanager
def celery_worker(url: str, queue: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    command = ("-m", "celery", "-A", "tests.servers.celery_app", "worker", "-P", "solo", "-Q", queue, "-l", "error")
    with _running(command, BROKER_URL=url, **environment) as process:
        yield process


@contextmanager
def rq_worker(url: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with _running(("-m", "rq.cli", "worker", "-u", url, *arguments)) as process:
        yield process


@contextmanager
def _running(command: tuple[str, ...], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**inherited, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(look: Callable[[], Seen], is_so: Callable[[Seen], bool]) -> Seen:
    """Look again and again until it is so, and return what was seen then."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so(seen := look()):
        assert time.monotonic() < ends, seen
        time.sleep(0.1)
    return seen
