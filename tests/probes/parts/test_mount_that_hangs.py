"""A mount that really hangs: it is unknown since then, costs one process whoever asks, and is well again afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from diagnostics.domain.parts import ENGINE, MOUNT
from diagnostics.probes.parts import asking
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.told import PartQuestion
from tests.faults.hang import eventually, has_ended, within
from tests.probes.parts.hanging_mount import HangingMount, hanging_mount

PATIENCE_SECONDS = 60  # for a helper to start and answer on a busy machine


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs is waited for no longer than this; what is to answer is given PATIENCE_SECONDS beside it."""
    monkeypatch.setattr(asking, "STARTING_SECONDS", 2.0)


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[HangingMount]:
    (tmp_path / "audio").mkdir()
    with hanging_mount(tmp_path / "audio") as mount:
        yield mount
    assert eventually(lambda: not helpers())


def question(hanging: HangingMount, seconds: float = 0.5) -> PartQuestion:
    return PartQuestion(MOUNT, seconds, {"path": str(hanging.place)})


def engine_is_up(locks: Path) -> bool:
    return ask(PartQuestion(ENGINE, PATIENCE_SECONDS, {"command": "true"}), locks=str(locks)).state == "up"


def helpers() -> list[int]:
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if not has_ended(child.pid) and "parts.helper" in " ".join(child.cmdline())]


def test_it_is_unknown_since_then_and_costs_one_process(hanging: HangingMount, tmp_path: Path) -> None:
    begun = datetime.now(UTC)
    with within(4):
        first = ask(question(hanging), locks=str(tmp_path))
    assert (first.state, first.problem) == ("unknown", "hung")
    assert first.since is not None
    assert 0 <= (first.since - begun).total_seconds() < 1
    held = helpers()
    assert [psutil.Process(pid).status() for pid in held] == [psutil.STATUS_DISK_SLEEP]
    for _ in range(3):
        with within(0.2):
            assert ask(question(hanging), locks=str(tmp_path)) == first
    assert helpers() == held


def test_another_process_starts_none_beside_it(hanging: HangingMount, tmp_path: Path) -> None:
    first, held = ask(question(hanging), locks=str(tmp_path)), helpers()
    told = asked_elsewhere(question(hanging), tmp_path)
    assert first.since is not None
    assert told[:2] == ["unknown", "hung"]
    assert abs(float(told[2]) - first.since.timestamp()) < 1.5
    assert helpers() == held


def test_other_parts_are_asked_meanwhile(hanging: HangingMount, tmp_path: Path) -> None:
    ask(question(hanging), locks=str(tmp_path))
    assert engine_is_up(tmp_path)


def test_it_is_asked_anew_once_the_one_that_hung_has_gone(hanging: HangingMount, tmp_path: Path) -> None:
    ask(question(hanging), locks=str(tmp_path))
    held = helpers()
    hanging.end()
    assert eventually(lambda: all(map(has_ended, held)))
    told = ask(question(hanging, PATIENCE_SECONDS), locks=str(tmp_path))
    assert (told.state, told.problem) == ("down", "unreachable")  # nobody is behind it any more
    hanging.unmount()
    assert ask(question(hanging, PATIENCE_SECONDS), locks=str(tmp_path)).state == "up"
    assert asking._hung == {}


def test_a_command_that_hangs_in_the_kernel_is_joined_by_no_other(hanging: HangingMount, tmp_path: Path) -> None:
    """It is killed for its time, and does not die of it: it is told as what it is, and nothing else is started."""
    command = f"{sys.executable} -S -c \"import os; os.stat('{hanging.place}')\""
    with within(5):
        told = ask(PartQuestion(ENGINE, 0.5, {"command": command}), locks=str(tmp_path))
    assert (told.state, told.problem) == ("down", "timeout")
    held = helpers()
    assert len(held) == 1
    for _ in range(3):
        assert ask(PartQuestion(ENGINE, 0.5, {"command": "true"}), locks=str(tmp_path)).problem == "hung"
    assert helpers() == held
    hanging.end()
    assert eventually(lambda: engine_is_up(tmp_path))


def test_a_program_that_cannot_even_be_loaded_is_joined_by_no_other(hanging: HangingMount, tmp_path: Path) -> None:
    with within(6):
        told = ask(PartQuestion(ENGINE, 0.5, {"command": str(hanging.place / "engine")}), locks=str(tmp_path))
    assert (told.state, told.problem) == ("unknown", "hung")
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    for _ in range(2):
        assert asked_elsewhere(PartQuestion(ENGINE, 0.5, {"command": "true"}), tmp_path)[:2] == ["unknown", "hung"]
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    hanging.end()
    assert eventually(lambda: engine_is_up(tmp_path))


ELSEWHERE = """
import sys, time
from diagnostics.probes.parts import asking
from diagnostics.probes.parts.told import PartQuestion
asking.STARTING_SECONDS = 2.0
part, seconds, how, locks = sys.argv[1], float(sys.argv[2]), eval(sys.argv[3]), sys.argv[4]
told = asking.ask(PartQuestion(part, seconds, how), locks=locks)
print(told.state, told.problem, told.since.timestamp() if told.since else "-")
"""


def asked_elsewhere(question: PartQuestion, locks: Path) -> list[str]:
    """Return state, problem and since when, as another process of ours is told."""
    arguments = (question.part, str(question.seconds), repr(dict(question.how)), str(locks))
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *arguments], cwd=asking.PROJECT, capture_output=True, text=True, timeout=30
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()
