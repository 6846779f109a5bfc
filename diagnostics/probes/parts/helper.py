"""The process that looks at one part of the host for others: a question on its input, one line on its output, its end.

The only argument is the descriptor of the lock that says whose turn it is. It is held by this process alone, and by no
program that a look starts, unless it hangs while it starts.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT
from diagnostics.probes.parts import broker, cache, database, engine, mount
from diagnostics.probes.parts.told import PartQuestion, PartTold
from diagnostics.probes.parts.wire import answer_line, question_of

Look = Callable[[Mapping[str, Any], float], PartTold]
# One function a part: how it is reached, and within how many seconds it has to answer.
LOOKS: Mapping[str, Look] = {
    ENGINE: engine.look,
    DATABASE: database.look,
    CACHE: cache.look,
    BROKER: broker.look,
    MOUNT: mount.look,
}
OUTPUT = 1


def main(lock: str = "") -> None:
    signal.signal(signal.SIGTERM, _leave)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # an engine that crashes each minute would fill the disk
    if lock:
        os.set_inheritable(int(lock), False)  # noqa: FBT003  it takes no name
    try:
        question = question_of(sys.stdin.buffer.readline())
        os.write(OUTPUT, answer_line(_look(question), question.how))
    finally:
        _stay_for_children()
        os._exit(0)  # no thread of a driver keeps it


def _look(question: PartQuestion) -> PartTold:
    """What a look raises is told by its kind alone: its text may hold anything."""
    try:
        return LOOKS[question.part](question.how, question.seconds)
    except Exception as error:
        return PartTold("unknown", "failed", type(error).__name__)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _stay_for_children() -> None:
    """A child that the kernel holds is not joined by another: the turn is kept until it has gone."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
