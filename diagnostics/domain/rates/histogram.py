"""Generation times in bins that grow with the time: counts that add up, and quantiles within 1.6 percent of them.

A bin holds what is longer than its lower edge and at most its upper one: of 1 second each up to 64 s, then 64 bins an
octave, up to 2**17 s, which is more than a day. (Log-linear bins are those of Gil Tene's HdrHistogram.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import ceil

LINEAR = 64
OCTAVES = 11
BINS = LINEAR * (OCTAVES + 1)
LONGEST_SECONDS = 86_400.0
EDGES = (*range(LINEAR), *((LINEAR + step) << octave for octave in range(OCTAVES) for step in range(LINEAR + 1)))
UPPER = tuple(dict.fromkeys(EDGES))[1:]
QUARTERS = tuple(15 * (4 + quarter) << octave for octave in range(6) for quarter in range(4))
# What a chart shows: tens of seconds up to a minute, then four bars an octave, then one; each at an edge of a bin.
SHOWN = (0, 10, 20, 30, 40, 50, *QUARTERS, *(60 << octave for octave in range(6, 11)), 86_400)


def is_usable(seconds: float) -> bool:
    """Whether a time can be one of a generation at all: not negative, nor longer than a day."""
    return 0 <= seconds <= LONGEST_SECONDS


def bin_of(seconds: float) -> int:
    return bisect_left(UPPER, seconds)


def quantile(bins: Sequence[int], share: float) -> float | None:
    """Return the time that `share` (0 to 1) of all do not exceed: the upper edge of its bin. None: there are none."""
    number = sum(bins)
    if not number:
        return None
    wanted = max(1, ceil(share * number - 1e-9))
    return float(UPPER[bisect_left(list(accumulate(bins)), wanted)])


def longer(bins: Sequence[int], seconds: float) -> int:
    """Return how many took longer; exactly where `seconds` is an edge, as every whole second up to 128 is."""
    return sum(bins[bin_of(seconds) + 1 :])


def shown(bins: Sequence[int]) -> tuple[tuple[float, float, int], ...]:
    """Return (from, to, number) of wider bins without gaps, from the shortest that holds any to the longest."""
    if not any(bins):
        return ()
    places = [0, *(bisect_left(UPPER, edge) + 1 for edge in SHOWN[1:])]
    numbers = [sum(bins[begin:end]) for begin, end in pairwise(places)]
    rows = [(float(low), float(high), n) for low, high, n in zip(SHOWN, SHOWN[1:], numbers, strict=False)]
    held = [place for place, number in enumerate(numbers) if number]
    return tuple(rows[held[0] : held[-1] + 1])
