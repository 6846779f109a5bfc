"""Crashed or stalled: what moved, who is alive, and how sure that is; exactly one of the two, never both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from diagnostics.domain import clock, wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import AudioFacts, Evidence, Finding, Moment, Presence
from diagnostics.domain.processes import NOT_ASKED, FormerGenerator, Generator, ProcessFacts, is_same
from diagnostics.domain.rules.life import Life, by_heartbeat, of_generator
from tests.domain.build import NAME, NOW, codes, diagnosed, evidence, moment

STILL = {"status": "generating", "updated": moment(3_600), "path": None, "progress_percent": 40.0}
ALIVE = Generator(4711, "celery", NOW - timedelta(hours=5), "sleeping", 1_000)
STOPPED = replace(ALIVE, state="stopped")
LATER = replace(ALIVE, pid=4712, started_at=NOW - timedelta(minutes=10))
FORMER = FormerGenerator(
    99, "celery", NOW - timedelta(hours=5), NOW - timedelta(minutes=59), NOW - timedelta(minutes=58)
)
NEVER, FRESH, STALE = Moment(None, None), moment(20), moment(1_000)
AHEAD = moment(-7_200)


def listed(*alive: Generator, gone: tuple[FormerGenerator, ...] = ()) -> ProcessFacts:
    return ProcessFacts("", alive, gone, NOW)


UNREADABLE = ProcessFacts("unreadable", observed_at=NOW)


def still(processes: ProcessFacts = NOT_ASKED, beat: Moment = NEVER, **changes: Any) -> Evidence:
    return evidence(row={**STILL, "heartbeat": beat}, audio=None, processes=processes, **changes)


def finding(given: Evidence) -> Finding:
    (found,) = diagnosed(given).findings
    return found


@pytest.mark.parametrize(
    ("processes", "beat", "code"),
    [
        (NOT_ASKED, NEVER, "worker.stalled"),
        (ProcessFacts("not_configured"), NEVER, "worker.stalled"),
        (UNREADABLE, NEVER, "worker.stalled"),
        (listed(), NEVER, "worker.crashed"),
        (listed(ALIVE), NEVER, "worker.stalled"),
        (listed(STOPPED), NEVER, "worker.stalled"),
        (listed(LATER), NEVER, "worker.stalled"),
        (NOT_ASKED, FRESH, "worker.stalled"),
        (NOT_ASKED, STALE, "worker.crashed"),
        (NOT_ASKED, AHEAD, "worker.stalled"),
        (NOT_ASKED, Moment("soon", None), "worker.stalled"),
        (listed(), FRESH, "worker.stalled"),
        (listed(), STALE, "worker.crashed"),
        (listed(), AHEAD, "worker.crashed"),
        (listed(ALIVE), STALE, "worker.stalled"),
        (UNREADABLE, STALE, "worker.crashed"),
    ],
)
def test_one_of_the_two_and_never_both(processes: ProcessFacts, beat: Moment, code: str) -> None:
    assert codes(still(processes, beat)) == {code}
    moving = replace(still(processes, beat), moved_at=NOW - timedelta(minutes=1))
    assert codes(moving) == set()


@pytest.mark.parametrize(
    ("processes", "growing", "confidence"),
    [
        (listed(gone=(FORMER,)), False, "certain"),
        (listed(), False, "likely"),
        (listed(ALIVE), False, "likely"),
        (NOT_ASKED, True, "likely"),
        (NOT_ASKED, False, "possible"),
    ],
)
def test_it_is_as_sure_as_its_signs_are_many(processes: ProcessFacts, growing: bool, confidence: str) -> None:
    seen = AudioFacts(f"{NAME}.tmp", Presence.REGULAR, NOW, 9, NOW - timedelta(hours=1)) if growing else None
    assert finding(still(processes, growing=seen)).confidence == confidence


@pytest.mark.parametrize(
    "former",
    [
        replace(FORMER, started_at=NOW - timedelta(minutes=50)),  # started after the session last moved
        replace(FORMER, seen_at=NOW - timedelta(hours=3)),  # gone long before it last moved
    ],
)
def test_only_a_generator_that_may_have_been_at_it_is_a_witness(former: FormerGenerator) -> None:
    found = finding(still(listed(gone=(former,))))
    assert (found.code, found.confidence, found.values["pid"]) == ("worker.crashed", "likely", None)


def test_the_heartbeat_is_alive_as_long_as_the_limit() -> None:
    assert by_heartbeat(still(beat=moment(900))) is Life.ALIVE
    assert by_heartbeat(still(beat=moment(901))) is Life.GONE
    assert of_generator(still()) is Life.UNKNOWN


@pytest.mark.parametrize(("ahead", "is_movement"), [(0.5, True), (59, True), (61, False), (7_200, False)])
def test_what_is_written_while_it_is_looked_at_is_movement(ahead: float, is_movement: bool) -> None:
    """Clocks differ a little; beyond a minute a time is one in the future, and no movement."""
    at = NOW + timedelta(seconds=ahead)
    file = still(growing=AudioFacts(f"{NAME}.tmp", Presence.REGULAR, NOW, 9, at))
    row = evidence(row={**STILL, "updated": Moment("x", at)}, audio=None)
    for given in (file, row):
        assert ("worker.stalled" in codes(given)) != is_movement
        moved = clock.moved_at(given)
        assert moved is not None
        assert moved <= NOW


def test_without_any_time_nothing_moved_since_it_was_first_seen() -> None:
    timeless = {**STILL, "created": Moment(None, None), "updated": Moment("yesterday", None)}
    for seen, stands in ((NOW - timedelta(hours=1), True), (NOW - timedelta(minutes=1), False), (None, False)):
        given = evidence(row=timeless, audio=None, first_seen_at=seen)
        assert ("worker.stalled" in codes(given)) == stands


def test_two_starts_of_one_number_are_two_processes() -> None:
    assert is_same(1, NOW, 1, NOW + timedelta(seconds=1))
    assert not is_same(1, NOW, 1, NOW + timedelta(seconds=3))
    assert not is_same(1, NOW, 2, NOW)


def check(given: Evidence) -> Check:
    checks = [check for step in chain(given, diagnosed(given)) for check in step.checks]
    return next(check for check in checks if check.name == "server.process")


@pytest.mark.parametrize(
    ("processes", "result", "why"),
    [
        (listed(ALIVE), "ok", ""),
        (listed(ALIVE, STOPPED), "ok", ""),
        (listed(STOPPED), "notice", "stopped_generator"),
        (listed(), "notice", "no_generator"),
        (ProcessFacts("not_configured"), "ok", "no_pattern"),
        (ProcessFacts("timeout"), "ok", "no_processes"),
    ],
)
def test_the_chain_tells_who_generates_while_it_moves(processes: ProcessFacts, result: str, why: str) -> None:
    found = check(still(processes, moved_at=NOW - timedelta(minutes=1)))
    assert (found.result, found.why, found.finding) == (result, why, None)
    lines = {line.fact: line.value for line in found.evidence}
    assert ("generator alive" in lines) == bool(processes.alive)
    if processes.alive:
        assert lines["started"] == processes.alive[-1].started_at.isoformat(timespec="seconds")
        assert lines["memory of the generator"] == "4711: 1000 bytes"


def test_the_chain_breaks_where_it_stands_still() -> None:
    for processes, code in ((listed(), "worker.crashed"), (listed(ALIVE), "worker.stalled")):
        found = check(still(processes))
        assert (found.result, found.finding.code if found.finding else "") == ("bad", code)


def test_of_many_generators_a_few_are_named() -> None:
    many = listed(*(replace(ALIVE, pid=5_000 + number) for number in range(12)))
    lines = [(line.fact, line.value) for line in finding(still(many)).evidence]
    assert [fact for fact, _value in lines].count("generator alive") == 3
    assert ("further generators", "9") in lines


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        (still(listed()), "no generator process is alive", "没有生成进程在运行"),
        (still(listed(gone=(FORMER,))), "process 99 is gone", "生成进程 99 已经不在"),
        (still(beat=STALE), "heartbeat ended on", "心跳停在"),
        (still(), "it stands at 40%", "进度停在 40%"),
        (still(listed(ALIVE)), "though a generator is alive", "生成进程仍在运行"),
        (still(listed(STOPPED)), "stopped by a signal", "已被信号暂停"),
        (still(beat=FRESH), "heartbeat goes on", "心跳仍在继续"),
    ],
)
def test_it_is_said_who_is_alive(given: Evidence, english: str, chinese: str) -> None:
    told = diagnosed(given)
    for language, words in (("en", english), ("zh-hans", chinese)):
        said = wording.summary(told, language, UTC)
        assert words in said
        assert "1 h" in said or "1 小时" in said
        assert "unknown" not in said
        assert "未知" not in said
