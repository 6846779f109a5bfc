"""How an attempt stands, told from the evidence of one look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.domain import paths
from diagnostics.domain.facts import Evidence, Limits, Moment, StoreFacts
from diagnostics.domain.rates.endings import Ended, Kind, ended
from diagnostics.domain.traces import Reason, Removal
from tests.domain.build import ABSENT, LAYOUT, NOW, diagnosed, evidence, moment

NEVER = Moment(None, None)


def told(found: Evidence) -> Ended:
    answer = ended(found, diagnosed(found))
    assert answer is not None
    return answer


def row(status: str, **values: Any) -> dict[str, Any]:
    fresh = {"completed": NEVER, "path": None, "size_bytes": None, "progress_percent": 40.0}
    return {"status": status, **fresh, **values}


def test_a_whole_piece_is_playable_and_took_its_time() -> None:
    found = told(evidence())
    assert found == Ended(Kind.COMPLETED, NOW - timedelta(seconds=6_600), True, True, "", 90.0, 60.0)


def test_a_piece_without_its_file_is_not() -> None:
    found = told(evidence(audio=ABSENT))
    assert (found.is_playable, found.cause) == (False, "file.never_written")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"audio": ABSENT, "row": {"updated": moment(20)}}, ""),  # settles
        ({"store": StoreFacts("missing"), "audio": None}, "storage.unavailable"),
        ({"audio": ABSENT, "limits": Limits(audio_retention_days=0.01)}, "expired"),
        ({"audio": ABSENT, "removal": Removal("quarantine", "eve", NOW, Reason.ACTION, None)}, "file.purged"),
    ],
)
def test_what_no_look_can_tell_is_neither(changes: dict[str, Any], cause: str) -> None:
    found = told(evidence(**changes))
    assert (found.is_playable, found.cause) == (None, cause)


def test_an_expired_link_counts_against_no_file_that_is_in_order() -> None:
    path = "https://app.example.cn/static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav?e=1600000000&token=a:b"
    found = evidence(row={"path": path}, claim=paths.understand(path, LAYOUT))
    assert diagnosed(found).cause == "delivery.link_expired"
    assert (told(found).is_playable, told(found).cause) == (True, "")
    remote = paths.understand("https://cdn.example.com/a.wav?e=1600000000&token=a:b", LAYOUT)
    elsewhere = evidence(row={"path": remote.raw}, claim=remote, audio=None)
    assert (told(elsewhere).is_playable, told(elsewhere).cause) == (None, "delivery.link_expired")


def test_a_minute_ahead_is_an_end_and_more_is_none() -> None:
    for ahead, is_dated in ((60, True), (61, False)):
        found = told(evidence(row={"completed": moment(-ahead), "updated": moment(-ahead)}))
        assert found.is_dated is is_dated
        assert found.ended_at == NOW + timedelta(seconds=ahead if is_dated else 0)
        assert (found.took_seconds is None) is not is_dated


def test_a_row_without_a_time_is_undated() -> None:
    found = told(evidence(row=row("failed", updated=NEVER)))
    assert (found.kind, found.ended_at, found.is_dated) == (Kind.FAILED, NOW, False)
    zero = Moment("1970-01-01", NOW.replace(year=1970))
    assert not told(evidence(row=row("failed", updated=zero))).is_dated


def test_a_reset_does_not_make_a_piece_two_days_long() -> None:
    made = moment(2 * 86_400 + 6_600)
    reset_at = NOW - timedelta(seconds=6_900)
    assert told(evidence(row={"created": made})).took_seconds == 2 * 86_400
    assert told(evidence(row={"created": made}, reset_at=reset_at)).took_seconds == 300


def test_an_end_before_the_beginning_is_told_as_it_is() -> None:
    assert told(evidence(reset_at=NOW - timedelta(seconds=6_000))).took_seconds == -600


@pytest.mark.parametrize(
    ("values", "cause", "seconds"),
    [
        (row("pending", created=moment(1_000), updated=moment(1_000)), "worker.not_picked_up", 400),
        (row("generating", created=moment(3_000), updated=moment(1_000)), "worker.stalled", 100),
    ],
)
def test_what_is_stuck_ended_when_it_went_past_its_limit(values: dict[str, Any], cause: str, seconds: int) -> None:
    found = told(evidence(row=values, audio=None, claim=paths.understand(None, LAYOUT)))
    assert (found.kind, found.cause, found.is_playable) == (Kind.STUCK, cause, False)
    assert found.ended_at == NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize("status", ["pending", "generating", "archived"])
def test_what_goes_on_or_is_not_known_has_no_end(status: str) -> None:
    found = evidence(row=row(status, created=moment(30), updated=moment(30)), audio=None)
    found = replace(found, claim=paths.understand(None, LAYOUT))
    assert ended(found, diagnosed(found)) is None
