"""Whatever its size and however many chunks it has, a file's header is read in bounded time and memory."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.facts import AudioFacts, Presence
from diagnostics.probes.local_store import look_at
from tests.bounds import bounded
from tests.corpus.wavs import HEADER_BYTES, UNKNOWN, WHOLE, chunk, container, format_chunk, long_form, sound, wav

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
GIGABYTE = 2**30
TINY = chunk(b"JUNK", b"") * 1_000_000
ODD_AND_TINY = chunk(b"LIST", b"x", pad=True) * 1_000_000
NOTES = chunk(b"note", b"1234") * 1_000_000


def looked_at(folder: Path, name: str) -> AudioFacts:
    return bounded(lambda: look_at(str(folder), name, NOW), seconds=2, megabytes=4)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (container(format_chunk(), TINY, chunk(b"data", sound(24_000))), "no_data"),
        (container(format_chunk(), ODD_AND_TINY), "no_data"),
        (container(TINY), "no_format"),
        (container(format_chunk() * 1_000_000), "no_data"),
        (container(format_chunk(), chunk(b"data", sound(24_000)), TINY), None),
        (container(format_chunk(), chunk(b"data", sound(24_000)), NOTES), None),
        (container(chunk(b"data", b"") * 1_000_000), "no_format"),
    ],
    ids=["before data", "odd ones", "nothing else", "formats", "behind data", "notes behind data", "empty data"],
)
def test_a_million_tiny_chunks(tmp_path: Path, content: bytes, problem: str | None) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    header = looked_at(tmp_path, "a.wav").header
    assert header is not None
    assert header.problem == problem
    assert 0 <= header.trailing <= len(content)


@pytest.mark.parametrize(
    ("beginning", "is_whole", "problem"),
    [
        (b"", False, "not_wave"),
        (wav(0, data_size=GIGABYTE - HEADER_BYTES), True, None),
        (wav(0, data_size=0), False, None),
        (wav(0, data_size=UNKNOWN, riff_size=UNKNOWN), False, None),
        (wav(0, data_size=2 * GIGABYTE), False, None),
        (long_form(b"RF64", 0, declared=GIGABYTE), False, None),
        (WHOLE, True, None),
        (container(format_chunk(), chunk(b"LIST", b"", size=GIGABYTE // 2)), False, "no_data"),
    ],
    ids=["nothing", "whole", "open", "unknown", "cut", "cut RF64", "zeros behind", "a LIST of half of it"],
)
def test_a_sparse_file_of_a_gigabyte(tmp_path: Path, beginning: bytes, is_whole: bool, problem: str | None) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(beginning)
    os.truncate(path, GIGABYTE)
    facts = looked_at(tmp_path, "a.wav")
    assert (facts.presence, facts.size_bytes) == (Presence.REGULAR, GIGABYTE)
    assert facts.header is not None
    assert (facts.header.is_whole, facts.header.problem) == (is_whole, problem)


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(
        st.tuples(
            st.sampled_from([b"fmt ", b"data", b"JUNK", b"LIST", b"ds64", b"\0\0\0\0", b"\xff\xff\xff\xff"]),
            st.sampled_from([0, 1, 2, 4, 16, 28, 2**31, UNKNOWN]),
            st.binary(max_size=40),
            st.sampled_from([1, 3, 5_000]),
        ),
        max_size=5,
    ),
    form=st.sampled_from([b"RIFF", b"RF64", b"BW64"]),
    hole=st.sampled_from([0, 1, 4_096, GIGABYTE]),
)
def test_any_chunks_and_holes(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[bytes, int, bytes, int]], form: bytes, hole: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    content = b"".join((name + struct.pack("<I", size) + body) * times for name, size, body, times in pieces)
    (folder / "a.wav").write_bytes(form + struct.pack("<I", UNKNOWN) + b"WAVE" + content)
    os.truncate(folder / "a.wav", (folder / "a.wav").stat().st_size + hole)
    header = looked_at(folder, "a.wav").header
    assert header is not None
    assert 0 <= header.data_present <= (folder / "a.wav").stat().st_size
