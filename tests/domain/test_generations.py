"""A session that was put back to pending has another generation: what is known of the one before explains nothing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diagnostics.domain import paths
from diagnostics.domain.facts import FormerFile
from diagnostics.domain.traces import Removal
from tests.domain.build import ABSENT, AUDIO, LAYOUT, NOW, PREFIX, codes, evidence, moment

HOUR = timedelta(hours=1)
SEEN = FormerFile(ABSENT.path, 24_044, seen_at=NOW - 3 * HOUR, missed_at=NOW - 2 * HOUR)
MOVED = Removal("regenerate", "eve", at=NOW - 2 * HOUR)
ANOTHERS = PREFIX + "long_sequence_6_20250825_120316.wav"


@pytest.mark.parametrize(
    ("reset_hours_ago", "code"),
    [(None, "file.purged"), (4, "file.purged"), (2, "file.never_written"), (1, "file.never_written")],
)
def test_a_removal_explains_a_loss_until_the_session_is_put_back(reset_hours_ago: int | None, code: str) -> None:
    reset_at = None if reset_hours_ago is None else NOW - reset_hours_ago * HOUR
    assert codes(evidence(audio=ABSENT, former=SEEN, removal=MOVED, reset_at=reset_at)) == {code}


@pytest.mark.parametrize(("reset_hours_ago", "code"), [(4, "file.deleted"), (1, "file.never_written")])
def test_a_file_that_was_seen_is_of_the_generation_that_wrote_it(reset_hours_ago: int, code: str) -> None:
    found = evidence(audio=ABSENT, former=SEEN, reset_at=NOW - reset_hours_ago * HOUR)
    assert codes(found) == {code}


@pytest.mark.parametrize("status", ["pending", "generating"])
@pytest.mark.parametrize(
    ("path", "others", "is_finished"),
    [
        (None, (), True),
        (None, ("6",), True),  # its own by its name, whoever else names it
        (ANOTHERS, (), False),
        (ANOTHERS, ("6",), False),
        (PREFIX + "music.wav", ("6",), False),
        (PREFIX + "music.wav", (), True),
    ],
)
def test_another_session_s_file_is_no_result(
    status: str, path: str | None, others: tuple[str, ...], is_finished: bool
) -> None:
    row = {"status": status, "completed": moment(-1), "progress_percent": 0.0, "updated": moment(300)}
    changes = {} if path is None else {"claim": paths.understand(path, LAYOUT)}
    found = evidence(row=row, audio=AUDIO, other_claimants=others, reset_at=NOW - timedelta(seconds=300), **changes)
    assert ("record.status_lagging" in codes(found)) is is_finished
