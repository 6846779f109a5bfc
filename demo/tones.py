"""Soft tones from sine partials: single cycles kept in tables, and notes cut from them under an envelope."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Sequence
from functools import cache
from operator import add, mul

TABLE_STEPS = 4096
PAD_PARTIALS = (1.0, 0.35, 0.12, 0.05)
PLUCK_PARTIALS = (1.0, 0.22, 0.3, 0.06, 0.04)
PAD_SECONDS = 7.0
PLUCK_SECONDS = 2.5
SWELL_SECONDS = 5.0


@cache
def single_cycle(partials: tuple[float, ...]) -> list[float]:
    loudest = sum(partials)
    return [
        sum(level * math.sin(2 * math.pi * (number + 1) * step / TABLE_STEPS) for number, level in enumerate(partials))
        / loudest
        for step in range(TABLE_STEPS)
    ]


def tone(partials: tuple[float, ...], hertz: float, envelope: Sequence[float], sample_rate: int) -> list[float]:
    table, stride, mask = single_cycle(partials), hertz * TABLE_STEPS / sample_rate, TABLE_STEPS - 1
    wave = [table[int(position * stride) & mask] for position in range(len(envelope))]
    return list(map(mul, wave, envelope))


@cache
def pad(hertz: float, sample_rate: int) -> array[int]:
    """A long breath: slow to come, slow to go, two voices a hair apart."""
    envelope = pad_envelope(sample_rate)
    low = tone(PAD_PARTIALS, hertz * 0.9985, envelope, sample_rate)
    high = tone(PAD_PARTIALS, hertz * 1.0015, envelope, sample_rate)
    return array("h", map(int, map(add, low, high)))


@cache
def pluck(hertz: float, sample_rate: int) -> array[int]:
    """A small bell that dies away."""
    return array("h", map(int, tone(PLUCK_PARTIALS, hertz, pluck_envelope(sample_rate), sample_rate)))


@cache
def swell(seed: int, sample_rate: int) -> array[int]:
    """One wave on a far shore: brown noise that rises and falls."""
    chance, level, count = random.Random(seed), 0.0, int(SWELL_SECONDS * sample_rate)
    samples = array("h")
    for position in range(count):
        level = 0.97 * level + chance.uniform(-1, 1)
        samples.append(int(160 * level * math.sin(math.pi * position / count) ** 2))
    return samples


@cache
def pad_envelope(sample_rate: int, level: float = 2700.0) -> list[float]:
    count, rise, fall = int(PAD_SECONDS * sample_rate), 2.0 * sample_rate, 3.0 * sample_rate
    return [
        level * 0.5 * (1 - math.cos(math.pi * min(1.0, position / rise, (count - position) / fall)))
        for position in range(count)
    ]


@cache
def pluck_envelope(sample_rate: int, level: float = 6000.0) -> list[float]:
    count, rise = int(PLUCK_SECONDS * sample_rate), 0.03 * sample_rate
    return [
        level * min(1.0, position / rise) * math.exp(-3.2 * position / count * PLUCK_SECONDS / 2)
        * (1 - position / count)
        for position in range(count)
    ]  # fmt: skip
