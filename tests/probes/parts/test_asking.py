"""One helper a part: what it tells comes through, whatever it does instead of telling is told, and it is never alone too long."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from diagnostics.domain.parts import ENGINE, MOUNT
from diagnostics.probes.parts import asking
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.told import PartQuestion, PartTold
from diagnostics.probes.store_turn import Turn
from tests.faults.hang import children, eventually, has_ended, within

QUESTION = PartQuestion(ENGINE, 0.3, {"command": "true"})
WORKING = PartQuestion(ENGINE, 60, {"command": "true"})


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "STARTING_SECONDS", 1.0)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", code)


def test_a_part_that_nobody_knows_is_unknown() -> None:
    assert ask(PartQuestion("kettle", 60)) == PartTold("unknown", "failed", "KeyError")


def test_what_a_look_raises_is_told_by_its_kind_alone() -> None:
    assert ask(PartQuestion(ENGINE, 60, {"command": 17})) == PartTold("unknown", "failed", "AttributeError")


def test_the_question_stands_neither_on_the_command_line_nor_in_the_environment(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    look = f"sh -c 'cat /proc/$PPID/cmdline /proc/$PPID/environ > {seen}'"
    assert ask(PartQuestion(ENGINE, 60, {"command": look, "url": "redis://:sesame@cache/0"})).state == "up"
    assert "parts.helper" in seen.read_text()
    assert "sesame" not in seen.read_text()


@pytest.mark.parametrize(
    "words",
    [
        "", "nonsense", "[]", "null", "{}", "[" * 40_000, '{"state": "up"}',
        '{"state": "glad", "problem": "", "detail": "", "values": {}, "since": null}',
        '{"state": "up", "problem": "", "detail": "", "values": 17, "since": null}',
        '{"state": "up", "problem": "", "detail": "", "values": {}, "since": 1e300}',
    ],
)  # fmt: skip
def test_words_that_mean_nothing_are_no_answer(words: str) -> None:
    told = ask(WORKING, helper=python(f"import sys; sys.stdin.read(); print({words!r})"))
    assert (told.state, told.problem, told.detail) == ("unknown", "no_answer", "the helper ended: 0")


def test_how_a_helper_ended_is_told() -> None:
    assert ask(WORKING, helper=python("raise SystemExit(3)")).detail == "the helper ended: 3"
    assert ask(WORKING, helper=python("import os; os.kill(os.getpid(), 9)")).detail == "the helper ended: -9"


def test_a_helper_that_never_stops_writing_is_ended() -> None:
    before = children()
    with within(5):
        told = ask(WORKING, helper=python("import os\nwhile True: os.write(1, b'x' * 65536)"))
    assert told.problem == "no_answer"
    assert children() <= before


def test_a_helper_that_cannot_be_started_is_no_answer() -> None:
    assert ask(QUESTION, helper=("/nowhere/python",)) == PartTold(
        "unknown", "no_answer", "no helper: FileNotFoundError"
    )


def test_a_question_that_is_too_long_is_not_put() -> None:
    told = ask(PartQuestion(ENGINE, 1, {"command": "x" * 70_000}))
    assert (told.state, told.problem) == ("unknown", "no_answer")


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        "import os; os.kill(os.getpid(), 19)",  # SIGSTOP: it does nothing any more
        "import os, time; os.close(0); os.write(1, b'{'); time.sleep(60)",
    ],
)
def test_one_that_does_not_answer_is_ended_in_time(code: str, tmp_path: Path) -> None:
    before = children()
    with within(4):
        told = ask(QUESTION, locks=str(tmp_path), helper=python(code))
    assert told == PartTold("unknown", "hung", "no answer within 0.3 s")
    assert children() <= before
    assert ask(WORKING, locks=str(tmp_path)).state == "up"


def test_one_that_is_ended_takes_its_command_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "STARTING_SECONDS", -7.0)  # so that its own limit is not the first
    command = f"sh -c 'echo $$ > {tmp_path}/pid; exec sleep 60'"
    assert ask(PartQuestion(ENGINE, 10, {"command": command})).problem == "hung"
    assert eventually(lambda: has_ended(int((tmp_path / "pid").read_text())))


def test_one_that_answered_and_does_not_end_stays_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ENDING_SECONDS", 0.1)
    answer = '{"state": "up", "problem": "", "detail": "", "values": {}, "since": null}'
    code = f"import sys, time; sys.stdin.read(); print({answer!r}, flush=True); time.sleep(4)"
    before = children()
    assert ask(QUESTION, locks=str(tmp_path), helper=python(code)).state == "up"
    (held,) = children() - before
    told = ask(WORKING, locks=str(tmp_path))
    assert (told.problem, told.since is not None) == ("hung", True)
    assert children() - before == {held}
    assert eventually(lambda: ask(WORKING, locks=str(tmp_path)).state == "up")


def test_what_a_helper_leaves_behind_keeps_the_turn(tmp_path: Path) -> None:
    """It is no child of ours; that it is there is known by the lock alone."""
    staying = python("import os, time\nif os.fork(): os._exit(0)\nos.close(1); time.sleep(2.5)")
    begun, before = time.time(), children()
    assert ask(QUESTION, locks=str(tmp_path), helper=staying).problem == "no_answer"
    told = ask(QUESTION, locks=str(tmp_path))
    assert (told.state, told.problem) == ("unknown", "hung")
    assert told.since is not None
    assert abs(told.since.timestamp() - begun) < 1.2
    assert children() <= before
    assert ask(WORKING, locks=str(tmp_path)).state == "up"  # it has gone by then


def test_those_who_ask_at_once_are_served_one_after_the_other(tmp_path: Path) -> None:
    at_work = tmp_path / "at work"
    code = f"""
