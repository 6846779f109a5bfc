"""How much goes without a second person: exactly the bound does, one more does not; what has another safeguard always."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from sessions_admin.bounds import GIGABYTE, OVER, bound_of, is_over
from sessions_admin.models import ActionPlan

BOUND = {"most_files": "3", "most_gigabytes": "1"}


@pytest.mark.parametrize(
    ("files", "size_bytes", "over"),
    [(3, GIGABYTE, False), (4, 0, True), (1, GIGABYTE + 1, True), (0, 0, False)],
)
def test_the_bound_itself_is_still_allowed(files: int, size_bytes: int, over: bool) -> None:
    assert is_over(files, size_bytes, BOUND) is over


def test_by_hand_the_settings_bind(settings: Settings) -> None:
    settings.SECOND_PERSON_FILES, settings.SECOND_PERSON_GIGABYTES = 7, 8
    for scope in ({"kind": "ids"}, {"kind": "filter", "query": "most_files=9"}, {}):
        assert bound_of("quarantine", scope) == {"most_files": "7", "most_gigabytes": "8"}


def test_a_policy_is_bound_by_its_terms() -> None:
    assert bound_of("orphans", {"kind": "policy", "policy": "orphans", "approved_by": "ada", **BOUND}) == BOUND


@pytest.mark.parametrize("kind", ["expiry", "emergency"])
def test_what_has_its_own_safeguard_is_not_bound(kind: str) -> None:
    assert not is_over(10**6, 10**15, bound_of("expire", {"kind": kind}))


def test_the_reason_is_a_sentence_with_numbers() -> None:
    plan = ActionPlan(to_do=1_234, bytes_moved=5_600_000_000, second_reason=OVER, scope=BOUND)
    assert plan.second_sentence == (
        "1234 files with 5.6 GB are to be moved: more than 3 files or 1 GB need a second person."
    )
    assert ActionPlan(to_do=1).second_sentence == ""


def test_bringing_files_back_takes_nothing_from_anybody() -> None:
    assert bound_of("restore", {"kind": "ids"}) == {}
