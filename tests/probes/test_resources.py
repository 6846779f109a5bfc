"""File systems, machine and processes as they really are, and file systems that do not answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diagnostics.probes.mounts import Mounts
from diagnostics.probes.processes import is_generator
from diagnostics.probes.resources import measure, redacted

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HANGING = (sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)")


def test_a_file_system_is_counted_as_df_counts_it(tmp_path: Path) -> None:
    systems, folders = Mounts().look({"audio": str(tmp_path)}, NOW)
    by_df = subprocess.run(["df", "--output=pcent,ipcent", tmp_path], capture_output=True, text=True, check=True)
    space, inodes = by_df.stdout.splitlines()[1].replace("%", "").split()
    assert systems[0].bytes_percent is not None
    assert abs(systems[0].bytes_percent - int(space)) <= 1.5
    if inodes != "-":
        assert systems[0].inodes_percent is not None
        assert abs(systems[0].inodes_percent - int(inodes)) <= 1.5
    assert folders["audio"]["is_folder"] is True
    assert str(folders["audio"]["mode"]).startswith("drwx")


def test_folders_on_one_device_are_one_file_system(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    systems, _folders = Mounts().look({"audio": str(tmp_path), "temporary": str(tmp_path / "below")}, NOW)
    assert [set(system.roles) for system in systems] == [{"audio", "temporary"}]


def test_what_is_not_there_is_a_problem_since_it_was_seen_first(tmp_path: Path) -> None:
    mounts = Mounts()
    gone = {"audio": str(tmp_path / "gone")}
    mounts.look(gone, NOW)
    (system,), _folders = mounts.look(gone, NOW + timedelta(minutes=1))
    assert (system.problem, system.since) == ("No such file or directory", NOW)
    assert system.bytes_percent is None
    (tmp_path / "gone").mkdir()
    (system,), _folders = mounts.look(gone, NOW + timedelta(minutes=2))
    assert (system.problem, system.since) == ("", None)


@pytest.fixture
def hanging() -> Iterator[Mounts]:
    mounts = Mounts(helper=HANGING, time_limit_seconds=0.3)
    yield mounts
    for question in mounts._open.values():
        question.process.kill()
        question.process.wait()


def test_a_file_system_that_hangs_is_unknown_after_the_time_limit(hanging: Mounts) -> None:
    begun = time.monotonic()
    (system,), _folders = hanging.look({"audio": "/nowhere"}, NOW)
    assert time.monotonic() - begun < 6
    assert (system.problem, system.since) == ("no answer", NOW)
    assert system.bytes_percent is None


def test_several_that_hang_cost_one_time_limit_together(hanging: Mounts) -> None:
    begun = time.monotonic()
    systems, _folders = hanging.look({str(number): f"/nowhere/{number}" for number in range(25)}, NOW)
    assert time.monotonic() - begun < 6
    assert len(systems) == 25


def test_a_helper_that_cannot_be_killed_stays_the_only_one(hanging: Mounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in the kernel's hands survives SIGKILL; here the signal is not sent, which looks the same from outside."""
    monkeypatch.setattr(subprocess.Popen, "kill", lambda _process: None)
    hanging.look({"audio": "/nowhere"}, NOW)
    first = hanging._open["/nowhere"].process.pid
    (system,), _folders = hanging.look({"audio": "/nowhere"}, NOW + timedelta(minutes=3))
    assert hanging._open["/nowhere"].process.pid == first
    assert system.since == NOW
    monkeypatch.undo()


def test_when_it_answers_again_it_is_known_again(hanging: Mounts, tmp_path: Path) -> None:
    hanging.look({"audio": str(tmp_path)}, NOW)
    hanging.helper, hanging.time_limit_seconds = Mounts().helper, 10
    hanging._open[str(tmp_path)].process.wait(5)
    (system,), _folders = hanging.look({"audio": str(tmp_path)}, NOW + timedelta(minutes=1))
    assert system.problem == ""


def test_a_helper_that_says_nonsense_is_a_problem(tmp_path: Path) -> None:
    (system,), _folders = Mounts(helper=("/bin/echo", "hello")).look({"audio": str(tmp_path)}, NOW)
    assert "helper" in system.problem


def test_other_languages_than_english_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    folder = tmp_path / "长序列"
    folder.mkdir()
    (system,), _folders = Mounts().look({"audio": os.fsdecode(os.fsencode(folder))}, NOW)
    assert system.problem == ""


def test_the_machine_is_measured() -> None:
    machine, processes = measure()
    assert machine.memory_total_bytes > machine.memory_available_bytes > 0
    assert machine.load is not None
    assert machine.processors >= 1
    assert 1 <= len(processes.largest) <= 5
    sizes = [process.memory_bytes for process in processes.largest]
    assert sizes == sorted(sizes, reverse=True)
    assert processes.generators is None


def test_the_generator_is_found_by_its_command_line() -> None:
    sleep = shutil.which("sleep") or "sleep"
    generator = subprocess.Popen([sleep, "61.25"])
    try:
        _machine, processes = measure("sleep 61.25")
    finally:
        generator.kill()
        generator.wait()
    assert processes.generators is not None
    assert [process.pid for process in processes.generators] == [generator.pid]
    assert abs((datetime.now(UTC) - processes.generators[0].started_at).total_seconds()) < 30


def test_no_generator_is_an_empty_answer_and_not_an_unknown_one() -> None:
    _machine, processes = measure("no process is called like this")
    assert processes.generators == ()
    assert processes.generators_found == 0


def test_a_search_for_the_generator_is_not_the_generator() -> None:
    assert is_generator("celery -A app worker", "celery -A app")
    assert not is_generator("grep celery -A app", "celery -A app")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("app --db mysql://root:hunter2@db/app", "app --db mysql://root:[hidden]@db/app"),
        ("app --password=hunter2 run", "app --password=[hidden] run"),
        ("app --api-key hunter2", "app --api-key [hidden]"),
        ("app --tokens 5", "app --tokens [hidden]"),
        ("app run", "app run"),
    ],
)
def test_secrets_in_command_lines_are_hidden(line: str, shown: str) -> None:
    assert redacted(line) == shown


def test_long_command_lines_are_cut() -> None:
    assert len(redacted("x" * 5000)) == 160
