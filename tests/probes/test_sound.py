"""Listening to files, on files made by hand: every format, silent ends to the sample, holes, budgets, and what is no fault."""

from __future__ import annotations

import math
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostics.domain.sound import SoundFacts
from diagnostics.probes.sound import PEAKS, listen
from diagnostics.probes.wav import read_header
from tests.corpus.wavs import chunk, container, extensible, format_chunk, long_form, wav

RATE = 200
TOLERANCE = 2.0
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
Listen = Callable[..., SoundFacts]

# Format tag, bytes a sample, a sample of silence, one that can barely be heard, one at full scale.
FORMATS = {
    "pcm8": (1, 1, b"\x80", b"\x81", b"\x00"),
    "pcm16": (1, 2, bytes(2), b"\xff\xff", b"\x00\x80"),
    "pcm24": (1, 3, bytes(3), b"\x01\0\0", b"\x00\x00\x80"),
    "pcm32": (1, 4, bytes(4), b"\x01\0\0\0", b"\x00\x00\x00\x80"),
    "float32": (3, 4, bytes(4), struct.pack("<f", 1e-38), struct.pack("<f", -1.0)),
    "float32_minus_zero": (3, 4, struct.pack("<f", -0.0), struct.pack("<f", -1e-45), struct.pack("<f", 1.0)),
    "float64": (3, 8, bytes(8), struct.pack("<d", 5e-324), struct.pack("<d", 1.0)),
    "float64_minus_zero": (3, 8, struct.pack("<d", -0.0), struct.pack("<d", 1e-300), struct.pack("<d", -1.0)),
    "a_law": (6, 1, b"\xd5", b"\x55", b"\xaa"),
    "mu_law": (7, 1, b"\xff", b"\xfe", b"\x80"),
    "mu_law_minus_zero": (7, 1, b"\x7f", b"\x7e", b"\x00"),
}
each_format = pytest.mark.parametrize("kind", FORMATS)


@pytest.fixture
def heard(tmp_path: Path) -> Listen:
    return lambda content, **limits: hear(tmp_path / "take.wav", content, **limits)


def hear(path: Path, content: bytes, **limits: float) -> SoundFacts:
    path.write_bytes(content)
    return hear_file(path, **limits)


def hear_file(path: Path, **limits: float) -> SoundFacts:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        header = read_header(descriptor, path.stat().st_size)
        return listen(descriptor, header, **limits)  # type: ignore[arg-type]  # both limits are numbers
    finally:
        os.close(descriptor)


def made(kind: str, *parts: tuple[bytes, int], channels: int = 1, rate: int = RATE) -> bytes:
    """A file of samples, each so many times in all channels."""
    tag, width, *_ = FORMATS[kind]
    data = b"".join(sample * channels * count for sample, count in parts)
    return container(format_chunk(tag=tag, channels=channels, rate=rate, bits=8 * width), chunk(b"data", data))


def pcm16(*parts: tuple[int, float], rate: int = RATE) -> bytes:
    """A file of constant levels, each for so many seconds."""
    data = b"".join(struct.pack("<h", level) * round(seconds * rate) for level, seconds in parts)
    return container(format_chunk(rate=rate), chunk(b"data", data))


@each_format
def test_its_silent_end_is_measured_to_the_sample(kind: str, heard: Listen) -> None:
    _tag, _width, silence, faint, loud = FORMATS[kind]
    facts = heard(made(kind, (loud, 5_000), (faint, 1), (silence, 7_003)))
    assert facts.silent_from_seconds == 5_001 / RATE
    assert facts.silent_seconds == 7_003 / RATE
    assert facts.silent_percent == round(100 * 7_003 / 12_004, 2)
    assert facts.is_complete


@each_format
def test_silence_throughout_is_silence_throughout(kind: str, heard: Listen) -> None:
    facts = heard(made(kind, (FORMATS[kind][2], 999)))
    assert (facts.silent_from_seconds, facts.silent_percent, facts.peaks) == (0.0, 100.0, bytes(PEAKS))
    assert facts.is_silent(TOLERANCE)


@each_format
def test_the_faintest_sample_is_no_silence(kind: str, heard: Listen) -> None:
    _tag, _width, silence, faint, _loud = FORMATS[kind]
    facts = heard(made(kind, *((silence, 9), (faint, 1)) * 1_200))
    assert facts.silent_from_seconds is None
    assert set(facts.peaks) <= {1, 2}
    assert not facts.is_silent(TOLERANCE)


@each_format
def test_its_peaks_are_those_of_the_samples(kind: str, heard: Listen) -> None:
    _tag, _width, silence, _faint, loud = FORMATS[kind]
    facts = heard(made(kind, (loud, 2_000), (silence, 1_000), (loud, 1_000)))
    assert len(facts.peaks) == PEAKS
    assert facts.peaks[200:300] == bytes(100)
    assert min(facts.peaks[:200] + facts.peaks[300:]) >= 249


@pytest.mark.parametrize("channels", [2, 3, 6])
def test_one_channel_that_sounds_is_sound(channels: int, heard: Listen) -> None:
    frame = struct.pack("<h", 3) + bytes(2 * (channels - 1))
    form = format_chunk(channels=channels)
    facts = heard(container(form, chunk(b"data", frame * 3_000 + bytes(2 * channels) * 1_000)))
    assert facts.silent_from_seconds == 3_000 / RATE
    assert facts.silent_seconds == 1_000 / RATE
    both = heard(container(form, chunk(b"data", frame * 4_000)))
    assert both.silent_from_seconds is None


