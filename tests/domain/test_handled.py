"""What becomes of a session's handling at each look: it stands, is over, or the session has to be seen again."""

from __future__ import annotations

import pytest

from diagnostics.domain.handled import Handled, course

FULL, MEMORY, NOTICE = "generation.disk_full", "generation.out_of_memory", "record.stale_error"
STANDS = Handled(stands=True, cause=FULL, end="")
WITH_INCIDENT = Handled(stands=True, cause="", end="")
WAS_MENDED = Handled(stands=False, cause=FULL, end="mended")


def after(handled: Handled, cause: str, verdict: str = "", state: str = "", *, other: bool = False) -> tuple[bool, str]:
    verdict = verdict or ("broken" if cause else "playable")
    state = state or ("failed" if cause else "ok")
    found = course(handled, cause=cause, verdict=verdict, state=state, is_other_incident=other)
    return found.stands, found.end


def test_it_stands_while_the_fault_is_the_same() -> None:
    assert after(STANDS, FULL) == (True, "")
    assert after(WITH_INCIDENT, FULL) == (True, "")


def test_another_fault_brings_it_back() -> None:
    assert after(STANDS, MEMORY) == (False, "other")
    assert after(STANDS, FULL, other=True) == (False, "other")  # the same code, for another error
    assert after(WITH_INCIDENT, MEMORY, other=True) == (False, "other")


def test_what_is_well_is_over_and_comes_back_only_when_it_breaks_again() -> None:
    assert after(STANDS, "") == (False, "mended")
    assert after(WAS_MENDED, "") == (False, "mended")
    assert after(WAS_MENDED, FULL) == after(WAS_MENDED, MEMORY) == (False, "again")
    assert after(WITH_INCIDENT, "") == (False, "")  # its incident knows


@pytest.mark.parametrize("end", ["other", "again"])
def test_what_came_back_and_is_well_then_is_told_no_more(end: str) -> None:
    back = Handled(stands=False, cause=FULL, end=end)
    assert after(back, MEMORY) == (False, end)
    assert after(back, "") == (False, "")


def test_under_way_again_is_no_fault() -> None:
    assert after(STANDS, "", "not_ready", "waiting") == (False, "mended")


def test_nothing_is_known_while_changes_settle() -> None:
    assert after(STANDS, "", "not_ready", "settling") == (True, "")


def test_a_notice_beside_what_plays_is_no_fault_unless_it_was_handled_for_one() -> None:
    assert after(STANDS, NOTICE, "playable", "ok") == (False, "mended")
    assert after(Handled(stands=True, cause=NOTICE, end=""), NOTICE, "playable", "ok") == (True, "")
