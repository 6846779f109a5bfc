"""Adverse conditions that a worker can be sent into, so that its failure is a real one."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import socket
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, islice, repeat
from pathlib import Path
from typing import NoReturn

from demo import composer, table
from demo.place import Place

NOBODY = 65534
SPARE_MEMORY_BYTES = 24 * 2**20
STUDIO_RATE = 44100
STUDIO_FRAME_BYTES = 16
LIMIT_SECONDS = 1.0
BROKER_SECONDS = 5.0
STUDIO_ENGINE = "demo_studio_engine"
Condition = Callable[[Place], AbstractContextManager[None]]


class TimeLimitExceeded(Exception):
    """The piece was not done when its time was up."""


@contextmanager
def little_memory(_place: Place) -> Iterator[None]:
    """The process may not grow by more than a few megabytes."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + SPARE_MEMORY_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def no_rights(_place: Place) -> Iterator[None]:
    """The worker is not the user who may write here; for anyone but root the folder itself is closed."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def short_time(_place: Place) -> Iterator[None]:
    """The kernel's alarm interrupts a piece that is not done in time, wherever its worker is just then."""
    before = signal.signal(signal.SIGALRM, end_of_time)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def end_of_time(_number: int, _frame: object) -> NoReturn:
    raise TimeLimitExceeded(f"the piece was not done within {LIMIT_SECONDS:g} s")


@contextmanager
def broker_down(_place: Place) -> Iterator[None]:
    """The worker needs a broker, and nothing listens at its port; it is taken meanwhile, so that nobody else answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with socket.create_connection(taken.getsockname(), timeout=BROKER_SECONDS):
            yield


@contextmanager
def no_engine(_place: Place) -> Iterator[None]:
    """The piece is to be played by an engine that was never installed."""
    importlib.import_module(STUDIO_ENGINE)
    yield


# These surround the composing; the others are met in the engine, at the file, and where the row is completed.
SURROUNDING: dict[str, Condition] = {
    "little_memory": little_memory,
    "no_rights": no_rights,
    "short_time": short_time,
    "broker_down": broker_down,
    "no_engine": no_engine,
}
CONDITIONS = ("full_disk", "locked_table", "dying_engine", "impatient", *SURROUNDING)


def entered(place: Place, condition: str | None) -> AbstractContextManager[None]:
    surround = SURROUNDING.get(condition or "")
    return surround(place) if surround else nullcontext()


def temporary_folder(place: Place, condition: str | None) -> Path:
    """Where the worker writes until the piece is whole: beside the finished ones, unless the condition says otherwise."""
    if condition == "full_disk":
        return place.small_disk
    if condition == "no_rights" and os.geteuid() != 0:
        closed = place.root / "closed"
        closed.mkdir(exist_ok=True)
        closed.chmod(0o555)
        return closed
    return place.audio


def prepare_temporary(path: Path, place: Place, condition: str | None) -> None:
    """Without the right to mount a small file system, the kernel's own full device takes its place."""
    if condition == "full_disk" and not os.path.ismount(place.small_disk):
        path.symlink_to("/dev/full")


def bus_bytes(minutes: int, condition: str | None) -> int:
    """What the engine allocates before it plays: nothing yet, or the whole piece at studio rate where memory is short."""
    return minutes * 60 * STUDIO_RATE * STUDIO_FRAME_BYTES if condition == "little_memory" else 0


def as_played(parts: Iterator[array[int]], count: int, condition: str | None) -> Iterator[array[int]]:
    """What the engine delivers of a piece: where it dies halfway, all segments still come in time, with nothing in them."""
    if condition != "dying_engine":
        return parts
    nothing = array("h", bytes(2 * composer.SEGMENT_SECONDS * composer.SAMPLE_RATE))
    return chain(islice(parts, (count + 1) // 2), repeat(nothing, count // 2))


def patience_seconds(condition: str | None) -> float:
    """How long a worker waits for a database that is held."""
    return 1.0 if condition == "impatient" else table.BUSY_SECONDS


@contextmanager
def around_completing(place: Place, condition: str | None) -> Iterator[float]:
    """How long the worker waits for the database; under `locked_table` another connection holds it meanwhile."""
    if condition != "locked_table":
        yield table.BUSY_SECONDS
        return
    with table.writing(place):
        yield 0.2
