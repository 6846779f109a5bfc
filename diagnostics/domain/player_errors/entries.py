"""An entry of the tables of player errors: what a code means, what is suspected, and the check that confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """`meaning` and `check` by language; `suspects` are codes of the catalogue, the likeliest first."""

    meaning: Words
    suspects: tuple[str, ...]
    check: Words


def both(en: str, zh: str) -> Words:
    return {"en": en, "zh-hans": zh}
