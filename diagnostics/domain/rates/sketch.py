"""How many different users there were, from sketches that can be united: exact below SIZE, within 5 percent above.

The SIZE smallest of the users' hashes are kept (k minimum values; Bar-Yossef and others, 2002). The standard error is
1/sqrt(SIZE - 2), 2.2 percent. Hashes are numbers of 64 bits, evenly spread, signed or not.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

SIZE = 2048
RANGE = 1 << 64
SEVERAL = 4  # so many times SIZE are gathered before they are put in order
Sketch = tuple[int, ...]  # ascending, without repetition


def sketch_of(hashes: Iterable[int]) -> Sketch:
    return tuple(sorted({number % RANGE for number in hashes})[:SIZE])


def united(sketches: Iterable[Sequence[int]]) -> Sketch:
    """Return the sketch of all users of any of them; each is ascending, so that only its beginning needs a look."""
    held: set[int] = set()
    highest = RANGE
    for each in sketches:
        held |= set(each[: bisect_left(each, highest)]) - held
        if len(held) > SEVERAL * SIZE:
            kept = sorted(held)[:SIZE]
            held, highest = set(kept), kept[-1]
    return tuple(sorted(held)[:SIZE])


def number_of(sketch: Sketch) -> tuple[int, bool]:
    """Return how many users there were, and whether that is exact."""
    if len(sketch) < SIZE:
        return len(sketch), True
    return round((SIZE - 1) * RANGE / (sketch[-1] + 1)), False


def packed(sketch: Sketch) -> bytes:
    return _little(array("Q", sketch)).tobytes()


def unpacked(data: bytes) -> Sequence[int]:
    numbers = array("Q")
    numbers.frombytes(data)
    return _little(numbers)


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
