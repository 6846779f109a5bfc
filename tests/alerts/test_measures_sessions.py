"""What the rules over sessions read: windows to the letter, samples, and clocks that are not ours."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.alerts import measures
from diagnostics.alerts.look import look_at
from diagnostics.domain.alerts.course import Reading
from diagnostics.models import AlertLevels, LedgerFile, Pass
from tests.alerts.scene import HOUR, MINUTE, NOON, Desk, complete_pass, ending, rule, session, state
from tests.web_servers import serving


def read(name: str) -> Reading:
    return measures.read(name, look_at(NOON), rule(name).levels, ())[""]


@pytest.fixture(autouse=True)
def kept_up(desk: Desk) -> None:
    complete_pass(NOON)


def test_the_rate_is_that_of_playable_pieces_and_the_status_is_told_beside_it() -> None:
    for _ in range(7):
        ending(NOON - HOUR)
    ending(NOON - HOUR, is_playable=False, cause="file.deleted")
    ending(NOON - HOUR, kind="failed")
    ending(NOON - HOUR, kind="stuck")
    ending(NOON - HOUR, is_playable=None)
    found = read("success_rate")
    assert (found.value, found.sample) == (70.0, 10)
    assert found.detail["by_file"] == [7, 10]
    assert found.detail["by_status"] == [9, 10]


def test_ninety_percent_are_exactly_ninety() -> None:
    for number in range(10):
        ending(NOON - HOUR, kind="failed" if not number else "completed")
    assert read("success_rate").value == 90.0


def test_nine_pieces_are_no_rate_and_it_says_so() -> None:
    for _ in range(9):
        ending(NOON - HOUR, kind="failed")
    assert (read("success_rate").kind, read("success_rate").problem) == ("no_data", "9 of 10")


@pytest.mark.parametrize("name", ["success_rate", "generation_time"])
def test_where_nothing_ended_there_is_no_rate_and_no_mean(name: str) -> None:
    assert read(name).problem == f"0 of {rule(name).levels.smallest_sample}"


def test_where_nothing_failed_that_is_well() -> None:
    assert read("failures").value == 0


def test_what_failed_exactly_an_hour_ago_is_out_and_what_failed_now_is_in() -> None:
    for at in (NOON - HOUR, NOON - HOUR + timedelta(microseconds=1), NOON, NOON + timedelta(microseconds=1)):
        ending(at, kind="failed")
    assert read("failures").value == 2


def test_what_the_host_does_not_date_is_in_no_window() -> None:
    ending(NOON, kind="failed", is_dated=False)
    assert read("failures").value == 0


def test_the_mean_leaves_absurd_times_out_and_counts_them() -> None:
    for seconds in (300.0, 300.0, 300.0, 300.0, 300.0, -5.0, 86_401.0):
        ending(NOON - HOUR, took_seconds=seconds)
    found = read("generation_time")
    assert (found.value, found.sample, found.detail["absurd"], found.detail["p95"]) == (300.0, 5, 2, 300.0)


def test_one_that_hangs_is_told_beside_the_mean_that_hides_it() -> None:
    for _ in range(5):
        ending(NOON - HOUR)
    session(NOON - 6 * HOUR, status="generating", generating_since=NOON - 5 * HOUR)
    assert read("generation_time").detail["oldest_going_at"] == (NOON - 5 * HOUR).isoformat()


def test_ninety_five_in_a_hundred_take_no_longer_than_the_p95() -> None:
    for seconds in range(1, 101):
        ending(NOON - HOUR, took_seconds=float(seconds))
    assert read("generation_time").detail["p95"] == 95.0


def test_a_queue_is_well_while_it_is_empty_or_moves() -> None:
    assert read("queue_still").value == 0
    session(NOON - HOUR, status="pending")
    assert read("queue_still").value == 3600
    session(NOON - HOUR, status="generating", moved_at=NOON - MINUTE)
    assert read("queue_still").value == 60


@pytest.mark.parametrize("how", ["picked_up", "updated", "ended", "written"])
def test_anything_that_moves_moves_the_queue(how: str) -> None:
    session(NOON - HOUR, status="pending")
    at = NOON - 2 * MINUTE
    old = {"status": "generating", "updated_at": NOON - HOUR}
    if how == "ended":
        ending(at)
    entry = session(NOON - HOUR, **old, **({"generating_since": at} if how == "picked_up" else {}))
    if how == "updated":
        entry.updated_at = at
        entry.save()
    if how == "written":
        LedgerFile.objects.create(
            path_hash=1, path=b"x", shown_path="x", fold_hash=1, named_session=entry.key, role="audio", size_bytes=1,
            mtime_ns=int(at.timestamp() * 1e9), ctime_ns=0, inode=1, first_seen_at=at, seen_at=at, changed_pass=1,
        )  # fmt: skip
    assert read("queue_still").value == 120


def test_a_reset_session_waits_since_its_reset() -> None:
    session(NOON - 5 * HOUR, status="pending", reset_at=NOON - MINUTE)
    assert read("queue_still").value == 60


# Clocks.


def test_a_host_whose_times_lie_eight_hours_ahead_makes_the_rules_over_time_errors() -> None:
    session(NOON + 8 * HOUR, status="pending")
    for name in ("success_rate", "generation_time", "failures", "queue_still"):
        assert (read(name).kind, read(name).problem) == ("error", "clock_skew")


def test_two_minutes_ahead_are_tolerated_and_more_are_not() -> None:
    entry = session(NOON + 2 * MINUTE)
    assert read("failures").kind == "value"
    entry.listed_at = NOON + 2 * MINUTE + timedelta(milliseconds=1)
    entry.save()
    assert read("failures").problem == "clock_skew"


def test_ends_that_lie_ahead_are_told_as_well() -> None:
    entry = session(NOON - HOUR, updated_at=NOON + 8 * HOUR)
    ending(NOON, entry=entry, kind="failed", is_dated=False)
    assert read("failures").problem == "clock_skew"


def test_one_row_of_another_year_is_a_fault_of_that_row_alone() -> None:
    session(NOON + timedelta(days=3650))
    assert read("failures").kind == "value"


def test_windows_are_as_long_when_a_viewer_turns_the_clock() -> None:
    ending(NOON - HOUR + timedelta(seconds=1), kind="failed")
    with timezone.override(ZoneInfo("America/New_York")):  # 8 March 2026 had 23 hours there
        assert read("failures").value == 1


# An index that no pass keeps up.


def test_failures_are_not_well_while_nobody_counts_them(desk: Desk) -> None:
    desk.ended(6, kind="failed", ago=MINUTE)
    desk.look()
    assert state("failures").state == "firing"
    desk.passes_keep_up = False
    desk.look(times=120)
    assert (state("failures").state, state("failures").problem) == ("no_data", "pass_stale")
    assert state("failures").episode is not None


def test_before_the_first_pass_nothing_is_known_of_sessions(desk: Desk) -> None:
    Pass.objects.all().delete()
    desk.passes_keep_up = False
    desk.look(times=5)
    assert [(state(name).state, state(name).problem) for name in ("failures", "pass_late")] == [
        ("no_data", "no_pass")
    ] * 2


def test_the_host_is_not_asked(desk: Desk, settings: Settings) -> None:
    with serving(lambda *_: None, is_first_to_speak=True) as host:
        settings.HOST_DATABASE_URL = f"postgres://x:y@127.0.0.1:{host.port}/host"
        desk.look(times=3)
        assert host.connections == 0


def test_a_level_that_was_set_counts_from_the_next_round(desk: Desk) -> None:
    desk.ended(6, kind="failed", ago=MINUTE)
    AlertLevels.objects.create(rule="failures", raise_at=6, changed_at=NOON, changed_by="ada")
    desk.look()
    assert state("failures").state == "ok"
    AlertLevels.objects.update(raise_at=2.5)
    desk.look()
    assert state("failures").state == "firing"
