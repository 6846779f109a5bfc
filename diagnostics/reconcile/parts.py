"""Cuts what may be long into parts that one query can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

IN_ONE_QUERY = 500
Item = TypeVar("Item")


def parts(items: Iterable[Item], size: int = IN_ONE_QUERY) -> Iterator[list[Item]]:
    """Yield lists of at most `size` items, in order."""
    part: list[Item] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
