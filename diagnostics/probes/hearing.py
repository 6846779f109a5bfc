"""Has a file listened to by a helper process, which may hang for ever where its file system does: one at a time."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnostics.domain.sound import SoundFacts
from diagnostics.probes.giving_up import TICK_SECONDS, give_up

HELPER = (sys.executable, "-E", "-S", "-m", "diagnostics.probes.sound")
FOLDER = Path(__file__).resolve().parents[2]
STARTING_SECONDS = 1.5  # beside the time for listening
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much one file may take. `niceness` gives way to whoever needs the processor; `lock` is that of the root's looks."""

    budget_bytes: int
    seconds: float
    niceness: int = 0
    lock: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the helper told, and of a file of which size, mtime and ctime in nanoseconds; None: of none that stands."""

    facts: SoundFacts
    stamp: Stamp | None = None


_abandoned: list[subprocess.Popen[bytes]] = []  # killed, and held by the kernel until their file system answers


def hear(
    root: str,
    path: str,
    effort: Effort,
    *,
    stop: threading.Event | None = None,
    helper: Sequence[str] | None = None,
) -> Heard:
    """Return what is heard of the file at a path relative to the audio root; in any case within about twice the time.

    No second helper is started for a root while one is still at work, or hangs, in whichever process started it: the
    answer is `busy`.
    """
    _abandoned[:] = [process for process in _abandoned if process.poll() is None]
    stop = stop or threading.Event()
    turn = _take_turn(root, effort.seconds, stop)
    if turn is None:
        return Heard(SoundFacts(problem="busy"))
    with turn:
        told = (str(effort.budget_bytes), str(effort.seconds), str(effort.niceness), effort.lock)
        try:
            process = subprocess.Popen(
                [*(helper or HELPER), root, path, *told],
                cwd=FOLDER,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(turn.fileno(),),
            )
        except (OSError, ValueError):  # no process to be had; a path that cannot be one
            return Heard(SoundFacts(problem="no_answer"))
    return _answer(process, effort.seconds + STARTING_SECONDS, stop)


def _take_turn(root: str, seconds: float, stop: threading.Event) -> socket.socket | None:
    """Return a lock that the helper inherits: the kernel frees it when the last process that holds it has ended."""
    name = hashlib.blake2b(root.encode(errors="surrogateescape"), digest_size=12).hexdigest()
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ends = time.monotonic() + seconds
    while True:
        try:
            lock.bind(f"\0session-diagnostics-hearing-{name}")
        except OSError:
            if time.monotonic() < ends and not stop.wait(TICK_SECONDS):
                continue
            lock.close()
            return None
        return lock


def _answer(process: subprocess.Popen[bytes], seconds: float, stop: threading.Event) -> Heard:
    ends = time.monotonic() + seconds
    while True:
        try:
            output, _ = process.communicate(timeout=TICK_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() < ends and not stop.is_set():
                continue
            if not give_up(process):
                _abandoned.append(process)
            return Heard(SoundFacts(problem="no_answer"))
        return _told(output)


def _told(output: bytes) -> Heard:
    try:
        told: dict[str, Any] = json.loads(output)
        stamp, peaks = told.pop("stamp"), bytes.fromhex(told.pop("peaks"))
        facts = SoundFacts(**{**told, "peaks": peaks})
        return Heard(facts, (int(stamp[0]), int(stamp[1]), int(stamp[2])) if stamp else None)
    except (ValueError, TypeError, KeyError):  # it ended without a word, or was killed for want of memory
        return Heard(SoundFacts(problem="no_answer"))
