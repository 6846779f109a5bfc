"""How a rule goes from well to firing and back: boundaries to the letter, no data, errors, and clocks that jump."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diagnostics.domain.alerts.course import Event, Reading, Standing, State, vanished
from tests.domain.alerts.walking import ERROR, NO_DATA, NOON, Walk, firing, walk


@pytest.mark.parametrize(
    ("rule", "at_the_level", "beyond"),
    [
        ("success_rate", 90.0, 89.99999999),
        ("generation_time", 300.0, 300.0000001),
        ("disk_used", 85.0, 85.0000001),
        ("failures", 5.0, 6.0),
        ("inodes_used", 90.0, 90.0000001),
        ("disk_full_soon", 6.0, 5.9999999),
        ("queue_still", 600.0, 600.0000001),
        ("worker_silent", 120.0, 120.0000001),
        ("pass_late", 900.0, 900.0000001),
        ("condition", 0.0, 1.0),
        ("part_down", 0.0, 1.0),
        ("incident_regressed", 0.0, 1.0),
    ],
)
def test_exactly_at_its_level_a_rule_does_not_fire_and_beyond_it_does(
    rule: str, at_the_level: float, beyond: float
) -> None:
    assert set(walk(rule).looks([at_the_level] * 20)) == {"ok"}
    assert walk(rule).looks([beyond] * 20)[-1] == "firing"


@pytest.mark.parametrize(
    ("rule", "bad", "not_yet", "clear"),
    [
        ("success_rate", 50.0, 91.9999, 92.0),
        ("generation_time", 400.0, 270.0001, 270.0),
        ("disk_used", 95.0, 80.0001, 80.0),
        ("failures", 9.0, 4.0, 3.0),
    ],
)
def test_it_ends_only_at_its_other_level_and_not_between_the_two(
    rule: str, bad: float, not_yet: float, clear: float
) -> None:
    between = firing(rule, bad)
    assert set(between.looks([not_yet] * 60)) == {"firing"}
    assert between.looks([clear] * 20)[-1] == "ok"
    assert between.times(Event.ENDED) == 1


def test_it_is_pending_until_the_breach_was_seen_at_every_look_for_as_long_as_asked() -> None:
    assert walk("disk_used").looks([86, 86, 86, 86]) == ["pending", "pending", "firing", "firing"]
    assert walk("disk_used").looks([86, 86, 84, 86, 86, 86]) == [
        "pending",
        "pending",
        "ok",
        "pending",
        "pending",
        "firing",
    ]
    assert walk("disk_used").looks([86, 86, 82, 86]) == ["pending", "pending", "ok", "pending"]


def test_without_a_time_to_hold_it_fires_at_the_first_look() -> None:
    assert walk("failures").looks([6]) == ["firing"]


def test_it_recovers_for_as_long_as_asked_and_then_ends_once() -> None:
    alert = firing()
    assert alert.looks([70] * 15) == ["recovering"] * 15
    assert alert.look(70) == "ok"
    assert alert.times(Event.ENDED) == 1
    assert alert.standing.breached_since is None


def test_a_breach_while_it_recovers_goes_on_with_the_same_episode() -> None:
    alert = firing()
    begun = alert.standing.breached_since
    alert.looks([70, 70, 95, 70, 95])
    assert alert.states[-5:] == ["recovering", "recovering", "firing", "recovering", "firing"]
    assert alert.times(Event.FIRED) == 1
    assert alert.standing.breached_since == begun


def test_time_to_keep_begins_anew_after_each_breach() -> None:
    alert = firing()
    alert.looks([70] * 14 + [95])
    assert alert.looks([70] * 15) == ["recovering"] * 15


# What people complain of in other tools (ops research, 1.4).


@pytest.mark.parametrize("nothing", [NO_DATA, ERROR])
def test_no_data_and_errors_never_resolve_an_alert(nothing: Reading) -> None:
    alert = firing()
    alert.looks([nothing] * 600)
    assert alert.times(Event.ENDED) == 0
    assert alert.standing.has_episode


@pytest.mark.parametrize("nothing", [NO_DATA, ERROR])
def test_a_disk_that_is_still_full_when_its_machine_is_back_is_the_same_alert(nothing: Reading) -> None:
    alert = firing()
    alert.looks([nothing] * 30)
    assert alert.look(95) == "firing"
    assert alert.times(Event.FIRED) == 1


def test_the_state_is_not_inverted_after_no_data() -> None:
    alert = walk("disk_used")
    assert alert.looks([70, NO_DATA, 70]) == ["ok", "no_data", "ok"]
    assert alert.events == []


@pytest.mark.parametrize("nothing", [NO_DATA, ERROR])
def test_nothing_counts_as_well_while_it_recovers(nothing: Reading) -> None:
    alert = firing()
    alert.looks([70] * 14)
    alert.look(nothing)
    assert alert.looks([70] * 15) == ["recovering"] * 15
    assert alert.look(70) == "ok"


@pytest.mark.parametrize("nothing", [NO_DATA, ERROR])
def test_a_breach_after_nothing_has_to_hold_anew_where_no_episode_was(nothing: Reading) -> None:
    alert = walk("disk_used")
    alert.looks([95, 95])
    alert.look(nothing)
    assert alert.looks([95, 95, 95]) == ["pending", "pending", "firing"]


def test_errors_wait_as_long_as_breaches_before_they_are_told() -> None:
    alert = walk("disk_used")
    assert alert.looks([ERROR, ERROR]) == ["error", "error"]
    assert alert.events == []
    alert.looks([ERROR] * 10)
    assert alert.events == [(2.0, Event.ERROR_BEGAN)]


def test_an_error_of_a_rule_that_fires_at_once_waits_two_rounds() -> None:
    alert = walk("failures")
    alert.looks([ERROR] * 5)
    assert alert.events == [(2.0, Event.ERROR_BEGAN)]


def test_an_error_that_is_interrupted_begins_anew() -> None:
    alert = walk("disk_used")
    alert.looks([ERROR, ERROR, 70, ERROR, ERROR, NO_DATA, ERROR, ERROR])
    assert alert.events == []


def test_no_data_is_never_an_episode_of_its_own() -> None:
    alert = walk("success_rate")
    alert.looks([NO_DATA] * 5000)
    assert alert.events == []


def test_the_episode_of_an_error_ends_when_the_rule_can_be_read_again() -> None:
    alert = walk("disk_used")
    alert.looks([ERROR] * 5 + [70])
    assert [event for _, event in alert.events] == [Event.ERROR_BEGAN, Event.ERROR_ENDED]
    assert not alert.standing.has_episode


def test_an_error_while_it_fires_is_told_beside_it_and_ends_alone() -> None:
    alert = firing()
    alert.looks([ERROR] * 5 + [95])
    assert [event for _, event in alert.events] == [Event.FIRED, Event.ERROR_BEGAN, Event.ERROR_ENDED]
    assert alert.standing.state == State.FIRING


def test_a_sample_that_is_too_small_says_how_small() -> None:
    assert NO_DATA.problem == "4 of 10"
    assert walk("success_rate").look(NO_DATA) == "no_data"


def test_no_time_out_ends_an_alert() -> None:
    alert = firing()
    alert.look(95, later=timedelta(days=30))
    assert alert.times(Event.ENDED) == 0
    assert alert.standing.state == State.FIRING


# Clocks.


def test_a_clock_that_goes_back_fires_nothing_and_makes_no_time_negative() -> None:
    alert = walk("disk_used")
    alert.looks([95, 95])
    assert alert.look(95, later=timedelta(hours=-8)) == "pending"
    assert alert.standing.since == alert.standing.breached_since == alert.now
    assert alert.looks([95, 95]) == ["pending", "firing"]


def test_a_clock_that_goes_back_fires_not_even_what_fires_at_once() -> None:
    alert = walk("failures")
    alert.look(0)
    assert alert.look(9, later=timedelta(hours=-1)) == "pending"
    assert alert.look(9) == "firing"


def test_a_clock_that_goes_back_ends_nothing() -> None:
    alert = firing()
    alert.looks([70] * 10)
    assert alert.look(70, later=timedelta(hours=-8)) == "recovering"
    assert alert.looks([70] * 14) == ["recovering"] * 14
    assert alert.look(70) == "ok"


def test_an_episode_that_began_in_the_future_began_now_at_the_latest() -> None:
    alert = firing()
    alert.look(95, later=timedelta(hours=-8))
    assert alert.standing.breached_since == alert.now


def test_a_gap_completes_no_time_to_hold() -> None:
    alert = walk("disk_used")
    alert.look(95)
    assert alert.look(95, later=timedelta(hours=5)) == "pending"
    assert alert.looks([95, 95]) == ["pending", "firing"]


def test_a_gap_completes_no_time_to_keep() -> None:
    alert = firing()
    alert.look(70)
    assert alert.look(70, later=timedelta(hours=5)) == "recovering"
    assert alert.times(Event.ENDED) == 0


def test_a_gap_completes_no_error() -> None:
    alert = walk("disk_used")
    alert.look(ERROR)
    alert.look(ERROR, later=timedelta(hours=5))
    assert alert.events == []


def test_exactly_ten_minutes_are_no_gap() -> None:
    alert = walk("disk_used")
    alert.look(95)
    assert alert.look(95, later=timedelta(minutes=10)) == "firing"


def test_a_look_that_another_evaluator_overtook_changes_nothing() -> None:
    alert = walk("disk_used")
    alert.looks([95, 95])
    before = alert.standing
    alert.look(70, later=timedelta(seconds=-20))
    assert alert.standing == before


def test_what_nobody_asks_for_any_more_ends_at_once() -> None:
    alert = firing()
    alert.looks([ERROR] * 5)
    done = vanished(alert.standing, alert.now)
    assert done.events == (Event.ENDED, Event.ERROR_ENDED)
    assert done.standing.state == State.OK
    assert vanished(Standing(), NOON).events == ()


def test_it_says_since_when_it_stands_where_it_stands() -> None:
    alert = Walk()
    alert.looks([70, 70, 95, 95])
    assert alert.standing.since == NOON + timedelta(minutes=2)
