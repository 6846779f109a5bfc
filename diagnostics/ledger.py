"""Facts out of the ledger, and headers into it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from pathlib import Path

from diagnostics import bulk
from diagnostics.domain import facts
from diagnostics.domain.facts import AudioFacts, Presence, WavHeader
from diagnostics.models import LedgerFile
from diagnostics.probes import wav
from diagnostics.probes.local_store import modified_at

HEADER_FIELDS = tuple(field.name for field in fields(WavHeader))


def known_header(file: LedgerFile) -> WavHeader | None:
    """Return the header as this version reads it of the file in its present size and time, or None where it did not."""
    return WavHeader(**file.header) if file.header and file.header_stamp == header_stamp() else None


def as_kept(header: WavHeader) -> dict[str, object]:
    """Return a header as the ledger keeps it; `dataclasses.asdict` takes ten times as long."""
    return {name: getattr(header, name) for name in HEADER_FIELDS}


@cache
def header_stamp() -> str:
    """Name the version of the code that reads headers: another one reads every header again."""
    source = Path(wav.__file__).read_bytes() + Path(facts.__file__).read_bytes()
    return hashlib.blake2b(source, digest_size=8).hexdigest()


def facts_of(file: LedgerFile, header: WavHeader, now: datetime) -> AudioFacts:
    """Return a regular file as this pass's listing saw it."""
    return AudioFacts(
        path=file.shown_path,
        presence=Presence.REGULAR,
        observed_at=now,
        size_bytes=file.size_bytes,
        modified_at=modified_at(file.mtime_ns),
        changed_ns=(file.mtime_ns, file.ctime_ns),
        header=header,
    )


def remembered(file: LedgerFile) -> AudioFacts:
    """Return a file as a pass saw it last: all that is known of it while the store cannot be asked."""
    return AudioFacts(
        path=file.shown_path,
        presence=Presence.REGULAR,
        observed_at=file.seen_at,
        size_bytes=file.size_bytes,
        modified_at=modified_at(file.mtime_ns),
    )


def keep_headers(headers: Mapping[int, WavHeader]) -> None:
    """Write headers that were read into the ledger."""
    stamp = header_stamp()
    read = ((number, {"header": as_kept(header), "header_stamp": stamp}) for number, header in headers.items())
    bulk.update(LedgerFile, read)
