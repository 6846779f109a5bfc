"""What a measured value means: from which limit on it deserves attention, and how many more sessions there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean


class Level(StrEnum):
    """How a gauge stands. Unknown is a level of its own, and never taken for well."""

    OK = "ok"
    NOTICE = "notice"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Marks:
    """From which percentage on a gauge is noticed, and from which it is critical (None: never)."""

    notice: float
    critical: float | None = None


# 85 % of the disk is where the operators' guide wants a warning; what is above 95 % leaves no room to react.
DISK = Marks(85, 95)
INODES = Marks(85, 95)
MEMORY = Marks(85, 95)
SWAP = Marks(50, 90)
# A generator that composes keeps processors busy: that alone is no fault.
PROCESSOR = Marks(95)
LOAD = Marks(150, 400)


def level(value: float | None, marks: Marks) -> Level:
    if value is None:
        return Level.UNKNOWN
    if marks.critical is not None and value >= marks.critical:
        return Level.CRITICAL
    return Level.NOTICE if value >= marks.notice else Level.OK


def worst(levels: Sequence[Level]) -> Level:
    """Return the gravest level; not knowing is graver than a notice, and less grave than what is known to be critical."""
    order = (Level.CRITICAL, Level.UNKNOWN, Level.NOTICE, Level.OK)
    return next((candidate for candidate in order if candidate in levels), Level.UNKNOWN)


def room(free_bytes: int | None, free_inodes: int | None, sizes: Sequence[int]) -> int | None:
    """Return for about how many more sessions there is room, judged by the sizes of the last files; None: unknown.

    `free_inodes` None means that the file system does not count them.
    """
    known = [size for size in sizes if size > 0]
    if free_bytes is None or not known:
        return None
    by_bytes = int(free_bytes / fmean(known))
    return by_bytes if free_inodes is None else min(by_bytes, free_inodes)
