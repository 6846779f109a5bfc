"""Files without a session: orphans and leftovers, and whatever is neither."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.corpus.labels import OK, State, World
from tests.corpus.laboratory import outcome_of
from tests.corpus.wavs import WHOLE
from tests.corpus.world import DAY, HOUR, PREFIX, Case

pytestmark = pytest.mark.django_db
STRAYS = World("strays")
# Where a file lies, how old it is, and what causes.md calls it ('': nothing).
FILES: tuple[tuple[str, float, str], ...] = (
    ("long_sequence_70001_20250820_120000.wav", 5 * DAY, "file.orphan"),
    ("2025/long_sequence_70002_20250820_120000.wav", 5 * DAY, "file.orphan"),
    ("long_sequence_user-9_20250820_120000.wav", 5 * DAY, "file.orphan"),
    ("long_sequence_7\n0_20250820_120000.wav", 5 * DAY, "file.orphan"),
    ("long_sequence_70003_20250825_110000.wav", HOUR, ""),  # younger than ORPHAN_GRACE_SECONDS
    ("long_sequence_70004_20250825_110000.wav", DAY - 60, ""),
    ("long_sequence_70005_20250825_110000.wav", DAY + 60, "file.orphan"),
    ("long_sequence_70006_20250825_110000.wav", -HOUR, ""),  # from the future
    ("long_sequence_70007_20250820_120000.wav.tmp", 5 * DAY, "file.leftover"),
    ("long_sequence_70008_20250820_120000.wav.part", 5 * DAY, "file.leftover"),
    ("long_sequence_70009_20250825_110000.wav.tmp", HOUR, ""),  # not as old
    ("long_sequence_1001_20250701_120000.wav", 5 * DAY, ""),  # a further file of a session that has one
    ("claimed_by_name_20250820_120000.wav", 5 * DAY, ""),
    ("long_sequence_70010_20250820_120000.wav", 5 * DAY, ""),  # claimed by another session's row
    ("music_20250820.wav", 5 * DAY, ""),  # foreign
    ("notes.txt", 5 * DAY, ""),
    ("long_sequence_70011_20250820.wav", 5 * DAY, ""),  # not the convention: foreign
    (".DS_Store", 5 * DAY, ""),
    ("Thumbs.db", 5 * DAY, ""),
    ("._long_sequence_70012_20250820_120000.wav", 5 * DAY, ""),
    ("@eaDir/long_sequence_70013_20250820_120000.wav", 5 * DAY, ""),
    ("quarantine/long_sequence_70014_20250820_120000.wav", 5 * DAY, ""),
)


def _strewn(case: Case) -> None:
    case.session()
    case.other(1).session(path=PREFIX + "long_sequence_70010_20250820_120000.wav", at=None)
    case.other(2).session(path="claimed_by_name_20250820_120000.wav", at=None)
    for path, age, _ in FILES:
        case.write(path, WHOLE, age)
    undecodable = os.fsdecode(b"long_sequence_\xff_20250820_120000.wav")
    case.write(undecodable, WHOLE, 5 * DAY)


def test_each_file_is_called_by_its_name(open_folder: Path) -> None:
    outcome = outcome_of(STRAYS, [State("strewn", _strewn, OK, "file findings", STRAYS)], open_folder)
    expected = {path: code for path, _, code in FILES if code}
    expected["long_sequence_\\xff_20250820_120000.wav"] = "file.orphan"
    assert outcome.strays == expected


def test_no_file_is_an_orphan_while_the_table_is_empty(open_folder: Path) -> None:
    def emptied(case: Case) -> None:
        case.write("long_sequence_70001_20250820_120000.wav", WHOLE, 5 * DAY)

    outcome = outcome_of(World("no_rows", prepare=emptied), [], open_folder)
    assert outcome.strays == {}
    assert "host.table_empty" in outcome.conditions
