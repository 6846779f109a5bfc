"""What a client's patience costs: which longer wait would make few good pieces look failed."""

from __future__ import annotations

from collections.abc import Mapping

# The waits, in seconds, that are held against the client's own.
WAITS = (120, 180, 300, 600, 900, 1200)
# A wait is long enough when so many of a hundred good pieces at most take longer.
FEW_PERCENT = 5.0


def longer_wait(patience: Mapping[int, float], wait: int) -> int | None:
    """Return the first longer wait (seconds) that leaves few; None where this one does already, or none would."""
    if patience.get(wait, 0.0) <= FEW_PERCENT:
        return None
    return next((longer for longer in WAITS if longer > wait and patience.get(longer, 100.0) <= FEW_PERCENT), None)
