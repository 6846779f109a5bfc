"""What a user or a ticket holds, decoded by the shape of its messages: `explain` reads a pasted text into a report."""

from __future__ import annotations

import re
from datetime import datetime

from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.player_errors.entries import both
from diagnostics.domain.player_errors.ios import IOS

_INNER = re.compile(r"INNERERRCODE\s?:\s?(-?\d{1,20})", re.IGNORECASE | re.ASCII)
_UNKNOWN = both("No known player error is in this text.", "这段内容里没有已知的播放错误。")


def explain(text: str, *, at: datetime | None = None) -> ClientReport:
    """Return what a pasted text says, of whatever size; `at` is when it was pasted. Never raises, returns no secret."""
    match = _INNER.search(text)
    entry = IOS.get(match[1]) if match else None
    if match is None or entry is None:
        return ClientReport(errors=(PlayerError("unknown", "", _UNKNOWN),), reported_at=at)
    return ClientReport(
        errors=(PlayerError("ios", match[1], entry.meaning, entry.suspects, entry.check),), reported_at=at
    )
