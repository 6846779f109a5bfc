"""The arithmetic of WAV headers, on files made by hand, byte for byte."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostics.domain.facts import WavHeader
from diagnostics.probes.wav import MAX_CHUNKS, read_header
from tests.corpus.wavs import (
    HEADER_BYTES,
    UNKNOWN,
    WHOLE,
    chunk,
    container,
    extensible,
    format_chunk,
    long_form,
    sound,
    wav,
)

DATA = chunk(b"data", sound(24_000))
ODD = chunk(b"data", sound(23_999), pad=False)
SECOND = wav(5)
Read = Callable[[bytes], WavHeader]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda content: read_from(tmp_path / "take.wav", content)


def read_from(path: Path, content: bytes) -> WavHeader:
    path.write_bytes(content)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return read_header(descriptor, len(content))
    finally:
        os.close(descriptor)


def ds64(data: int, *, size: int = 28) -> bytes:
    return chunk(b"ds64", struct.pack("<QQQI", 0, data, 0, 0)[:size])


@dataclass(frozen=True, slots=True)
class Take:
    """A file, and what its header comes to."""

    name: str
    content: bytes
    seconds: float = 60.0
    trailing: int = 0


WHOLE_TAKES = (
    Take("plain", WHOLE),
    Take("list_before", wav(before=chunk(b"LIST", bytes(40)))),
    Take("odd_list_before", wav(before=chunk(b"LIST", bytes(41)))),
    Take("junk_beyond_the_first_page", wav(before=chunk(b"JUNK", bytes(9_000)))),
    Take("two_hundred_chunks_before", wav(before=chunk(b"JUNK", b"") * 200)),
    Take("format_of_18_bytes", container(format_chunk(extra=b"\0\0"), DATA)),
    Take("format_beyond_40_bytes", container(format_chunk(extra=bytes(60)), DATA)),
    Take("extensible", extensible()),
    Take("float32", wav(tag=3, bits=32)),
    Take("a_law", wav(tag=6, bits=8)),
    Take("eight_bit", wav(bits=8)),
    Take("twenty_four_bit_stereo", wav(bits=24, channels=2)),
    Take("rf64", long_form(b"RF64")),
    Take("bw64", long_form(b"BW64")),
    Take("rf64_with_its_size_in_data", container(ds64(24_000), format_chunk(), DATA, form=b"RF64", size=UNKNOWN)),
    Take("rf64_without_ds64", container(format_chunk(), DATA, form=b"RF64")),
    Take("riff_size_zero", wav(riff_size=0)),
    Take("riff_size_unknown", wav(riff_size=UNKNOWN)),
    Take("riff_size_8_short", wav(riff_size=len(WHOLE) - 16)),
    Take("riff_size_too_large", wav(riff_size=len(WHOLE) * 2)),
    Take("odd_without_pad", container(format_chunk(), ODD), 59.9975),
    Take("odd_with_pad", container(format_chunk(), chunk(b"data", sound(23_999))), 59.9975),
    Take("odd_without_pad_list_behind", container(format_chunk(), ODD, chunk(b"LIST", bytes(40))), 59.9975),
    Take(
        "odd_with_pad_list_behind",
        container(format_chunk(), chunk(b"data", sound(23_999)), chunk(b"LIST", bytes(40))),
        59.9975,
    ),
    Take("id3_behind", wav(after=chunk(b"id3 ", bytes(300)))),
    Take("id3_behind_not_counted", wav(after=chunk(b"id3 ", bytes(300)), riff_size=len(WHOLE) - 8)),
    Take("list_and_cue_behind", wav(after=chunk(b"LIST", bytes(40)) + chunk(b"cue ", bytes(28)))),
    Take("odd_list_behind_without_pad", wav(after=chunk(b"LIST", bytes(41), pad=False))),
    Take("own_chunk_behind_counted", wav(after=chunk(b"zZzZ", bytes(8)))),
    Take("nothing_at_all", wav(0), 0.0),
    Take("nothing_but_a_list_behind", wav(0, after=chunk(b"LIST", bytes(40))), 0.0),
    Take("second_wav_behind", WHOLE + SECOND, trailing=len(SECOND)),
    Take("garbage_behind", WHOLE + b"\xf7garbage" * 9, trailing=72),
    Take("html_behind", WHOLE + b"<html></html>", trailing=13),
    Take("three_bytes_behind", WHOLE + b"abc", trailing=3),
    Take("garbage_behind_a_list", wav(after=chunk(b"LIST", bytes(40))) + b"\xf7" * 100, trailing=100),
    Take("cut_list_behind", wav(after=chunk(b"LIST", bytes(40)))[:-20], trailing=28),
)
CUT_TAKES = (
    Take("in_half", WHOLE[: HEADER_BYTES + 12_000], 30.0),
    Take("by_one_byte", WHOLE[:-1], 59.9975),
    Take("header_alone", WHOLE[:HEADER_BYTES], 0.0),
    Take("rf64", long_form(b"RF64", 20, declared=24_000), 20.0),
    Take("bw64", long_form(b"BW64", 20, declared=24_000), 20.0),
    Take(
        "rf64_of_many_gigabytes",
        container(ds64(2**63), format_chunk(), chunk(b"data", sound(4_000), size=UNKNOWN), form=b"RF64"),
        10.0,
    ),
    Take("size_that_wraps", wav(10, data_size=0xFFFFFFFE), 10.0),
    Take("behind_a_list", wav(before=chunk(b"LIST", bytes(40)))[: HEADER_BYTES + 48 + 400], 1.0),
)
OPEN_TAKES = (
    Take("sizes_zero", wav(10, data_size=0, riff_size=0), 10.0),
    Take("data_zero", wav(10, data_size=0), 10.0),
    Take("sizes_unknown", wav(10, data_size=UNKNOWN, riff_size=UNKNOWN), 10.0),
    Take("data_unknown", wav(10, data_size=UNKNOWN), 10.0),
    Take(
        "rf64_without_ds64", container(format_chunk(), chunk(b"data", sound(4_000), size=UNKNOWN), form=b"RF64"), 10.0
    ),
    Take(
        "rf64_with_ds64_cut_short",
        container(ds64(24_000, size=8), format_chunk(), chunk(b"data", sound(4_000), size=UNKNOWN), form=b"RF64"),
        10.0,
    ),
)
UNUSABLE = (
    ("nothing", b"", "not_wave"),
    ("html", b"<!DOCTYPE html><html><body>404</body></html>", "not_wave"),
    ("json", b'{"success": false}', "not_wave"),
    ("mp3", b"ID3\x04" + bytes(500), "not_wave"),
    ("nuls", bytes(500), "not_wave"),
    ("rifx", container(format_chunk(), DATA, form=b"RIFX"), "not_wave"),
    ("avi", container(format_chunk(), DATA, kind=b"AVI "), "not_wave"),
    ("lower_case", container(format_chunk(), DATA, form=b"riff"), "not_wave"),
    ("no_chunks", container(), "no_format"),
    ("no_format", container(DATA), "no_format"),
    ("format_behind_data", container(DATA, format_chunk()), "no_format"),
    ("short_format", container(chunk(b"fmt ", bytes(14)), DATA), "bad_format"),
    ("no_rate", container(format_chunk(rate=0), DATA), "bad_format"),
    ("no_channels", container(format_chunk(channels=0, align=2), DATA), "bad_format"),
    ("no_align", container(format_chunk(align=0), DATA), "bad_format"),
    ("no_data", container(format_chunk(), chunk(b"LIST", bytes(40))), "no_data"),
    ("chunk_beyond_the_end", container(format_chunk(), chunk(b"LIST", bytes(9), size=2**31), DATA), "no_data"),
    ("more_chunks_than_are_read", wav(before=chunk(b"JUNK", b"") * MAX_CHUNKS), "no_data"),
)  # fmt: skip


def _name(take: object) -> str | None:
    return take.name if isinstance(take, Take) else None


@pytest.mark.parametrize("take", WHOLE_TAKES, ids=_name)
def test_it_is_whole(take: Take, read: Read) -> None:
    header = read(take.content)
    assert header.is_whole
    assert header.seconds_present == pytest.approx(take.seconds)
    assert header.trailing == take.trailing


@pytest.mark.parametrize("take", CUT_TAKES, ids=_name)
def test_it_is_cut(take: Take, read: Read) -> None:
    header = read(take.content)
    assert header.is_truncated
    assert not header.is_unfinalised
    assert header.seconds_present == pytest.approx(take.seconds)


@pytest.mark.parametrize("take", OPEN_TAKES, ids=_name)
def test_it_was_never_finalised(take: Take, read: Read) -> None:
    header = read(take.content)
    assert header.is_unfinalised
    assert header.seconds_present == pytest.approx(take.seconds)


@pytest.mark.parametrize(("content", "problem"), [row[1:] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE])
def test_it_is_no_usable_wave(content: bytes, problem: str, read: Read) -> None:
    header = read(content)
    assert header.problem == problem
    assert not header.is_whole


def test_it_tells_its_format(read: Read) -> None:
    header = read(wav(1, rate=8_000, channels=2))
    found = (header.container, header.format_tag, header.channels, header.sample_rate, header.bits)
    assert found == ("RIFF", 1, 2, 8_000, 16)
    assert header.bytes_per_second == 32_000


@pytest.mark.parametrize("content", [WHOLE, long_form(), extensible()], ids=["riff", "rf64", "extensible"])
def test_no_cut_of_the_header_raises_or_is_whole(content: bytes, read: Read) -> None:
    assert not any(read(content[:length]).is_whole for length in range(130))


def test_a_piece_that_is_not_finished_grows_second_by_second(read: Read) -> None:
    grown = wav(3, data_size=0)
    seconds = [read(grown[: HEADER_BYTES + count * 400]).seconds_present for count in range(1, 4)]
    assert seconds == [1.0, 2.0, 3.0]


def test_a_sparse_file_of_gigabytes_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "big.wav"
    path.write_bytes(wav(0, data_size=3_000_000_000))
    with path.open("r+b") as file:
        file.truncate(HEADER_BYTES + 3_000_000_000)
    begun = time.monotonic()
    with path.open("rb") as file:
        header = read_header(file.fileno(), path.stat().st_size)
    assert header.is_whole
    assert time.monotonic() - begun < 0.5


@settings(max_examples=400, deadline=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from([b"RIFF", b"RF64", b"BW64"]),
    names=st.lists(st.sampled_from([b"fmt ", b"data", b"ds64", b"LIST", b"id3 ", b"\0\0\0\0", b"RIFF"]), max_size=6),
    sizes=st.lists(st.sampled_from([0, 1, 7, 16, 28, 40, 2**31, UNKNOWN - 1, UNKNOWN]), min_size=6, max_size=6),
    body=st.binary(max_size=60),
    cut=st.integers(0, 40),
)
def test_no_file_makes_it_raise_or_hang(
    form: bytes, names: list[bytes], sizes: list[int], body: bytes, cut: int, read: Read
) -> None:
    chunks = [chunk(name, body, size=size) for name, size in zip(names, sizes, strict=False)]
    content = container(*chunks, form=form)
    header = read(content[: len(content) - cut])
    assert 0 <= header.data_present <= len(content)
    assert 0 <= header.trailing <= len(content)
    assert header.problem is not None or header.bytes_per_second >= 0


@settings(max_examples=200, deadline=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, HEADER_BYTES - 1), patch=st.binary(min_size=1, max_size=8))
def test_no_changed_header_makes_it_raise_or_hang(at: int, patch: bytes, read: Read) -> None:
    content = bytearray(WHOLE)
    content[at : at + len(patch)] = patch
    read(bytes(content))
