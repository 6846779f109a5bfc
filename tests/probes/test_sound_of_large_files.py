"""Listening to large files: few reads for those in order, holes, budgets; and files that change or are none."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from diagnostics.probes import sound
from diagnostics.probes.sound import PEAKS
from tests.corpus.wavs import UNKNOWN, chunk, container, format_chunk, wav
from tests.probes.test_sound import TOLERANCE, hear_file


def large(path: Path, seconds: float, silent_seconds: float) -> int:
    """A file as the host writes them, 44.1 kHz, that ends in zeros which are really there; return its data's size."""
    rate = 44_100
    sounding, silent = round((seconds - silent_seconds) * rate) * 2, round(silent_seconds * rate) * 2
    with path.open("wb") as file:
        file.write(container(format_chunk(rate=rate), chunk(b"data", b"", size=sounding + silent), size=UNKNOWN))
        for start in range(0, sounding, 2**20):
            file.write(random.Random(start).randbytes(2**20)[: sounding - start])
        for start in range(0, silent, 2**20):
            file.write(bytes(min(2**20, silent - start)))
    return sounding + silent


def test_a_large_file_in_order_costs_few_reads(tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    size = large(path, 600, 0.2)
    facts = hear_file(path)
    assert facts.is_complete
    assert facts.silent_seconds == pytest.approx(0.2, abs=0.001)
    assert facts.bytes_read < size / 10
    assert len(facts.peaks) == PEAKS


def test_the_end_alone_is_read_as_far_as_it_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    size = large(path, 600, 60)
    facts = hear_file(path)
    assert facts.silent_from_seconds == pytest.approx(540, abs=0.001)
    assert facts.bytes_read < size / 10 + size / 10 + 2**20


@pytest.mark.parametrize("limits", [{"budget_bytes": 8_000_000}, {"seconds": 0.0}], ids=["bytes", "time"])
def test_a_spent_budget_tells_what_is_certain(limits: dict[str, float], tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    large(path, 300, 200)
    facts = hear_file(path, **limits)
    assert not facts.is_complete
    assert facts.bytes_read <= 8_000_000
    assert 0 <= facts.silent_seconds < 200
    assert facts.is_silent(TOLERANCE) is ("budget_bytes" in limits)


def sparse(path: Path, form: bytes, size: int, *parts: tuple[int, bytes]) -> Path:
    """A file with its header, a hole for its data, and some bytes written into it."""
    head = container(form, chunk(b"data", b"", size=size), size=UNKNOWN)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
        for at, data in parts:
            os.pwrite(file.fileno(), data, len(head) + at)
    return path


GIGABYTE = 10**9


@pytest.mark.parametrize(
    ("parts", "silent_from"),
    [
        ((), 0),
        (((0, b"\1\2" * 4_000),), 8_000),
        (((500_000_000, b"\1\2" * 4_000),), 500_008_000),
        (((1_000, b"\1\2"), (GIGABYTE - 40_000, b"\1\2")), GIGABYTE - 39_998),
        (tuple((place * 20_000_000, b"\1\2" * 10) for place in range(40)), 780_000_020),
    ],
    ids=["nothing", "a_beginning", "a_middle", "near_the_end", "islands"],
)
def test_a_gigabyte_of_holes_is_looked_at_not_read(
    parts: tuple[tuple[int, bytes], ...], silent_from: int, tmp_path: Path
) -> None:
    path = sparse(tmp_path / "sparse.wav", format_chunk(rate=44_100), GIGABYTE, *parts)
    begun = time.monotonic()
    facts = hear_file(path)
    assert time.monotonic() - begun < 3.0
    assert facts.silent_from_seconds == pytest.approx(silent_from / 88_200)
    assert facts.is_complete
    assert facts.bytes_read < 20_000_000


def test_a_hole_is_silent_only_where_zeros_are(tmp_path: Path) -> None:
    """In 8 bit, zero is the lowest level there is."""
    path = sparse(tmp_path / "sparse.wav", format_chunk(bits=8), 100_000)
    assert hear_file(path).silent_from_seconds is None


def test_a_file_that_changes_meanwhile_gives_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "take.wav"
    path.write_bytes(wav())
    real = os.pread

    def touching(descriptor: int, count: int, at: int) -> bytes:
        if at > 4_096:
            os.utime(path, (1, 1))
        return real(descriptor, count, at)

    monkeypatch.setattr(os, "pread", touching)
    facts, stamp = sound.hear(str(tmp_path), "take.wav", 10**9, 5)
    assert (facts.problem, stamp) == ("changed", None)


@pytest.mark.parametrize(
    ("name", "problem"), [("gone.wav", "gone"), ("pipe", "io_error"), ("out", "io_error"), ("cut.wav", "not_whole")]
)
def test_what_is_no_whole_file_below_the_root_is_not_heard(name: str, problem: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    os.mkfifo(root / "pipe")
    (tmp_path / "secret.wav").write_bytes(wav())
    (root / "out").symlink_to("../secret.wav")
    (root / "cut.wav").write_bytes(wav()[:-9])
    facts, _stamp = sound.hear(str(root), name, 10**9, 5)
    assert facts.problem == problem
