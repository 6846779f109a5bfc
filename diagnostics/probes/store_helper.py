"""The process that looks at the audio store for others, because whoever looks at a mount that hangs may never return.

It reads questions from its standard input and writes answers to its standard output, both as frames: four bytes of
length, then a pickle. It ends when its input is closed, also in the middle of a look that does not come back.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

from diagnostics.probes.store_questions import QUESTIONS
from diagnostics.probes.store_turn import Turn

LENGTH = struct.Struct("<I")
INPUT, OUTPUT = 0, 1


def main(lock: str, user: str, group: str) -> None:
    os.setegid(int(group))
    os.seteuid(int(user))
    threading.Thread(target=_end_with_input, daemon=True).start()
    turn = Turn(lock)
    for number, name, arguments, seconds in _questions():
        _write((number, *_answer(turn, name, arguments, seconds)))


def _answer(turn: Turn, name: str, arguments: tuple[Any, ...], seconds: float) -> tuple[str, Any]:
    """Return ("answer", it), ("busy", since when another's look hangs) or ("error", why there is no answer)."""
    since = turn.take(until=time.monotonic() + seconds, patience_seconds=seconds)
    if since is not None:
        return "busy", since
    try:
        return "answer", QUESTIONS[name](*arguments)
    except Exception as error:
        return "error", f"{type(error).__name__}: {error}"
    finally:
        turn.give_back()


def _questions() -> Iterator[tuple[int, str, tuple[Any, ...], float]]:
    while (head := _read(LENGTH.size)) is not None:
        body = _read(LENGTH.unpack(head)[0])
        if body is None:
            return
        yield pickle.loads(body)  # noqa: S301  written by our parent


def _read(size: int) -> bytes | None:
    got = b""
    while len(got) < size:
        more = os.read(INPUT, size - len(got))
        if not more:
            return None
        got += more
    return got


def _write(answer: object) -> None:
    body = pickle.dumps(answer)
    left = memoryview(LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(OUTPUT, left) :]


def _end_with_input() -> None:
    watch = select.poll()
    watch.register(INPUT, 0)  # nothing but its end is reported
    watch.poll()
    os._exit(0)
