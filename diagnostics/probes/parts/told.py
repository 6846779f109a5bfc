"""What one probe of one part is asked, and what it tells; both cross a pipe as JSON (`wire.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PartQuestion:
    """Which part, within how many seconds, and how it is reached: an address, a command, names of queues, a folder."""

    part: str  # of domain.parts.PARTS
    seconds: float
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartTold:
    """`state`, `problem`, `detail` and `values` as in `domain.parts.PartFacts`; `since` when it hangs, where it does."""

    state: str
    problem: str = ""
    detail: str = ""
    values: Mapping[str, float | str | None] = field(default_factory=dict)
    since: datetime | None = None


def hangs(since: datetime) -> PartTold:
    """Return what is told of a part that has not answered since."""
    return PartTold("unknown", "hung", f"no answer since {since.isoformat(' ', 'seconds')}", since=since)
