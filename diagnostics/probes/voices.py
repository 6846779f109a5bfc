"""How the samples of each format sound: where the last sound in some bytes ends, and how loud the loudest is.

Sources: the RIFF/WAVE specification of 1991; ITU-T G.711 (A-law and µ-law).
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from diagnostics.domain.facts import WavHeader

PCM, FLOAT, A_LAW, MU_LAW = 1, 3, 6, 7
LOUDEST = 255


@dataclass(frozen=True, slots=True)
class Voice:
    """Bytes in, always whole samples: `sounding` counts them up to the last that is not silent, `level` is 0 to 255.

    `is_silent_where_empty`: whether a hole of a sparse file, which reads as zeros, is silence.
    """

    sounding: Callable[[bytes], int]
    level: Callable[[bytes], int]
    is_silent_where_empty: bool = True

    def loudness(self, samples: bytes) -> int:
        """The loudest sample; what is not silent is never 0."""
        return self.level(samples) or int(self.sounding(samples) > 0)


def voice_of(header: WavHeader) -> Voice | None:
    """Return how a file of this header is heard; None for compressed and unknown formats."""
    width, rest = divmod(header.block_align, header.channels or 1)
    return None if rest else VOICES.get((header.encoding, width))


def _without(silence: bytes) -> Callable[[bytes], int]:
    """For formats in which a sample is silent when each of its bytes is one of these."""
    return lambda samples: len(samples.rstrip(silence))


def _float_sounding(width: int) -> Callable[[bytes], int]:
    """Zero and minus zero are silent: all bits but the sign's are looked at, as one large number."""

    def sounding(samples: bytes) -> int:
        bits = int.from_bytes(samples, "little") & _all_but_signs(width, len(samples) // width)
        return -(-bits.bit_length() // (8 * width)) * width

    return sounding


@lru_cache(maxsize=16)
def _all_but_signs(width: int, count: int) -> int:
    return int.from_bytes((b"\xff" * (width - 1) + b"\x7f") * count, "little")


def _array_level(code: str, full_scale: float) -> Callable[[bytes], int]:
    def level(samples: bytes) -> int:
        values = array(code, samples)
        if sys.byteorder == "big":
            values.byteswap()
        return _scaled(max(max(values), -min(values)) / full_scale) if values else 0

    return level


def _scaled(share: float) -> int:
    """What is beyond full scale, or no number at all, is as loud as can be."""
    return math.ceil(share * LOUDEST) if 0 <= share <= 1 else LOUDEST


def _level_of_24_bits(samples: bytes) -> int:
    """The upper two bytes of each sample are enough for 256 steps."""
    upper = bytearray(len(samples) // 3 * 2)
    upper[0::2], upper[1::2] = samples[1::3], samples[2::3]
    return _array_level("h", 32_768)(bytes(upper))


def _table_level(magnitude: Callable[[int], float]) -> Callable[[bytes], int]:
    """For one-byte formats: the loudness of each code, looked up."""
    table = bytes(_scaled(magnitude(code)) for code in range(256))
    return lambda samples: max(samples.translate(table), default=0)


def _a_law(code: int) -> float:
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    return (mantissa + 8 if exponent == 0 else (mantissa + 0x108) << (exponent - 1)) / 32_768


def _mu_law(code: int) -> float:
    code = ~code & 0xFF
    return (((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84) / 32_768


VOICES: dict[tuple[int, int], Voice] = {
    (PCM, 1): Voice(_without(b"\x80"), _table_level(lambda code: abs(code - 128) / 128), is_silent_where_empty=False),
    (PCM, 2): Voice(_without(b"\0"), _array_level("h", 32_768)),
    (PCM, 3): Voice(_without(b"\0"), _level_of_24_bits),
    (PCM, 4): Voice(_without(b"\0"), _array_level("i", 2**31)),
    (FLOAT, 4): Voice(_float_sounding(4), _array_level("f", 1.0)),
    (FLOAT, 8): Voice(_float_sounding(8), _array_level("d", 1.0)),
    # A-law has no zero: its encoders write silence as the smallest positive step. µ-law has a positive and a negative one.
    (A_LAW, 1): Voice(
        _without(b"\xd5"),
        _table_level(lambda code: 0.0 if code == 0xD5 else _a_law(code)),
        is_silent_where_empty=False,
    ),
    (MU_LAW, 1): Voice(_without(b"\xff\x7f"), _table_level(_mu_law), is_silent_where_empty=False),
}