@pytest.mark.parametrize(
    "content",
    [extensible(60), long_form(b"RF64"), long_form(b"BW64"), wav(before=chunk(b"LIST", bytes(4_999)))],
    ids=["extensible", "rf64", "bw64", "odd_list_before"],
)
def test_other_containers_are_heard_as_well(content: bytes, heard: Listen) -> None:
    assert heard(content).silent_from_seconds is None
    silent_end = content[:-16_000] + bytes(16_000)
    assert heard(silent_end).silent_seconds == pytest.approx(8_000 / RATE, abs=0.01)


def test_what_stands_behind_the_data_is_not_heard(heard: Listen) -> None:
    loud = chunk(b"LIST", b"\xff" * 4_000)
    facts = heard(container(format_chunk(), chunk(b"data", bytes(8_000)), loud))
    assert facts.silent_from_seconds == 0.0


@pytest.mark.parametrize("pad", [True, False])
def test_odd_sizes_end_with_their_last_whole_sample(pad: bool, heard: Listen) -> None:
    """A byte that is half a sample is none."""
    odd = container(format_chunk(), chunk(b"data", b"\x05\x00" * 500 + bytes(2_000) + b"\x7f", pad=pad))
    assert heard(odd).silent_seconds == 1_000 / RATE
    bytewise = container(format_chunk(bits=8), chunk(b"data", b"\x85" * 500 + b"\x80" * 501, pad=pad))
    assert heard(bytewise).silent_seconds == 501 / RATE


@pytest.mark.parametrize(
    "form",
    [
        format_chunk(tag=2, bits=4, align=256),
        format_chunk(tag=0x11, bits=4, align=256),
        format_chunk(tag=0x55, bits=0, align=1),
        format_chunk(bits=64),
        format_chunk(channels=3, bits=16, align=7),
        format_chunk(tag=0xFFFE),
        format_chunk(tag=0xFFFE, extra=struct.pack("<HHI", 22, 16, 4) + b"\x02\0" + GUID_TAIL),
    ],
    ids=["adpcm", "ima", "mp3", "64_bit_integers", "odd_frame", "extensible_without_more", "extensible_adpcm"],
)
def test_what_it_cannot_hear_it_says_so(form: bytes, heard: Listen) -> None:
    facts = heard(container(form, chunk(b"data", bytes(8_000))))
    assert facts.problem == "format"
    assert not facts.is_silent(TOLERANCE)


@pytest.mark.parametrize("sub_format", [(1, 16), (3, 32), (6, 8), (7, 8)])
def test_an_extensible_format_is_heard_by_its_sub_format(sub_format: tuple[int, int], heard: Listen) -> None:
    tag, bits = sub_format
    silence = {6: b"\xd5", 7: b"\xff"}.get(tag, b"\0")
    extra = struct.pack("<HHI", 22, bits, 4) + struct.pack("<H", tag) + GUID_TAIL
    facts = heard(container(format_chunk(tag=0xFFFE, bits=bits, extra=extra), chunk(b"data", silence * 8_000)))
    assert facts.silent_from_seconds == 0.0


@pytest.mark.parametrize(
    ("content", "is_silent"),
    [
        (pcm16((0, 30), (900, 30)), False),
        (pcm16((900, 20), (0, 20), (900, 20)), False),
        (pcm16((1, 30), (-1, 30)), False),
        (pcm16((900, 59.7), (0, 0.3)), False),
        (pcm16((900, 58.8), (0, 1.2)), False),
        (pcm16((900, 58.79), (0, 1.21)), True),
        (pcm16((900, 30), (0, 30)), True),
        (pcm16((0, 60)), True),
        (pcm16((900, 4), (0, 0.9)), False),
        (pcm16((900, 4), (0, 1.1)), True),
        (pcm16((0, 0.5)), True),
        (pcm16((900, 0.1)), False),
        (pcm16((900, 0)), False),
    ],
    ids=[
        "a_quiet_beginning", "a_pause_in_the_middle", "one_step_from_silence", "a_fade", "within_the_tolerance",
        "beyond_it", "half", "throughout", "short_and_within_a_second", "short_and_beyond", "half_a_second_of_nothing",
        "a_blip", "no_sample_at_all",
    ],
)  # fmt: skip
def test_a_silent_end_is_a_fault_beyond_an_ending_and_the_tolerance(
    content: bytes, is_silent: bool, heard: Listen
) -> None:
    assert heard(content).is_silent(TOLERANCE) is is_silent


def test_values_that_are_no_numbers_are_sound(heard: Listen) -> None:
    data = struct.pack("<3f", math.nan, math.inf, -math.inf)
    facts = heard(container(format_chunk(tag=3, bits=32), chunk(b"data", data * 100)))
    assert facts.silent_from_seconds is None
    assert set(facts.peaks) == {255}


@settings(max_examples=120, deadline=2_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(FORMATS)),
    channels=st.integers(1, 3),
    lead=st.integers(0, 300),
    tail=st.one_of(st.integers(0, 300), st.integers(20_000, 60_000)),
    seed=st.integers(0, 9),
)
def test_any_end_is_found_exactly(kind: str, channels: int, lead: int, tail: int, seed: int, tmp_path: Path) -> None:
    tag, width, silence, faint, loud = FORMATS[kind]
    chance = random.Random(seed)
    noise = b"".join(chance.choice((silence, faint, loud)) for _ in range(channels * lead))
    last = silence * (channels - 1) + faint if lead else b""
    data = noise + last + silence * (channels * tail)
    form = format_chunk(tag=tag, channels=channels, bits=8 * width)
    facts = hear(tmp_path / "any.wav", container(form, chunk(b"data", data)))
    frames = (lead + 1 if lead else 0) + tail
    assert facts.silent_seconds == (tail / RATE if tail else 0.0)
    assert facts.silent_from_seconds == ((frames - tail) / RATE if tail else None)
    assert len(facts.peaks) == min(PEAKS, frames)
