"""Ways in which a whole piece comes to be silent, each as it happens; the file's age stays what it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.corpus.wavs import HEADER_BYTES

Change = Callable[[Path], None]


def composed_until(share: float) -> Change:
    """The engine stops, and the worker goes on writing what it is given: zeros."""

    def write(path: Path) -> None:
        size = path.stat().st_size - HEADER_BYTES
        kept = int(size * share) // 2 * 2
        with path.open("r+b") as file:
            file.seek(HEADER_BYTES + kept)
            for _ in range(kept, size, 2):
                file.write(b"\0\0")

    return aged(write)


def lost_and_made_longer(at: int) -> Change:
    """Its end is lost, and a repair brings it to its old length: a hole."""

    def cut(path: Path) -> None:
        size = path.stat().st_size
        os.truncate(path, at)
        os.truncate(path, size)

    return aged(cut)


def overwritten_with_zeros(at: int) -> Change:
    """Blocks that a file system's check has cleared."""

    def clear(path: Path) -> None:
        with path.open("r+b") as file, open("/dev/zero", "rb") as zeros:
            file.seek(at)
            file.write(zeros.read(path.stat().st_size - at))

    return aged(clear)


def aged(change: Change) -> Change:
    def done(path: Path) -> None:
        before = path.stat()
        change(path)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return done
