"""What was heard of a file's samples: from where on it is silent, how much of the piece that is, and its outline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# A piece that fades out ends in some zeros; nobody calls a second of them a fault.
LONGEST_ENDING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """One whole file, listened to. With a `problem` nothing else is known: format (no samples that we could read),
    no_answer, io_error, unreadable, gone, changed (while it was listened to), not_whole, busy.

    `silent_from_seconds` is where the last sound ends; None: the very last sample sounds. Where the measuring was not
    `is_complete`, all behind it is silent, and the silence may have begun earlier. `peaks` are the loudest samples of
    windows spread evenly, 0 to 255, 0 only for silence; empty where they could not be taken.
    """

    length_seconds: float = 0.0
    silent_from_seconds: float | None = None
    silent_seconds: float = 0.0
    silent_percent: float = 0.0
    is_complete: bool = True
    bytes_read: int = 0
    peaks: bytes = b""
    problem: str = ""
    heard_at: datetime | None = None

    @property
    def is_silent_throughout(self) -> bool:
        return self.silent_from_seconds == 0.0

    def is_silent(self, tolerance_percent: float) -> bool:
        """Whether its silence is a fault: throughout, or an end longer than an ending and than the tolerated length."""
        if self.problem or self.silent_from_seconds is None:
            return False
        longest = max(LONGEST_ENDING_SECONDS, self.length_seconds * tolerance_percent / 100)
        return self.is_silent_throughout or self.silent_seconds > longest


def clock_of(seconds: float) -> str:
    """Return a place in a piece as players show it: 0:07, 12:31, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
