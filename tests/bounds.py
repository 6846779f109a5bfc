"""Measures what a call takes; the limits that tests hold it to are ten times and more of what it needs."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
MEGABYTE = 2**20


def bounded(call: Callable[[], Answer], *, seconds: float, megabytes: float) -> Answer:
    """Return the answer of a call that keeps within both limits; memory counts at its highest."""
    begun = time.monotonic()
    answer = call()
    took = time.monotonic() - begun
    assert took < seconds, f"it took {took:.1f} s"
    tracemalloc.start()
    try:
        call()
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert highest < megabytes * MEGABYTE, f"it took {highest / MEGABYTE:.1f} MB"
    return answer
