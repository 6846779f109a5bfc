"""What holds of every course, whatever is read and however the clock jumps."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.alerts.course import Event, Reading, State, is_breach, is_clear
from diagnostics.domain.alerts.rules import RULES, Rule
from tests.domain.alerts.walking import ERROR, NO_DATA, Walk

NUMBERS = st.floats(0, 1200) | st.sampled_from([0.0, 1.0, 5.0, 6.0, 80.0, 85.0, 90.0, 92.0, 300.0, 600.0])
READINGS = NUMBERS | st.sampled_from([NO_DATA, ERROR])
MOSTLY_A_MINUTE = st.just(60) | st.integers(-40_000, 40_000)
LOOKS = st.lists(st.tuples(READINGS, MOSTLY_A_MINUTE), max_size=60)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(RULES), LOOKS)
def test_an_episode_is_begun_once_and_ended_once_and_only_by_what_was_read(
    rule: Rule, looks: list[tuple[float | Reading, int]]
) -> None:
    alert = Walk(rule, rule.levels)
    is_open = is_error_open = False
    for reading, seconds in looks:
        before = len(alert.events)
        alert.look(reading, later=timedelta(seconds=seconds))
        for _, event in alert.events[before:]:
            if event is Event.FIRED:
                assert not is_open
                assert not isinstance(reading, Reading)
                assert is_breach(reading, alert.levels, alert.rule)
                is_open = True
            elif event is Event.ENDED:
                assert is_open
                assert not isinstance(reading, Reading)
                assert is_clear(reading, alert.levels, alert.rule)
                is_open = False
            elif event is Event.ERROR_BEGAN:
                assert not is_error_open
                assert reading is ERROR
                is_error_open = True
            else:
                assert is_error_open
                is_error_open = False
        assert alert.standing.has_episode == is_open
        assert alert.standing.has_error_episode == is_error_open


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(RULES), LOOKS)
def test_the_state_agrees_with_what_is_open_and_no_time_lies_ahead(
    rule: Rule, looks: list[tuple[float | Reading, int]]
) -> None:
    alert = Walk(rule, rule.levels)
    for reading, seconds in looks:
        alert.look(reading, later=timedelta(seconds=seconds))
        standing = alert.standing
        assert standing.has_episode or standing.state not in (State.FIRING, State.RECOVERING)
        assert not standing.has_episode or standing.state not in (State.OK, State.PENDING)
        assert (standing.failing_since is not None) == (standing.state == State.ERROR)
        assert (standing.cleared_since is not None) == (standing.state == State.RECOVERING)
        assert (standing.breached_since is not None) == (standing.has_episode or standing.state == State.PENDING)
        anchors = (standing.since, standing.breached_since, standing.cleared_since, standing.failing_since)
        assert standing.evaluated_at is not None
        assert all(anchor <= standing.evaluated_at for anchor in anchors if anchor)
