"""The time that one examination may take in all: each source gets its own limit, or what is left where that is less."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

LEAST_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Budget:
    """So many seconds from now."""

    seconds: float
    begun: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        return time.monotonic() - self.begun

    @property
    def is_over(self) -> bool:
        return self.spent >= self.seconds

    def at_most(self, seconds: float) -> float:
        """Return the limit of a source: its own, or what is left, and never nothing."""
        return max(LEAST_SECONDS, min(seconds, self.seconds - self.spent))
