"""The pieces: valid WAVs of the right length that can be heard."""

from __future__ import annotations

import wave
from array import array
from io import BytesIO

import pytest

from demo import composer, wav


@pytest.mark.parametrize(("minutes", "sample_rate"), [(1, 8000), (2, 4000)])
def test_it_composes_a_whole_wav_of_the_length_asked_for(minutes: int, sample_rate: int) -> None:
    content = composer.whole_file(7, minutes, 0, sample_rate)
    with wave.open(BytesIO(content)) as piece:
        assert (piece.getnchannels(), piece.getsampwidth(), piece.getframerate()) == (1, 2, sample_rate)
        assert piece.getnframes() == minutes * 60 * sample_rate
    assert len(content) == wav.HEADER_BYTES + minutes * 60 * sample_rate * wav.BYTES_PER_SAMPLE


@pytest.mark.parametrize("scene_id", [0, 1, 2, 3])
def test_it_is_heard_in_every_segment_and_never_clips(scene_id: int) -> None:
    for part in composer.segments(scene_id + 40, 1, scene_id, 4000):
        assert 2000 < max(part) < 32000
        assert -32000 < min(part) < -2000


def test_it_ends_softly() -> None:
    samples = array("h", composer.whole_file(9, 1, 0, 4000)[wav.HEADER_BYTES :])
    assert max(abs(sample) for sample in samples[-40:]) < 200


def test_it_composes_the_same_piece_for_the_same_session_and_another_for_another() -> None:
    first = next(composer.segments(5, 1, 0, 4000))
    assert first == next(composer.segments(5, 1, 0, 4000))
    assert first != next(composer.segments(6, 1, 0, 4000))


def test_it_breaks_on_the_scene_that_has_no_scale() -> None:
    with pytest.raises(ZeroDivisionError):
        next(composer.segments(5, 1, 13))
