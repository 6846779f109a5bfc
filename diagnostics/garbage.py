"""Python's search for cycles, left out while a pass makes millions of values that can form none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 50_000  # new values between two searches; the usual is 700


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """For a listing or a reading alone: what the ORM leaves behind does form cycles, and must be found now and then."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def rare_search_for_cycles() -> Iterator[None]:
    """For a whole pass: the search looks at all that is kept, again and again, while thousands of values are made."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
