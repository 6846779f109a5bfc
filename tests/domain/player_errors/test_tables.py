"""The tables: every text in both languages, every suspect a code of the catalogue."""

from __future__ import annotations

import re

import pytest

from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.player_errors import (
    android,
    android_media,
    answers,
    browser,
    chromium,
    client,
    console,
    hits,
    ios_media,
    ios_network,
    ios_system,
    outer,
    phrases,
    sayings,
    statuses,
)
from diagnostics.domain.player_errors.entries import Entry

MODULES = (
    android,
    android_media,
    answers,
    browser,
    chromium,
    client,
    console,
    hits,
    ios_media,
    ios_network,
    ios_system,
    outer,
    phrases,
    sayings,
    statuses,
)


def entries() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, Entry):
                found[f"{module.__name__}.{name}"] = value
            elif isinstance(value, dict):
                found |= {f"{name}[{key}]": one for key, one in value.items() if isinstance(one, Entry)}
            elif isinstance(value, tuple):
                rows = [part for row in value if isinstance(row, tuple) for part in row]
                found |= {f"{name}[{place}]": one for place, one in enumerate(rows) if isinstance(one, Entry)}
    return found


ENTRIES = entries()


def test_the_tables_are_read() -> None:
    assert len(ENTRIES) > 200


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_suspect_is_in_the_catalogue_and_named_once(entry: Entry) -> None:
    assert set(entry.suspects) <= set(CATALOGUE)
    assert len(set(entry.suspects)) == len(entry.suspects)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_text_is_a_sentence_in_both_languages(entry: Entry) -> None:
    for words in (entry.meaning, entry.check):
        assert set(words) == {"en", "zh-hans"}
        assert 15 <= len(words["en"]) <= 170
        assert 5 <= len(words["zh-hans"]) <= 90
        assert words["en"][0].isupper()
        assert words["en"][-1] in ".?"
        assert words["en"].isascii()


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_chinese_is_set_as_chinese_is_set(entry: Entry) -> None:
    for words in (entry.meaning, entry.check):
        chinese = words["zh-hans"]
        assert chinese[-1] in "。？"
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", chinese), chinese
        assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9`]|[A-Za-z0-9`][\u4e00-\u9fff]", chinese), chinese