import os, time, sys
os.close(os.open({str(at_work)!r}, os.O_CREAT | os.O_EXCL))
time.sleep(0.1)
os.unlink({str(at_work)!r})
print('{{"state": "up", "problem": "", "detail": "", "values": {{}}, "since": null}}')
"""
    states: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: states.append(ask(WORKING, locks=str(tmp_path / "locks"), helper=python(code)).state)
        )
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == ["up"] * 5


def test_who_waits_while_others_take_their_turns_is_told_so(tmp_path: Path) -> None:
    """Whoever has the turn at the end has had it for too short a time to hang."""
    turn = Turn(str(tmp_path / f"part-{ENGINE}.lock"))
    assert turn.take(until=0.0, patience_seconds=0.0) is None
    last = f"{time.time() + 0.8:017.3f}".encode()
    threading.Timer(0.1, os.pwrite, (turn.descriptor, last, 0)).start()
    told = ask(QUESTION, locks=str(tmp_path))
    turn.let_go()
    assert told == PartTold("unknown", "busy")


def test_parts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    stop, sleeping = threading.Event(), python("import time; time.sleep(60)")
    ways = {"locks": str(tmp_path), "helper": sleeping, "stop": stop}
    slow = threading.Thread(target=ask, args=(PartQuestion(ENGINE, 30, {"command": "true"}),), kwargs=ways)
    slow.start()
    with within(10):
        assert ask(PartQuestion(MOUNT, 60, {"path": str(tmp_path)}), locks=str(tmp_path)).state == "up"
    assert slow.is_alive()
    stop.set()
    slow.join()


def test_it_stops_when_told() -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with within(2):
        told = ask(PartQuestion(ENGINE, 30, {"command": "sleep 60"}), stop=stop)
    assert told == PartTold("unknown", "stopped")


def test_without_a_folder_for_locks_it_is_asked_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert ask(WORKING, locks=str(tmp_path / "file")).state == "up"
    assert ask(WORKING).state == "up"


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for helper in (asking.HELPER, python("import time; time.sleep(9)"), python("print()"), ("/nowhere",)):
        ask(QUESTION, locks=str(tmp_path), helper=helper)
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_lock_is_not_for_others_to_read(tmp_path: Path) -> None:
    ask(WORKING, locks=str(tmp_path / "locks"))
    (lock,) = (tmp_path / "locks").iterdir()
    assert lock.stat().st_mode & 0o777 == 0o600
