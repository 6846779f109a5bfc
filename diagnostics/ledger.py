"""Facts out of the ledger, and headers into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from diagnostics import bulk
from diagnostics.domain.facts import AudioFacts, Presence, WavHeader
from diagnostics.models import LedgerFile
from diagnostics.probes.local_store import modified_at


def known_header(file: LedgerFile) -> WavHeader | None:
    """Return the header as it was read of the file in its present size and time, or None where it was not."""
    return WavHeader(**file.header) if file.header else None


def facts_of(file: LedgerFile, header: WavHeader, now: datetime) -> AudioFacts:
    """Return a regular file as this pass's listing saw it."""
    return AudioFacts(
        path=file.shown_path,
        presence=Presence.REGULAR,
        observed_at=now,
        size_bytes=file.size_bytes,
        modified_at=modified_at(file.mtime_ns),
        header=header,
    )


def keep_headers(headers: Mapping[int, WavHeader]) -> None:
    """Write headers that were read into the ledger."""
    bulk.update(LedgerFile, ((number, {"header": asdict(header)}) for number, header in headers.items()))
