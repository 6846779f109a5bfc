"""A hit: one error found in a text, and where; what is needed to find the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnostics.domain.client_report import PlayerError
from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

MOST_HITS = 20

NOT_IN_THE_TABLES = {
    "ios": entry(
        "The phone (iOS) reports an error whose number is in no table here.",
        "iOS 报告了一个错误，其编号不在已知的表中。",
        suspects.NONE,
        checks.ASK_ALL,
    ),
    "android": entry(
        "The phone's player reports an error whose number is in no table here.",
        "手机播放器报告了一个错误，其编号不在已知的表中。",
        suspects.NONE,
        checks.ASK_ALL,
    ),
    "browser": entry(
        "The browser reports an error whose name is in no table here.",
        "浏览器报告了一个错误，其名称不在已知的表中。",
        suspects.NONE,
        checks.ASK_ALL,
    ),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """`start` and `end`: the part of the text that the error takes up. `is_aside`: about another call than the audio's.

    `is_weak`: known by a sentence alone, which may be what is left of a message of another shape.
    """

    start: int
    end: int
    error: PlayerError
    is_aside: bool = False
    is_weak: bool = False


def hit(start: int, end: int, source: str, code: str, found: Entry | None) -> Hit:
    return Hit(start, end, (found or NOT_IN_THE_TABLES[source]).error(source, code))


def is_cut(said: str, end: int, code: str, known: Iterable[str]) -> bool:
    """Whether a code that ends the text, or the line before a further word, may have lost its end: then it is none."""
    rest = said[end : end + 2]
    is_last = not said[end:].strip()
    is_wrapped = rest[:1] == "\n" and (rest[1:].isalnum() or rest[1:] == "_")
    if not (is_last or is_wrapped):
        return False
    known = set(known)
    return code not in known or any(other != code and other.startswith(code) for other in known)


def without(said: str, hits: Iterable[Hit]) -> str:
    """The same text with blanks in place of what was found, so that nothing is found twice."""
    return "".join(_pieces(said, sorted(hits, key=lambda found: found.start)))


def _pieces(said: str, hits: list[Hit]) -> Iterator[str]:
    place = 0
    for found in hits:
        start = max(place, found.start)
        yield said[place:start]
        place = max(place, found.end)
        yield "\x00" * (place - start)
    yield said[place:]
