"""Listens to the samples of one WAV file: a few windows of it, and its end exactly. Run as a process of its own.

A file system whose server is gone holds whoever reads it for ever, so that `hearing.py` starts this as a helper:
`python -E -S -m diagnostics.probes.sound ROOT PATH BYTES SECONDS NICENESS LOCK`. Only the standard library and the
domain. Each read is made under the lock of all who look at the root, so that one that hangs is the only one.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace

from diagnostics.domain.facts import WavHeader
from diagnostics.domain.sound import SoundFacts
from diagnostics.probes.local_store import open_file
from diagnostics.probes.store_turn import Turn
from diagnostics.probes.voices import Voice, voice_of
from diagnostics.probes.wav import read_header

PEAKS = 400
WINDOW_BYTES = 8 * 1024
FIRST_BLOCK_BYTES = 64 * 1024
BLOCK_BYTES = 1024 * 1024
LONGEST_STEP_BYTES = 1 << 40
BUDGET_BYTES = 512 * 1000 * 1000
SECONDS = 20.0
PROBLEMS = {errno.ENOENT: "gone", errno.ENOTDIR: "gone", errno.EACCES: "unreadable", errno.EPERM: "unreadable"}
PROBLEMS |= {errno.ETIMEDOUT: "busy"}  # somebody else's look hangs


class SpentError(Exception):
    """The bytes or the time that one file may take are used up."""


@dataclass(slots=True)
class _Ear:
    """The samples of one file, by their place behind the beginning of the data; counts what it reads."""

    descriptor: int
    header: WavHeader
    voice: Voice
    budget_bytes: int
    ends: float
    turn: Turn
    bytes_read: int = 0

    @property
    def frame(self) -> int:
        return self.header.block_align

    @property
    def size(self) -> int:
        """The bytes of all whole frames; a part of one at the end is no sample."""
        return self.header.data_present // self.frame * self.frame

    def hear(self, low: int, high: int) -> bytes:
        if self.bytes_read + high - low > self.budget_bytes or time.monotonic() >= self.ends:
            raise SpentError
        with self.turn.held():
            samples = os.pread(self.descriptor, high - low, self.header.data_at + low)
        self.bytes_read += len(samples)
        if len(samples) < high - low:
            raise OSError(errno.EIO, "the file became shorter while it was listened to")
        return samples

    def is_empty(self, low: int, high: int) -> bool:
        """Whether nothing was ever written there: a hole of a sparse file, silent without being read."""
        if not self.voice.is_silent_where_empty:
            return False
        if time.monotonic() >= self.ends:
            raise SpentError
        try:
            return os.lseek(self.descriptor, self.header.data_at + low, os.SEEK_DATA) >= self.header.data_at + high
        except OSError as error:
            return error.errno == errno.ENXIO  # nothing but a hole up to the end; else it is not told here


def listen(
    descriptor: int,
    header: WavHeader,
    *,
    budget_bytes: int = BUDGET_BYTES,
    seconds: float = SECONDS,
    turn: Turn | None = None,
) -> SoundFacts:
    """Return what is heard of a whole file. Raises OSError as the reads do.

    The end is measured backwards, as far as it is silent; of all else only windows are heard. What a file in order
    costs does not depend on its size.
    """
    voice = voice_of(header)
    if voice is None:
        return SoundFacts(problem="format")
    ear = _Ear(descriptor, header, voice, budget_bytes, time.monotonic() + seconds, turn or Turn(""))
    end, is_complete = _end_of_sound(ear)
    peaks = _peaks(ear, end)
    total, silent = ear.size // ear.frame, (ear.size - end) // ear.frame
    return SoundFacts(
        length_seconds=total / header.sample_rate,
        silent_from_seconds=end // ear.frame / header.sample_rate if silent else None,
        silent_seconds=silent / header.sample_rate,
        silent_percent=round(100 * silent / total, 2) if total else 0.0,
        is_complete=is_complete,
        bytes_read=ear.bytes_read,
        peaks=peaks,
    )


def _end_of_sound(ear: _Ear) -> tuple[int, bool]:
    """Return where the last sound ends, and whether that is exact; else all behind it is silent, and more may be.

    Over holes the steps grow, and shrink again where something was written, so that a gigabyte of nothing is one look.
    """
    end, step = ear.size, FIRST_BLOCK_BYTES
    try:
        while end:
            low = max(0, end - max(step // ear.frame, 1) * ear.frame)
            if ear.is_empty(low, end):
                end, step = low, min(2 * max(step, BLOCK_BYTES), LONGEST_STEP_BYTES)
            elif step > BLOCK_BYTES:
                step = max(step // 8, BLOCK_BYTES)
            else:
                sounding = ear.voice.sounding(ear.hear(low, end))
                if sounding:
                    return low + -(-sounding // ear.frame) * ear.frame, True
                end, step = low, BLOCK_BYTES
    except SpentError:
        return end, False
    return end, True


def _peaks(ear: _Ear, end: int) -> bytes:
    """Return the loudest sample of each window, b"" where not all could be heard; a short file is heard whole."""
    frames, window = ear.size // ear.frame, max(WINDOW_BYTES // ear.frame, 1)
    count = min(PEAKS, frames)
    peaks = bytearray()
    try:
        for number in range(count):
            first, last = number * frames // count, (number + 1) * frames // count
            spared = max(0, last - first - window) // 2
            low, high = (first + spared) * ear.frame, min(last, first + spared + window) * ear.frame
            is_silent = low >= end or ear.is_empty(low, high)
            peaks.append(0 if is_silent else ear.voice.loudness(ear.hear(low, high)))
    except SpentError:
        return b""
    return bytes(peaks)


def hear(
    root: str, path: str, budget_bytes: int, seconds: float, lock: str = ""
) -> tuple[SoundFacts, tuple[int, int, int] | None]:
    """Listen to the file at a path below a root; return what was heard and of which size, mtime and ctime (ns)."""
    turn = Turn(lock)
    try:
        with turn.held():
            descriptor = open_file(os.path.realpath(root), path)
            before = _stamp(descriptor)
    except OSError as error:
        return _failed(error), None
    try:
        with turn.held():
            header = read_header(descriptor, before[0])
        if not header.is_whole:
            return SoundFacts(problem="not_whole"), before
        facts = listen(descriptor, header, budget_bytes=budget_bytes, seconds=seconds, turn=turn)
        after = _stamp(descriptor)
        return (facts, before) if after == before else (SoundFacts(problem="changed"), None)
    except OSError as error:
        is_same = _stamp(descriptor) == before
        return (_failed(error) if is_same else SoundFacts(problem="changed")), before if is_same else None
    finally:
        os.close(descriptor)


def _stamp(descriptor: int) -> tuple[int, int, int]:
    found = os.fstat(descriptor)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _failed(error: OSError) -> SoundFacts:
    return SoundFacts(problem=PROBLEMS.get(error.errno or 0, "io_error"))


def main(arguments: list[str]) -> None:
    root, path, budget_bytes, seconds, niceness, lock = arguments
    os.nice(int(niceness))
    facts, stamp = hear(root, path, int(budget_bytes), float(seconds), lock)
    told = {**asdict(replace(facts, peaks=b"")), "peaks": facts.peaks.hex(), "stamp": stamp}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
