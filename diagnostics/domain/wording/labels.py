"""What a table of labels is made of: for each code, its words in both languages."""

from __future__ import annotations

Words = dict[str, dict[str, str]]


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-hans": zh}
