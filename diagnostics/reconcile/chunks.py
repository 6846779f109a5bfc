"""What differs from the last pass: members of rows and files in chunks, compared byte for byte."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from diagnostics.bulk import upsert
from diagnostics.identity import CHUNKS
from diagnostics.models import Chunk


@dataclass(slots=True)
class Members:
    """The lines of one listing or reading, gathered into chunks by their key."""

    chunks: list[list[bytes]] = field(default_factory=lambda: [[] for _ in range(CHUNKS)])

    def __len__(self) -> int:
        return sum(map(len, self.chunks))


@dataclass(frozen=True, slots=True)
class Difference:
    """One chunk that differs: lines that are new, lines that are no more, and the bytes to remember."""

    number: int
    new: list[bytes]
    old: list[bytes]
    packed: bytes


def differences(kind: str, members: Members) -> Iterator[Difference]:
    """Yield the chunks that differ from what was remembered of this kind. The order of the lines does not count."""
    remembered = _remembered(kind)
    for number, lines in enumerate(members.chunks):
        lines.sort()
        packed = marshal.dumps(lines, 2)
        before = remembered.get(number, b"")
        if packed == before or not (lines or before):
            continue
        old = set(unpack(before))
        new = set(lines)
        yield Difference(number, sorted(new - old), sorted(old - new), packed)


def unpack(packed: bytes) -> list[bytes]:
    if not packed:
        return []
    lines = marshal.loads(packed)  # noqa: S302  our own bytes, from our own table
    return list(lines)


def remember(kind: str, packed: Iterable[tuple[int, bytes]]) -> None:
    rows = [Chunk(kind=kind, number=number, members=members) for number, members in packed]
    upsert(rows, unique=("kind", "number"), renew=("members",))


def remembered_lines(kind: str) -> Iterator[bytes]:
    for packed in _remembered(kind).values():
        yield from unpack(packed)


def _remembered(kind: str) -> dict[int, bytes]:
    rows = Chunk.objects.filter(kind=kind).values_list("number", "members")
    return {number: bytes(members) for number, members in rows}
