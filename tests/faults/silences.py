"""Ways in which a whole piece comes to be silent, each as it happens; and ways to listen and to see what came of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from diagnostics.domain.chain import Check, chain
from diagnostics.examine import Examination, examine
from diagnostics.listening import listen_to_recent
from tests.corpus.wavs import HEADER_BYTES
from tests.reconcile.scene import Scene

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
    """The file's age stays what it was."""

    def done(path: Path) -> None:
        before = path.stat()
        change(path)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return done


def path_of(scene: Scene, key: int = 1) -> Path:
    return scene.root / scene.name(key)


def heard(scene: Scene) -> int:
    return listen_to_recent(scene.now, threading.Event())


def examined(key: int = 1, *, listen: bool = False) -> Examination:
    found = examine(str(key), listen=listen)
    assert found.diagnosis is not None, found.problems
    return found


def live_causes(key: int = 1) -> list[str]:
    diagnosis = examined(key).diagnosis
    return [finding.code for finding in diagnosis.findings] if diagnosis else []


def check(found: Examination) -> Check:
    assert found.evidence is not None
    assert found.diagnosis is not None
    steps = chain(found.evidence, found.diagnosis)
    return next(check for step in steps for check in step.checks if check.name == "file.sound")
