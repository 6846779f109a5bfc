"""What a receiver is told, played through minute by minute: every message that goes out, with its time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics.domain.alerts.telling import Case, Line, Plan, Said, plan

BEGIN = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
REPEAT = timedelta(hours=4)
RATE, DISK = ("success_rate", "", "firing"), ("disk_used", "audio", "firing")


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


@dataclass(slots=True)
class Play:
    """A receiver and its outbox. `sent` is what went out: (seconds since the beginning, what it said)."""

    cases: dict[int, Case] = field(default_factory=dict)
    waiting: Plan | None = None
    sent: list[tuple[int, list[str]]] = field(default_factory=list)
    sent_at: datetime | None = None
    is_receiver_up: bool = True
    step: int = 10
    clock: int = 0

    def fires(self, number: int, alert: tuple[str, str, str] = RATE, **values: Any) -> None:
        self.cases[number] = Case(number, alert, at(self.clock), None, **values)

    def ends(self, number: int) -> None:
        self.cases[number] = replace(self.cases[number], ended_at=at(self.clock))

    def becomes(self, number: int, **values: Any) -> None:
        self.cases[number] = replace(self.cases[number], **values)

    def runs_to(self, seconds: int) -> None:
        while self.clock <= seconds:
            self._look(at(self.clock))
            self.clock += self.step
        self.clock = seconds

    def _look(self, now: datetime) -> None:
        planned = plan(list(self.cases.values()), sent_at=self.sent_at, repeat=REPEAT, now=now)
        if self.waiting is None or set(planned.lines) != set(self.waiting.lines):
            self._put(planned.lines, now)
            self.waiting = (
                replace(planned, at=self.waiting.at if self.waiting else planned.at) if planned.lines else None
            )
        if self.waiting and self.waiting.at <= now and self.is_receiver_up:
            self.sent.append((int((now - BEGIN).total_seconds()), [worded(line) for line in self.waiting.lines]))
            self._mark("sent", now)
            self.waiting, self.sent_at = None, now

    def _put(self, lines: Iterable[Line], now: datetime) -> None:
        for case in self.cases.values():
            kept = [one for one in case.said if one.state != "waiting"]
            put = [Said(line.kind, line.number, now, "waiting") for line in lines if line.episode == case.episode]
            self.cases[case.episode] = replace(case, said=(*kept, *put))

    def loses_what_waits(self) -> None:
        self._mark("lost", at(self.clock))
        self.waiting = None

    def _mark(self, state: str, now: datetime) -> None:
        for case in self.cases.values():
            said = tuple(replace(one, state=state, at=now) if one.state == "waiting" else one for one in case.said)
            self.cases[case.episode] = replace(case, said=said)


def worded(line: Line) -> str:
    return f"{line.episode} {line.kind}{f' {line.number}' if line.number else ''}"


@pytest.fixture
def play() -> Play:
    return Play()


def test_those_that_come_together_go_in_one_message(play: Play) -> None:
    play.fires(1)
    play.runs_to(20)
    play.fires(2, DISK)
    play.runs_to(60)
    assert play.sent == [(30, ["1 firing", "2 firing"])]


def test_the_next_message_goes_five_minutes_after_the_first_and_takes_all_that_came(play: Play) -> None:
    play.fires(1)
    play.runs_to(40)
    play.fires(2, DISK)
    play.runs_to(200)
    play.fires(3, ("failures", "", "firing"))
    play.runs_to(900)
    assert play.sent == [(30, ["1 firing"]), (330, ["2 firing", "3 firing"])]


def test_the_end_is_told_once(play: Play) -> None:
    play.fires(1)
    play.runs_to(600)
    play.ends(1)
    play.runs_to(6 * 3600)
    assert play.sent == [(30, ["1 firing"]), (600, ["1 resolved"])]


def test_what_ended_before_it_was_told_is_told_in_one_message(play: Play) -> None:
    play.fires(1)
    play.runs_to(20)
    play.ends(1)
    play.runs_to(6 * 3600)
    assert play.sent == [(30, ["1 firing", "1 resolved"])]


def test_what_ended_while_the_receiver_was_down_is_told_in_one_message(play: Play) -> None:
    play.is_receiver_up = False
    play.fires(1)
    play.runs_to(3600)
    play.ends(1)
    play.runs_to(3700)
    play.is_receiver_up = True
    play.runs_to(6 * 3600)
    assert [said for _at, said in play.sent] == [["1 firing", "1 resolved"]]


def test_the_end_of_what_was_never_told_is_not_told(play: Play) -> None:
    play.fires(1)
    play.runs_to(20)
    play.loses_what_waits()
    play.ends(1)
    play.runs_to(3600)
    assert play.sent == []


def test_what_was_lost_is_told_again_while_it_lasts(play: Play) -> None:
    play.fires(1)
    play.runs_to(20)
    play.loses_what_waits()
    play.runs_to(3600)
    assert [said for _at, said in play.sent] == [["1 repeat"]]


def test_it_is_repeated_at_its_interval_and_no_sooner(play: Play) -> None:
    play.fires(1)
    play.runs_to(30 + 2 * 4 * 3600)
    assert play.sent == [(30, ["1 firing"]), (30 + 14_400, ["1 repeat"]), (30 + 28_800, ["1 repeat 1"])]


def test_what_is_due_soon_goes_along_with_a_repetition(play: Play) -> None:
    play.fires(1)
    play.runs_to(40)
    play.fires(2, DISK)
    play.runs_to(5 * 3600)
    assert play.sent[2:] == [(30 + 14_400, ["1 repeat", "2 repeat"])]


def test_a_repetition_waits_for_the_interval_behind_another_message(play: Play) -> None:
    play.fires(1)
    play.runs_to(14_400 - 3600)
    play.fires(2, DISK)
    play.runs_to(14_400)
    play.ends(2)
    play.runs_to(5 * 3600)
    assert [said for _at, said in play.sent] == [["1 firing"], ["2 firing"], ["1 repeat", "2 resolved"]]


def test_a_silence_holds_the_telling_and_its_end_tells_what_still_fires(play: Play) -> None:
    play.fires(1, is_held=True)
    play.fires(2, DISK, is_held=True)
    play.runs_to(1200)
    play.ends(2)
    play.runs_to(3600)
    assert play.sent == []
    for number in (1, 2):
        play.becomes(number, is_held=False)
    play.runs_to(3700)
    assert play.sent == [(3600, ["1 firing"])]


def test_a_silence_takes_back_what_waits(play: Play) -> None:
    play.fires(1)
    play.runs_to(20)
    play.becomes(1, is_held=True)
    play.runs_to(3600)
    assert play.sent == []


def test_a_silence_that_begins_later_holds_the_end_too(play: Play) -> None:
    play.fires(1)
    play.runs_to(600)
    play.becomes(1, is_held=True)
    play.ends(1)
    play.runs_to(3600)
    assert play.sent == [(30, ["1 firing"])]
    play.becomes(1, is_held=False)
    play.runs_to(3700)
    assert play.sent[1:] == [(3600, ["1 resolved"])]


def flap(play: Play, first: int, times: int) -> int:
    """Let it fire and end every ten minutes, flapping from the fourth time on; return the number of the last episode."""
    for number in range(first, first + times):
        play.fires(number, is_flapping=number - first >= 3)
        play.runs_to(play.clock + 300)
        play.ends(number)
        play.runs_to(play.clock + 300)
    return first + times - 1


def test_flapping_is_said_once_and_then_summed_up(play: Play) -> None:
    last = flap(play, 1, 40)
    said = [line for _at, lines in play.sent for line in lines]
    assert [line for line in said if "flapping" in line] == ["4 flapping", "28 flapping"]
    assert not [line for line in said if int(line.split()[0]) > 4 and "flapping" not in line]
    play.becomes(last, is_flapping=False)
    play.runs_to(play.clock + 3600)
    assert play.sent[-1][1] == [f"{last} resolved"]
    count = len(play.sent)
    play.runs_to(play.clock + 6 * 3600)
    assert len(play.sent) == count, "nothing of the old ones is told behind it"


def test_after_flapping_a_new_one_is_told_as_any(play: Play) -> None:
    last = flap(play, 1, 6)
    play.becomes(last, is_flapping=False)
    play.runs_to(play.clock + 600)
    count = len(play.sent)
    play.fires(99)
    play.runs_to(play.clock + 600)
    play.ends(99)
    play.runs_to(play.clock + 600)
    assert [lines for _at, lines in play.sent[count:]] == [["99 firing"], ["99 resolved"]]


def test_what_still_fires_behind_flapping_is_not_told_a_second_time(play: Play) -> None:
    flap(play, 1, 5)
    play.fires(6, is_flapping=True)
    play.runs_to(play.clock + 600)
    count = len(play.sent)
    play.becomes(6, is_flapping=False)
    play.runs_to(play.clock + 1800)
    assert len(play.sent) == count
    play.ends(6)
    play.runs_to(play.clock + 600)
    assert [lines for _at, lines in play.sent[count:]] == [["6 resolved"]]


def test_an_error_and_a_breach_of_one_rule_are_two_things(play: Play) -> None:
    play.fires(1)
    play.fires(2, ("success_rate", "", "error"))
    play.runs_to(600)
    play.ends(2)
    play.runs_to(1200)
    assert [lines for _at, lines in play.sent] == [["1 firing", "2 firing"], ["2 resolved"]]


def test_one_that_was_told_before_it_flapped_is_not_resolved_behind_the_others(play: Play) -> None:
    play.fires(1)
    play.runs_to(600)
    play.becomes(1, is_flapping=True)
    play.runs_to(900)
    play.ends(1)
    play.fires(2, is_flapping=True)
    play.runs_to(1800)
    play.ends(2)
    play.becomes(2, is_flapping=False)
    play.runs_to(4 * 3600)
    assert [lines for _at, lines in play.sent] == [["1 firing"], ["1 flapping"], ["2 resolved"]]
