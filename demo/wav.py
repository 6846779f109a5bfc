"""The 44 bytes before the samples: PCM, 16 bit, mono."""

from __future__ import annotations

import struct
from pathlib import Path

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
HEADER_BYTES = HEADER.size
BYTES_PER_SAMPLE = 2


def header(sample_rate: int, data_bytes: int) -> bytes:
    return HEADER.pack(
        b"RIFF", HEADER_BYTES - 8 + data_bytes, b"WAVE",
        b"fmt ", 16, 1, 1, sample_rate, sample_rate * BYTES_PER_SAMPLE, BYTES_PER_SAMPLE, 8 * BYTES_PER_SAMPLE,
        b"data", data_bytes,
    )  # fmt: skip


def whole_seconds(path: Path) -> float | None:
    """Its length, where it is a whole file as this host writes them; else None."""
    try:
        with path.open("rb") as file:
            fields = HEADER.unpack(file.read(HEADER_BYTES))
            size_bytes = file.seek(0, 2)
    except (OSError, struct.error):
        return None
    riff, wave, byte_rate, data_bytes = fields[0], fields[2], fields[8], fields[12]
    if (riff, wave) != (b"RIFF", b"WAVE") or not byte_rate or HEADER_BYTES + data_bytes != size_bytes:
        return None
    return float(data_bytes / byte_rate)
