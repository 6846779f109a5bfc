"""When another session of the same user and assessment was begun within the generation time, and when only almost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from diagnostics.domain.facts import Evidence
from diagnostics.domain.rules.requests import duplicate_request
from diagnostics.domain.traces import OtherRequest
from tests.domain.build import NOW, evidence, moment

BEGUN, ENDED = 7_200.0, 6_600.0  # seconds ago
ASKED = {"user_id": "7", "assessment_id": "4", "created": moment(BEGUN)}


def at(seconds_ago: float) -> datetime:
    return NOW - timedelta(seconds=seconds_ago)


def others_of(*seconds_ago: float, row: dict[str, Any] | None = None, **changes: Any) -> str:
    others = tuple(OtherRequest(str(number), at(ago)) for number, ago in enumerate(seconds_ago, start=8))
    given: Evidence = evidence(row={**ASKED, **(row or {})}, other_requests=others, **changes)
    return ";".join(str(finding.values["others"]) for finding in duplicate_request(given))


@pytest.mark.parametrize(
    ("ago", "found"),
    [(BEGUN + 1, ""), (BEGUN, "8"), (BEGUN - 1, "8"), (ENDED + 1, "8"), (ENDED, ""), (ENDED - 1, ""), (-60, "")],
)
def test_it_is_begun_from_the_beginning_on_and_before_the_end(ago: float, found: str) -> None:
    assert others_of(ago) == found


def test_it_counts_from_the_last_reset_then_from_when_it_was_first_seen_generating() -> None:
    assert others_of(7_000, generating_since=at(6_900)) == ""
    assert others_of(6_800, generating_since=at(6_900)) == "8"
    assert others_of(6_800, generating_since=at(6_900), reset_at=at(6_700)) == ""
    assert others_of(6_650, generating_since=at(6_900), reset_at=at(6_700)) == "8"


def test_it_ends_with_completion_with_failure_or_now() -> None:
    assert others_of(60, row={"status": "generating"}) == "8"
    assert others_of(6_700, row={"status": "failed", "completed": moment(1), "updated": moment(6_650)}) == "8"
    assert others_of(6_600, row={"status": "failed", "completed": moment(1), "updated": moment(6_650)}) == ""
    assert others_of(-60, row={"completed": moment(-600)}) == ""


@pytest.mark.parametrize("status", ["pending", "archived", None])
def test_what_was_never_generated_has_no_generation_time(status: str | None) -> None:
    assert others_of(7_000, row={"status": status}) == ""


@pytest.mark.parametrize("row", [{"user_id": None}, {"assessment_id": None}, {"user_id": " "}, {"assessment_id": ""}])
def test_of_nobody_nothing_is_the_same(row: dict[str, object]) -> None:
    assert others_of(7_000, row=row) == ""


def test_times_that_contradict_each_other_say_nothing() -> None:
    assert others_of(6_650, row={"completed": moment(7_300)}) == ""


def test_they_are_named_in_the_order_of_time_ten_at_most() -> None:
    assert others_of(6_700, 7_100) == "9, 8"
    assert others_of(*range(7_100, 7_000, -5)).count(",") == 9
