"""What is counted of the endings of an hour, in a form that adds up: hours to days, days to a year.

All numbers stand in fields of fixed width, one behind the other, which as one long integer are added at once; only
causes, whose names may change, and users are kept beside. A field has room for four thousand million.
"""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from diagnostics.domain.rates import histogram, sketch
from diagnostics.domain.rates.endings import Kind
from diagnostics.domain.rates.histogram import BINS

NUMBERS = ("completed", "failed", "stuck", "playable", "unplayable", "lost", "settling", "unchecked", "undated")
# Planned length in minutes: the lower bound belongs to a band, the upper one to the next; "?": not told.
BANDS = ("0-10", "10-20", "20-30", "30-45", "45-60", "60-", "?")
BOUNDS = (10, 20, 30, 45, 60)
GOOD = len(BANDS)  # the place of the times of playable pieces, behind those of the bands

FORM: Final = 1
HEAD = struct.Struct("<BIII")  # form, bytes of the numbers, of the causes, of the users
WIDTH = 4
LINE = 4 + BINS  # absurd, a spare one, the sum in milliseconds (two fields wide), the bins
FIELDS = len(NUMBERS) + 1 + LINE * (len(BANDS) + 1)
SIZE = FIELDS * WIDTH


@dataclass(frozen=True, slots=True)
class Counted:
    """One ending, as it is counted; the fields are those of `models.Ending`."""

    kind: str
    is_dated: bool
    is_playable: bool | None
    cause: str
    took_seconds: float | None
    length_seconds: float | None
    user_hash: int | None
    lost_at: datetime | None = None
    lost_cause: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """Generation times: how many fell into each bin, their sum in seconds, and how many were absurd."""

    bins: Sequence[int]
    seconds: float
    absurd: int

    @property
    def number(self) -> int:
        return sum(self.bins)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of any number of hours. `numbers` holds all fields at once; `users` are those whom something failed."""

    numbers: int = 0
    causes: Mapping[str, int] = field(default_factory=dict)
    lost_causes: Mapping[str, int] = field(default_factory=dict)
    users: Sequence[int] = ()

    @property
    def is_empty(self) -> bool:
        return not self.numbers

    def to_bytes(self) -> bytes:
        numbers = zlib.compress(self.numbers.to_bytes(SIZE, "little"), level=1)
        causes = json.dumps([self.causes, self.lost_causes], separators=(",", ":")).encode()
        users = sketch.packed(tuple(self.users))
        return HEAD.pack(FORM, len(numbers), len(causes), len(users)) + numbers + causes + users

    @classmethod
    def from_bytes(cls, data: bytes) -> Tally:
        """Raises ValueError where it was packed by another version."""
        form, numbers, causes, users = HEAD.unpack_from(data)
        if form != FORM:
            raise ValueError(f"a tally of form {form}")
        begin = HEAD.size
        named, lost = json.loads(data[begin + numbers : begin + numbers + causes])
        added = int.from_bytes(zlib.decompress(data[begin : begin + numbers]), "little")
        return cls(added, named, lost, sketch.unpacked(data[begin + numbers + causes :][:users]))

    def read(self) -> Figures:
        fields = array("I")
        fields.frombytes(self.numbers.to_bytes(SIZE, "little"))
        return Figures(fields)


@dataclass(frozen=True, slots=True)
class Figures:
    """A tally's numbers, one by one."""

    fields: Sequence[int]

    def number(self, name: str) -> int:
        return self.fields[NUMBERS.index(name)]

    def times(self) -> Timed:
        """The times of all completed pieces."""
        return _together([self._line(place) for place in range(len(BANDS))])

    def times_of_good(self) -> Timed:
        return self._line(GOOD)

    def by_length(self) -> dict[str, Timed]:
        """The times by band, without bands in which nothing was completed."""
        lines = ((band, self._line(place)) for place, band in enumerate(BANDS))
        return {band: line for band, line in lines if line.number or line.absurd}

    def _line(self, place: int) -> Timed:
        begin = _line_at(place)
        absurd, _spare, low, high = self.fields[begin : begin + 4]
        return Timed(self.fields[begin + 4 : begin + LINE], (low + (high << 32)) / 1000, absurd)


def band_of(length_seconds: float | None) -> str:
    if length_seconds is None or not length_seconds >= 0:
        return BANDS[-1]
    return BANDS[sum(length_seconds >= 60 * bound for bound in BOUNDS)]


def tally_of(endings: Iterable[Counted]) -> Tally:
    """Count endings."""
    fields = array("I", bytes(SIZE))
    causes: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    users: set[int] = set()
    for ending in endings:
        for name in _counted_as(ending):
            fields[NUMBERS.index(name)] += 1
        if not ending.is_dated:
            continue
        if is_bad(ending):
            causes[ending.cause] += 1
            users.update([] if ending.user_hash is None else [ending.user_hash])
        if ending.lost_at is not None:
            lost[ending.lost_cause] += 1
        _add_time(fields, ending)
    return Tally(int.from_bytes(fields.tobytes(), "little"), dict(causes), dict(lost), sketch.sketch_of(users))


def total(tallies: Iterable[Tally], *, with_users: bool = True) -> Tally:
    """Add up; without the users, where nobody asks for them, much faster."""
    numbers = 0
    causes: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    users = []
    for tally in tallies:
        numbers += tally.numbers
        causes.update(tally.causes)
        lost.update(tally.lost_causes)
        users.append(tally.users)
    return Tally(numbers, dict(causes), dict(lost), sketch.united(users) if with_users else ())


def is_bad(ending: Counted) -> bool:
    """Whether its user met a fault: it failed, was stuck, or was not whole when it was first seen."""
    return ending.kind != Kind.COMPLETED or ending.is_playable is False


def _counted_as(ending: Counted) -> Iterator[str]:
    if not ending.is_dated:
        yield "undated"
        return
    yield ending.kind
    if ending.kind == Kind.COMPLETED:
        if ending.is_playable is None:
            yield "unchecked" if ending.cause else "settling"
        else:
            yield "playable" if ending.is_playable else "unplayable"
    if ending.lost_at is not None:
        yield "lost"


def _add_time(fields: array[int], ending: Counted) -> None:
    took = ending.took_seconds
    if ending.kind != Kind.COMPLETED or took is None:
        return
    places = [BANDS.index(band_of(ending.length_seconds))]
    if ending.is_playable:
        places.append(GOOD)
    for begin in map(_line_at, places):
        if not histogram.is_usable(took):
            fields[begin] += 1
            continue
        fields[begin + 4 + histogram.bin_of(took)] += 1
        summed = fields[begin + 2] + (fields[begin + 3] << 32) + round(took * 1000)
        fields[begin + 2], fields[begin + 3] = summed & 0xFFFFFFFF, summed >> 32


def _line_at(place: int) -> int:
    return len(NUMBERS) + 1 + LINE * place


def _together(lines: Sequence[Timed]) -> Timed:
    bins = [sum(column) for column in zip(*(line.bins for line in lines), strict=True)]
    return Timed(bins, sum(line.seconds for line in lines), sum(line.absurd for line in lines))
