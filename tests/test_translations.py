"""The Chinese catalogue: complete, written as Chinese is set, compiled, and holding what the pages say today."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

from diagnostics.domain import wording
from diagnostics.domain.causes import CATALOGUE

BASE = Path(settings.BASE_DIR)
CATALOGUE_FILE = BASE / "locale/zh_Hans/LC_MESSAGES/django.po"
EXTRACTED = ("config", "diagnostics", "sessions_admin", "templates")
ENTRIES = list(polib.pofile(str(CATALOGUE_FILE)))
CJK = "\u3400-\u9fff"
HALF_WIDTH = re.compile(rf"[{CJK}][,.;:?!()]|[,;:?!(][{CJK}]")
WITHOUT_SPACE = re.compile(rf"[{CJK}][A-Za-z0-9{{]|[A-Za-z0-9}}][{CJK}]|[{CJK}]%\(|\)s[{CJK}]")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")


def written(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_is_translated_for_good() -> None:
    assert ENTRIES
    assert [entry.msgid for entry in ENTRIES if not all(text.strip() for text in written(entry))] == []
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete] == []


def test_every_text_keeps_its_placeholders() -> None:
    for entry in ENTRIES:
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in written(entry):
            assert set(PLACEHOLDER.findall(text)) == wanted, entry.msgid


def test_every_text_is_set_as_chinese_is_set() -> None:
    for text in [text for entry in ENTRIES for text in written(entry)]:
        assert not HALF_WIDTH.search(text), text
        assert not WITHOUT_SPACE.search(text), text
        assert "..." not in text, text


def test_the_compiled_catalogue_is_fresh() -> None:
    compiled = polib.mofile(str(CATALOGUE_FILE.with_suffix(".mo")))
    assert {entry.msgid: written(entry) for entry in compiled} == {entry.msgid: written(entry) for entry in ENTRIES}


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext's xgettext is not installed")
def test_the_catalogue_holds_what_the_pages_say_today(tmp_path: Path) -> None:
    """A new extraction of a copy of the sources names the same texts; if not: makemessages, translate, compile."""
    for folder in EXTRACTED:
        shutil.copytree(BASE / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--no-location", "--no-wrap"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=120)
    extracted = polib.pofile(str(tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"))
    known, wanted = {entry.msgid for entry in ENTRIES}, {entry.msgid for entry in extracted}
    assert sorted(wanted - known) == []
    assert sorted(known - wanted) == []


def test_the_catalogue_of_causes_is_worded_in_both_languages() -> None:
    for code in CATALOGUE:
        titles = {wording.title(code, language) for language in wording.LANGUAGES}
        assert len(titles) == len(wording.LANGUAGES), code
