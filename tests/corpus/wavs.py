"""WAV files made by hand, byte for byte, healthy and otherwise."""

from __future__ import annotations

import struct

RATE = 200  # samples a second: a minute is 24,000 bytes
UNKNOWN = 0xFFFFFFFF


def chunk(name: bytes, body: bytes, *, size: int | None = None, pad: bool = True) -> bytes:
    padding = b"\0" if pad and len(body) % 2 else b""
    return name + struct.pack("<I", len(body) if size is None else size) + body + padding


def format_chunk(
    *, tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, align: int | None = None, extra: bytes = b""
) -> bytes:
    frame = channels * bits // 8 if align is None else align
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits) + extra)


def sound(count: int) -> bytes:
    """Return so many bytes that are no silence."""
    return (b"\x01\x02\x7f\x30" * (count // 4 + 1))[:count]


def container(*chunks: bytes, form: bytes = b"RIFF", kind: bytes = b"WAVE", size: int | None = None) -> bytes:
    body = kind + b"".join(chunks)
    return form + struct.pack("<I", len(body) if size is None else size) + body


def wav(
    seconds: float = 60,
    *,
    before: bytes = b"",
    after: bytes = b"",
    data_size: int | None = None,
    riff_size: int | None = None,
    tag: int = 1,
    channels: int = 1,
    rate: int = RATE,
    bits: int = 16,
) -> bytes:
    """Return a PCM file; `before` and `after` are chunks around its data, `data_size` the lie of its header."""
    data = sound(round(seconds * rate) * channels * bits // 8)
    form = format_chunk(tag=tag, channels=channels, rate=rate, bits=bits)
    chunks = (form, before, chunk(b"data", data, size=data_size), after)
    return container(*chunks, size=riff_size)


def extensible(seconds: float = 60) -> bytes:
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    extra = struct.pack("<HHI", 22, 16, 4) + guid
    data = sound(round(seconds * RATE) * 2)
    return container(format_chunk(tag=0xFFFE, extra=extra), chunk(b"data", data))


def long_form(form: bytes = b"RF64", seconds: float = 60, *, declared: int | None = None) -> bytes:
    """Return an RF64 or BW64 file, whose ds64 chunk holds the sizes."""
    data = sound(round(seconds * RATE) * 2)
    length = len(data) if declared is None else declared
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 72 + length, length, length // 2, 0))
    return container(ds64, format_chunk(), chunk(b"data", data, size=UNKNOWN), form=form, size=UNKNOWN)


WHOLE = wav()
HEADER_BYTES = len(WHOLE) - 60 * RATE * 2
