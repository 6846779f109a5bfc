"""The engine's smoke test: one second composed in memory and looked at; and the ways in which it fails on demand."""

from __future__ import annotations

import secrets
import signal
import sys
from array import array
from collections.abc import Callable

from demo import composer, conditions
from demo.place import Place

LOUDEST = 32767
MEGABYTES = 10
LINE = b"engine: mixing a segment of silence with a segment of silence .\n"


class Unfit(Exception):
    """The engine plays, and what it plays is no music."""


def try_out(place: Place) -> str:
    """One line about what was played. Raises what the engine raises."""
    if failure := FAILURES.get(ordered(place)):
        failure(place)
    samples = next(composer.segments(1, 1))[: composer.SAMPLE_RATE]
    return f"engine: {check(samples)}"


def ordered(place: Place) -> str:
    try:
        return place.engine.read_text().strip()
    except FileNotFoundError:
        return ""


def check(samples: array[int]) -> str:
    peak = max(map(abs, samples), default=0)
    if len(samples) != composer.SAMPLE_RATE or not 0 < peak < LOUDEST:
        raise Unfit(f"{len(samples)} samples with a peak of {peak}")
    return f"one second composed, {len(samples)} samples, peak {peak}"


def not_installed(place: Place) -> None:
    with conditions.no_engine(place):
        pass


def hang(_place: Place) -> None:
    """Until somebody ends it."""
    while True:
        signal.pause()


def leak(place: Place) -> None:
    """Says much too much, a token among it, and fails."""
    for _ in range(MEGABYTES * 2**20 // len(LINE)):
        sys.stderr.buffer.write(LINE)
    sys.stderr.write(f"engine: GET https://engine.example.cn/licence?token={secrets.token_hex(16)} 403\n")
    not_installed(place)


FAILURES: dict[str, Callable[[Place], None]] = {"down": not_installed, "hang": hang, "leaks": leak}
