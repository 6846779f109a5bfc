"""Asks one part of the host by one helper process, which may hang for ever: then it stays the only one for that part."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from diagnostics.probes.giving_up import TICK_SECONDS, give_up
from diagnostics.probes.parts.told import PartQuestion, PartTold, hangs
from diagnostics.probes.parts.wire import MOST_BYTES, answer_of, question_line
from diagnostics.probes.store_turn import Turn

HELPER = (sys.executable, "-E", "-m", "diagnostics.probes.parts.helper")
PROJECT = Path(__file__).resolve().parents[3]
STARTING_SECONDS = 5.0  # beside the part's own limit: to start Python and the drivers on a busy machine
ENDING_SECONDS = 1.0  # from its answer to its end; one that stays longer waits for a child that the kernel holds
LEAVING_SECONDS = 0.5  # to take its children with it, before it is killed


@dataclass(frozen=True, slots=True)
class _Hung:
    process: subprocess.Popen[bytes]
    since: datetime


_hung: dict[str, _Hung] = {}  # by part: what we started and could not end


def ask(
    question: PartQuestion,
    *,
    locks: str = "",
    stop: threading.Event | None = None,
    helper: Sequence[str] = HELPER,
) -> PartTold:
    """Return what a part tells, within about twice its seconds in any case; never raises for what a part does.

    `locks` is the folder in which our processes agree on whose turn it is. A part that hangs is `unknown`, `hung`. Where
    its helper could not be ended, `since` says since when, and no second one is started while it is there, whichever
    process started it. Else `unknown` is `busy` (many ask at once), `no_answer` (the helper could not start, or ended
    without one), `stopped` (by `stop`) or `failed` (the look itself).
    """
    limit = question.seconds + STARTING_SECONDS
    since = _hangs_since(question.part)
    if since is not None:
        return hangs(since)
    turn = Turn(_lock(locks, question.part))
    try:
        held = turn.take(until=time.monotonic() + limit, patience_seconds=limit)
        if held is not None and time.time() - held > limit:
            return hangs(datetime.fromtimestamp(held, UTC))
        if held is not None:
            return PartTold("unknown", "busy")
        return _asked(question, turn, helper, stop or threading.Event())
    finally:
        turn.let_go()


def _hangs_since(part: str) -> datetime | None:
    hung = _hung.get(part)
    if hung is None or hung.process.poll() is not None:
        _hung.pop(part, None)
        return None
    return hung.since


def _lock(folder: str, part: str) -> str:
    if not folder:
        return ""
    with suppress(OSError):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.path.join(folder, f"part-{part}.lock")


def _asked(question: PartQuestion, turn: Turn, helper: Sequence[str], stop: threading.Event) -> PartTold:
    begun = datetime.now(UTC)
    try:
        line = question_line(question)
        process = _started(helper, turn.descriptor)
    except (OSError, ValueError) as error:  # no process to be had; a question that no pipe takes
        return PartTold("unknown", "no_answer", f"no helper: {type(error).__name__}")
    with suppress(OSError):  # it ended before it read; its answer is missing then
        process.stdin.write(line)  # type: ignore[union-attr]  # a pipe of ours
    with suppress(OSError):
        process.stdin.close()  # type: ignore[union-attr]
    answer = _line_of(process, time.monotonic() + question.seconds + STARTING_SECONDS, stop)
    if answer is None:
        return _given_up(process, question, begun, was_stopped=stop.is_set())
    return _told(answer, process, question.part, begun)


def _started(helper: Sequence[str], lock: int | None) -> subprocess.Popen[bytes]:
    """Start a helper that inherits the turn; a session of its own, so that a terminal's signals do not reach it."""
    inherited = () if lock is None else (lock,)
    return subprocess.Popen(
        [*helper, *map(str, inherited)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        bufsize=0, cwd=PROJECT, start_new_session=True, pass_fds=inherited,
    )  # fmt: skip


def _line_of(process: subprocess.Popen[bytes], until: float, stop: threading.Event) -> bytes | None:
    """Return what it wrote, up to the end of its line or its output; None where that does not come in time."""
    output = process.stdout.fileno()  # type: ignore[union-attr]  # a pipe of ours
    watch = select.poll()
    watch.register(output, select.POLLIN)
    came = b""
    while time.monotonic() < until and not stop.is_set():
        if not watch.poll(TICK_SECONDS * 1000):
            continue
        more = os.read(output, MOST_BYTES)
        came += more
        if not more or b"\n" in more or len(came) > MOST_BYTES:
            return came
    return None


def _told(answer: bytes, process: subprocess.Popen[bytes], part: str, begun: datetime) -> PartTold:
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_SECONDS)
    try:
        told = answer_of(answer)
    except ValueError:
        detail = "the helper told nothing" if process.returncode is None else f"the helper ended: {process.returncode}"
        _end(process, part, begun)
        return PartTold("unknown", "no_answer", detail)
    if process.returncode is None:
        _hung[part] = _Hung(process, begun)
    process.stdout.close()  # type: ignore[union-attr]  # a pipe of ours
    return told


def _given_up(
    process: subprocess.Popen[bytes], question: PartQuestion, begun: datetime, *, was_stopped: bool
) -> PartTold:
    has_ended = _end(process, question.part, begun)
    if was_stopped:
        return PartTold("unknown", "stopped")
    if not has_ended:
        return hangs(begun)
    return PartTold("unknown", "hung", f"no answer within {question.seconds:g} s")


def _end(process: subprocess.Popen[bytes], part: str, begun: datetime) -> bool:
    """Ask it to end its children with itself, then kill it; return whether it ended, and remember it where it did not."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(LEAVING_SECONDS)
    if give_up(process):
        return True
    _hung[part] = _Hung(process, begun)
    return False
