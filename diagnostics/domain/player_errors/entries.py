"""An entry of the tables of player errors: what a code means, what is suspected, and the check that confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.domain.client_report import PlayerError

Words = Mapping[str, str]
Suspects = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """`meaning` and `check` by language; `suspects` are codes of the catalogue, the likeliest first."""

    meaning: Words
    suspects: Suspects
    check: Words

    def error(self, source: str, code: str) -> PlayerError:
        return PlayerError(source, code, self.meaning, self.suspects, self.check)


def both(en: str, zh: str) -> Words:
    return {"en": en, "zh-hans": zh}


def entry(en: str, zh: str, suspects: Suspects, check: Words) -> Entry:
    return Entry(both(en, zh), suspects, check)
