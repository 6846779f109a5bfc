"""What a file's name says."""

from __future__ import annotations

import pytest

from diagnostics.domain import names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("long_sequence_5_20250825_120316.wav", "5"),
        ("long_sequence_user_9_20250825_120316.wav", "user_9"),
        ("long_sequence_-3_20250825_120316.wav", "-3"),
        ("long_sequence_睡_20250825_120316.wav", "睡"),
        ("long_sequence_5\n6_20250825_120316.wav", "5\n6"),
        ("long_sequence_5_20250825_120316.wav.tmp", "5"),
        ("long_sequence_5_20250825_120316.wav.PART", "5"),
        ("long_sequence__20250825_120316.wav", ""),
        ("long_sequence_5_20250825.wav", ""),
        ("long_sequence_5_20250825_120316.mp3", ""),
        ("long_sequence_5_20250825_120316.WAV", ""),
        ("xlong_sequence_5_20250825_120316.wav", ""),
        ("long_sequence_5_20250825_120316.wav\n", ""),
        ("", ""),
    ],
)
def test_the_session_in_it(name: str, key: str) -> None:
    assert names.session_in(name) == key


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("long_sequence_5_20250825_120316.wav", ""),
        ("long_sequence_5_20240229_000000.wav", ""),
        ("long_sequence_5_20250229_120316.wav", "date"),
        ("long_sequence_5_20251301_120316.wav", "date"),
        ("long_sequence_5_20250825_240000.wav", "date"),
        ("long_sequence_5_00000000_000000.wav", "date"),
        ("song.wav", "convention"),
        ("long_sequence_5_20250825_120316.wav.tmp", "convention"),
    ],
)
def test_its_problem(name: str, problem: str) -> None:
    assert names.problem(name) == problem


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("long_sequence_5_20250825_120316.wav", "audio"),
        ("long_sequence_5_20250825_120316.wav.tmp", "temporary"),
        ("anything.PART", "temporary"),
        ("song.wav", "foreign"),
        ("tmp", "foreign"),
    ],
)
def test_its_role(name: str, role: str) -> None:
    assert names.role(name) == role


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "._x.wav", "@eaDir"])
def test_it_is_ignored(name: str) -> None:
    assert names.is_ignored(name)


@pytest.mark.parametrize("name", ["x.wav", "DS_Store", "_x.wav", ".hidden.wav"])
def test_it_is_not_ignored(name: str) -> None:
    assert not names.is_ignored(name)
