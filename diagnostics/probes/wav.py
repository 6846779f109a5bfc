"""The header of a WAV file, by arithmetic: what it promises against what the file holds. Never trusts a library's word.

Sources: the RIFF/WAVE specification of 1991; EBU Tech 3306 (RF64); ITU-R BS.2088 (BW64).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from diagnostics.domain.facts import WavHeader

CONTAINERS = (b"RIFF", b"RF64", b"BW64")
HEAD_BYTES = 4096
MAX_CHUNKS = 256
READ_AHEAD = 128  # files that are open at once
UNKNOWN_SIZE = 0xFFFFFFFF
EXTENSIBLE = 0xFFFE
PCM_LIKE = (1, 3, 6, 7, EXTENSIBLE)  # PCM, float, A-law, µ-law, extensible: a frame is `block align` bytes
# Chunks that are seen behind `data`, also where the writer forgot to count them into the RIFF size.
KNOWN_TAIL = frozenset(
    (b"LIST", b"list", b"id3 ", b"ID3 ", b"bext", b"cue ", b"fact", b"smpl", b"inst", b"JUNK", b"junk", b"PAD ", b"FLLR",
     b"iXML", b"axml", b"aXML", b"chna", b"_PMX", b"afsp", b"PEAK", b"DISP", b"plst", b"note", b"ltxt", b"levl", b"LGWV",
     b"ResU", b"umid", b"minf", b"elm1", b"regn", b"cart", b"acid", b"strc", b"MD5 ")
)  # fmt: skip


@dataclass(slots=True)
class _Walk:
    """What the walk over the chunks has met so far."""

    container: str
    riff_end: int
    long_data: int | None = None
    fmt: bytes | None = None
    data_at: int | None = None
    data_size: int = 0


def read_header(descriptor: int, size: int) -> WavHeader:
    """Return the arithmetic of the file behind an open descriptor of `size` bytes; reads a few KiB, whatever the size.

    Raises OSError as the reads do.
    """
    head = os.pread(descriptor, HEAD_BYTES, 0)
    container = head[:4]
    if container not in CONTAINERS or head[8:12] != b"WAVE":
        return WavHeader(problem="not_wave")
    walk = _Walk(container.decode(), struct.unpack_from("<I", head, 4)[0] + 8)
    _walk_to_data(descriptor, size, head, walk)
    if walk.fmt is None:
        return WavHeader(problem="no_format", container=walk.container)
    return _measured(descriptor, size, walk)


def headers_in(folder: int, wanted: Sequence[tuple[bytes, int]]) -> Iterator[WavHeader | None]:
    """Yield the headers of regular files by plain name and size in an open folder; no link is followed.

    None where a file cannot be read, or something else of that name or size stands there by now. The disk is asked for
    many before the first is read: a quarter of the time of one after the other, where they are not in memory.
    """
    for start in range(0, len(wanted), READ_AHEAD):
        some = wanted[start : start + READ_AHEAD]
        opened = [_asked_for(folder, name) for name, _size in some]
        try:
            yield from [_header_of(descriptor, size) for descriptor, (_name, size) in zip(opened, some, strict=True)]
        finally:
            for descriptor in opened:
                if descriptor is not None:
                    os.close(descriptor)


def _asked_for(folder: int, name: bytes) -> int | None:
    """Open a file, and have its first bytes brought to memory, without waiting for them."""
    with suppress(OSError):
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with suppress(OSError):  # a pipe takes no advice
            os.posix_fadvise(descriptor, 0, HEAD_BYTES, os.POSIX_FADV_WILLNEED)
        return descriptor
    return None


def _header_of(descriptor: int | None, size: int) -> WavHeader | None:
    if descriptor is None:
        return None
    with suppress(OSError):
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_size == size:
            return read_header(descriptor, size)
    return None


def _walk_to_data(descriptor: int, size: int, head: bytes, walk: _Walk) -> None:
    """Walk the chunks up to `data`; LIST, JUNK and the like may stand before it, in any order."""
    at = 12
    for _ in range(MAX_CHUNKS):
        name, length = _chunk(descriptor, at, head)
        if len(name) < 4:
            return
        if name == b"data":
            walk.data_at, walk.data_size = at + 8, length
            return
        if name == b"fmt ":
            walk.fmt = _bytes(descriptor, at + 8, min(length, 40), head)
        elif name == b"ds64" and length >= 16:
            walk.long_data = struct.unpack("<Q", _bytes(descriptor, at + 16, 8, head).ljust(8, b"\0"))[0]
        at += 8 + length + length % 2
        if at + 8 > size:
            return


def _measured(descriptor: int, size: int, walk: _Walk) -> WavHeader:
    fmt = (walk.fmt or b"").ljust(16, b"\0")
    tag, channels, rate, byte_rate, align, bits = struct.unpack("<HHIIHH", fmt[:16])
    header = WavHeader(
        problem=None,
        container=walk.container,
        format_tag=tag,
        channels=channels,
        sample_rate=rate,
        bits=bits,
        bytes_per_second=rate * align if tag in PCM_LIKE else byte_rate or rate * align,
        data_at=walk.data_at or 0,
        block_align=align,
        encoding=_encoding(tag, walk.fmt or b""),
    )
    if len(walk.fmt or b"") < 16 or not (channels and rate and align):
        return replace(header, problem="bad_format")
    if walk.data_at is None:
        return replace(header, problem="no_data")
    present = max(0, size - walk.data_at)
    declared = _declared(walk)
    if _is_unfinalised(descriptor, size, walk, declared, present):
        return replace(header, data_declared=declared, data_present=present, is_unfinalised=True)
    if declared >= present:
        return replace(header, data_declared=declared, data_present=present)
    trailing = _trailing(descriptor, size, walk, walk.data_at + declared)
    return replace(header, data_declared=declared, data_present=declared, trailing=trailing)


def _encoding(tag: int, fmt: bytes) -> int:
    """An extensible format names its encoding in the first two bytes of its sub-format."""
    return struct.unpack_from("<H", fmt, 24)[0] if tag == EXTENSIBLE and len(fmt) >= 26 else tag


def _declared(walk: _Walk) -> int:
    if walk.container != "RIFF" and walk.long_data is not None and walk.data_size == UNKNOWN_SIZE:
        return walk.long_data
    return walk.data_size


def _is_unfinalised(descriptor: int, size: int, walk: _Walk, declared: int, present: int) -> bool:
    """Whether the writer never came back: a data size of 0 or 0xFFFFFFFF with audio behind it."""
    if not present or declared not in (0, UNKNOWN_SIZE):
        return False
    if declared == UNKNOWN_SIZE:
        return walk.container == "RIFF" or walk.long_data is None or present < declared
    assert walk.data_at is not None  # noqa: S101  the caller met the data chunk
    return _end_of_chunks(descriptor, size, walk.data_at, walk.riff_end) != size


def _trailing(descriptor: int, size: int, walk: _Walk, data_end: int) -> int:
    """Return how many bytes stand behind the last chunk. A missing pad byte is no fault: where chunks lead further, they begin."""
    starts = {data_end + data_end % 2, data_end}
    return max(0, size - max(_end_of_chunks(descriptor, size, start, walk.riff_end) for start in starts))


def _end_of_chunks(descriptor: int, size: int, at: int, riff_end: int) -> int:
    """Follow well-formed chunks from `at` and return where they end; another RIFF file is none of them."""
    for _ in range(MAX_CHUNKS):
        if at + 8 > size:
            return at
        name, length = _chunk(descriptor, at, b"")
        is_known = name in KNOWN_TAIL
        is_inside = at + 8 + length <= riff_end and all(32 <= byte < 127 for byte in name)
        if name in CONTAINERS or not (is_known or is_inside) or at + 8 + length > size:
            return at
        at += 8 + length + length % 2
    return at


def _chunk(descriptor: int, at: int, head: bytes) -> tuple[bytes, int]:
    raw = _bytes(descriptor, at, 8, head)
    return (raw[:4], struct.unpack_from("<I", raw, 4)[0]) if len(raw) == 8 else (b"", 0)


def _bytes(descriptor: int, at: int, count: int, head: bytes) -> bytes:
    return head[at : at + count] if at + count <= len(head) else os.pread(descriptor, count, at)
