"""Which files each policy would take, to the second: of sessions, of the ledger, of findings; oldest first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diagnostics.models import LedgerFile
from sessions_admin.models import HeldFile
from sessions_admin.policies import POLICIES
from sessions_admin.policies.candidates import files_for
from tests.sessions_admin.policies.conftest import CUT, DAY, HOUR, NOW, WHOLE, found, known, named, seen

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DAYS = 30 * DAY


def taken(policy: str, age_days: int = 30, most: int = 100) -> list[str]:
    files = files_for(policy, POLICIES[policy].candidates(age_days, NOW), most)
    return [LedgerFile.objects.get(pk=file.pk).shown_path for file in files]


class TestRetention:
    @pytest.mark.parametrize(("age", "is_taken"), [(DAYS, True), (DAYS - SECOND, False), (DAYS + SECOND, True)])
    def test_session_and_file_are_both_of_that_age(self, age: timedelta, is_taken: bool) -> None:
        known("1", age, claims=named("1"))
        seen(named("1"), DAYS)
        known("2", DAYS, claims=named("2"))
        seen(named("2"), age)
        assert sorted(taken("retention")) == ([named("1"), named("2")] if is_taken else [])

    def test_where_it_was_not_told_when_it_was_completed_its_creation_counts(self) -> None:
        for key, created in (("1", NOW - DAYS), ("2", NOW - DAYS + SECOND), ("3", None)):
            known(key, DAYS, claims=named(key), completed_at=None, created_at=created)
            seen(named(key), DAYS)
        assert taken("retention") == [named("1")]

    @pytest.mark.parametrize("status", ["failed", "pending", "generating", "archived"])
    def test_only_completed_sessions_have_audio_that_is_due(self, status: str) -> None:
        known("1", DAYS, claims=named("1"), status=status)
        seen(named("1"), DAYS)
        assert taken("retention") == []

    @pytest.mark.parametrize(
        "other",
        [
            {"age": DAYS - SECOND},
            {"age": DAYS, "status": "generating"},
            {"age": DAYS, "completed_at": None, "created_at": None},
        ],
    )
    def test_a_file_that_another_session_still_needs_stays(self, other: dict[str, object]) -> None:
        seen(named("1"), DAYS)
        known("1", DAYS, claims=named("1"))
        known("2", claims=named("1"), **other)  # type: ignore[arg-type]  # as the case says
        assert taken("retention") == []

    def test_a_file_whose_row_is_gone_is_none_of_its(self) -> None:
        seen(named("1"), DAYS)
        known("1", DAYS, claims=named("1"), gone_at=NOW)
        assert taken("retention") == []


class TestFailedRemains:
    @pytest.mark.parametrize(("age", "is_taken"), [(DAY, True), (DAY - SECOND, False)])
    def test_what_a_failed_session_left_is_taken_from_that_age_on(self, age: timedelta, is_taken: bool) -> None:
        known("1", DAYS, status="failed")
        seen(named("1"), age, header=CUT)
        assert taken("failed_remains", 1) == ([named("1")] if is_taken else [])

    @pytest.mark.parametrize(
        ("told", "is_taken"),
        [
            ({"header": CUT}, True),
            ({"header": WHOLE}, False),
            ({"header": None}, False),  # not read: nobody knows
            ({"header": None, "size_bytes": 0}, True),
            ({"header": CUT, "header_stamp": "another version"}, False),
            ({"header": CUT, "missed_at": NOW}, False),
            ({"header": CUT, "kind": "link"}, False),
        ],
    )
    def test_a_whole_file_and_one_that_is_not_known_stay(self, told: dict[str, object], is_taken: bool) -> None:
        known("1", DAYS, status="failed")
        seen(named("1"), DAYS, **told)  # type: ignore[arg-type]  # as the case says
        assert taken("failed_remains", 1) == ([named("1")] if is_taken else [])

    def test_a_temporary_file_of_it_is_taken_too(self) -> None:
        known("1", DAYS, status="failed")
        seen(named("1") + ".part", DAYS, header=None)
        assert taken("failed_remains", 1) == [named("1") + ".part"]

    @pytest.mark.parametrize("status", ["completed", "pending", "generating"])
    def test_the_session_is_failed(self, status: str) -> None:
        known("1", DAYS, status=status)
        seen(named("1"), DAYS, header=CUT)
        assert taken("failed_remains", 1) == []

    def test_what_any_row_claims_stays(self) -> None:
        known("1", DAYS, status="failed")
        known("2", DAYS, claims=named("1"))
        seen(named("1"), DAYS, header=CUT)
        assert taken("failed_remains", 1) == []


@pytest.mark.parametrize(("policy", "code"), [("orphans", "file.orphan"), ("leftovers", "file.leftover")])
class TestFindings:
    def test_open_findings_of_its_code_are_taken_from_that_age_on(self, policy: str, code: str) -> None:
        found(seen("a.wav", DAYS), code)
        found(seen("young.wav", DAYS - SECOND), code)
        found(seen("resolved.wav", DAYS), code, resolved_at=NOW)
        found(seen("other.wav", DAYS), "file.else")
        seen("none.wav", DAYS)
        assert taken(policy) == ["a.wav"]

    def test_what_a_row_claims_by_now_stays(self, policy: str, code: str) -> None:
        found(seen("a.wav", DAYS), code)
        known("9", DAYS, claims="a.wav")
        assert taken(policy) == []

    def test_nothing_is_taken_that_is_younger_than_an_hour(self, policy: str, code: str) -> None:
        for name, age in (("hour.wav", HOUR), ("younger.wav", HOUR - SECOND)):
            found(seen(name, age), code)
        assert taken(policy, age_days=0) == ["hour.wav"]

    def test_the_oldest_come_first_and_no_more_than_asked(self, policy: str, code: str) -> None:
        for age in (40, 60, 50):
            found(seen(f"{age}.wav", age * DAY), code)
        assert taken(policy, most=2) == ["60.wav", "50.wav"]

    @pytest.mark.parametrize(("ago", "is_taken"), [(29 * DAY, False), (30 * DAY, True)])
    def test_what_somebody_brought_back_is_left_alone_for_a_month(
        self, policy: str, code: str, ago: timedelta, is_taken: bool
    ) -> None:
        file = seen("a.wav", DAYS)
        found(file, code)
        told = {"device": 1, "inode": 1, "moved_at": NOW, "expires_at": NOW, "size_bytes": 1, "mtime_ns": 1}
        HeldFile.objects.create(
            operation="o", number=0, path=b"a.wav", path_hash=file.pk, state="restored", ended_at=NOW - ago, **told
        )
        assert taken(policy) == (["a.wav"] if is_taken else [])
