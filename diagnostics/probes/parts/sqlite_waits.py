"""Whether a writer holds a SQLite database, seen without opening it for writing: the kernel tells who has a lock."""

from __future__ import annotations

import fcntl
import os
import struct
import time

from diagnostics.probes.parts.waits import Waits

TICK_SECONDS = 0.05
# sqlite.org/fileformat2.html and walformat.html, "locks": the byte of RESERVED in the database file, and that of the
# writer in the -shm file beside it, where the journal is a write-ahead log.
RESERVED, WAL_WRITER = 0x40000001, 120
FLOCK = struct.Struct("@hhqqi4x")  # fcntl(2): type, whence, start, length, who


def waits_of(path: str, *, watched_seconds: float) -> Waits:
    """Return for how long one writer is seen to hold the lock, at most so long; no connection of ours may be open.

    A process loses its locks on a file that it closes, and SQLite could not keep its own.
    """
    try:
        return _watched(path, watched_seconds)
    except OSError as error:
        return Waits(missing_right=f"what is needed to read {error.filename}")


def _watched(path: str, seconds: float) -> Waits:
    begun, holder = time.monotonic(), _writer(path)
    while holder is not None and time.monotonic() - begun < seconds:
        time.sleep(TICK_SECONDS)
        holder = holder if _writer(path) == holder else None
    if holder is None:
        return Waits(longest_wait_seconds=0)
    held_seconds = round(time.monotonic() - begun, 3)
    return Waits(
        longest_wait_seconds=held_seconds, blocked_by=f"process {holder}" if holder else "another container's process"
    )


def _writer(path: str) -> int | None:
    """Return the process that holds the writer's lock (0: in another container), or None where nobody does."""
    for name, at in ((path, RESERVED), (f"{path}-shm", WAL_WRITER)):
        try:
            descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            asked = FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, at, 1, 0)
            kind, _, _, _, holder = FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        finally:
            os.close(descriptor)
        if kind != fcntl.F_UNLCK:
            return int(holder)
    return None
