"""Composes a piece: slow pentatonic chords, an arpeggio above them and a far-off shore, ten seconds at a time."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from operator import add, mul
from pathlib import Path

from demo import tones, wav
from demo.table import SEGMENTS_PER_MINUTE

SAMPLE_RATE = 8000
SEGMENT_SECONDS = 60 // SEGMENTS_PER_MINUTE
BAR_SECONDS = 5
BARS = SEGMENT_SECONDS // BAR_SECONDS
TAIL_SECONDS = 2
FADE_SECONDS = 4
NOTES_PER_BAR = 8
CHORDS = ((0, 2, 4), (1, 3, 5), (-1, 2, 3), (0, 3, 4))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a place sounds like. `preset` names a file that is read before the first note."""

    tonic_hertz: float
    scale: tuple[int, ...] = (0, 2, 4, 7, 9)
    preset: str = ""


SCENES = {
    0: Scene(130.81),
    1: Scene(146.83),
    2: Scene(110.0, (0, 3, 5, 7, 10)),
    3: Scene(123.47, (0, 2, 5, 7, 9)),
    # Two scenes that went live before they were ready: one has no scale yet, the other's preset was uploaded
    # under a name that is no UTF-8.
    13: Scene(98.0, ()),
    14: Scene(98.0, preset="scene_14_\udcc9\udcad.preset"),
}


def segments(session_id: int, minutes: int, scene_id: int = 0, sample_rate: int = SAMPLE_RATE) -> Iterator[array[int]]:
    """The piece of this session, segment by segment; the same session always sounds the same."""
    scene, chance = SCENES[scene_id], random.Random(session_id)
    if scene.preset and not Path("presets", scene.preset).exists():
        raise LookupError(f"the preset {scene.preset} was not uploaded")
    count = minutes * SEGMENTS_PER_MINUTE
    tail = array("i", bytes(4 * TAIL_SECONDS * sample_rate))
    for number in range(count):
        bus = array("i", bytes(4 * (SEGMENT_SECONDS + TAIL_SECONDS) * sample_rate))
        mix(bus, 0, tail)
        for bar in range(BARS):
            play_bar(bus, bar * BAR_SECONDS, scene, CHORDS[(number * BARS + bar) % len(CHORDS)], chance, sample_rate)
        border = SEGMENT_SECONDS * sample_rate
        body, tail = bus[:border], bus[border:]
        yield array("h", faded(body, sample_rate) if number == count - 1 else body)


def play_bar(
    bus: array[int], second: int, scene: Scene, chord: tuple[int, ...], chance: random.Random, sample_rate: int
) -> None:
    mix(bus, second * sample_rate, tones.swell(chance.randrange(3), sample_rate))
    for degree in chord:
        mix(bus, second * sample_rate, tones.pad(pitch(scene, degree), sample_rate))
    degree = 5 + chance.choice(chord)
    for note in range(NOTES_PER_BAR):
        if chance.random() < 0.7:
            start = int((second + note * BAR_SECONDS / NOTES_PER_BAR) * sample_rate)
            mix(bus, start, tones.pluck(pitch(scene, degree), sample_rate))
        degree = min(10, max(4, degree + chance.choice((-2, -1, 1, 2))))


def pitch(scene: Scene, degree: int) -> float:
    octave, step = divmod(degree, len(scene.scale))
    return round(scene.tonic_hertz * 2 ** (octave + scene.scale[step] / 12), 3)


def mix(bus: array[int], start: int, sound: array[int]) -> None:
    end = start + len(sound)
    bus[start:end] = array("i", map(add, bus[start:end], sound))


def faded(body: array[int], sample_rate: int) -> array[int]:
    count = FADE_SECONDS * sample_rate
    body[-count:] = array("i", map(int, map(mul, body[-count:], (1 - position / count for position in range(count)))))
    return body


def whole_file(session_id: int, minutes: int, scene_id: int = 0, sample_rate: int = SAMPLE_RATE) -> bytes:
    data = b"".join(part.tobytes() for part in segments(session_id, minutes, scene_id, sample_rate))
    return wav.header(sample_rate, len(data)) + data
