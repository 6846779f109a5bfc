"""The parts behind the demo host: its engine's smoke test, and a database that somebody holds."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import time

import pytest

from config.local import engine_command
from demo import processes, undo
from demo.faults import AROUND
from demo.faults.scene import Impossible, Scene
from demo.place import Place
from tests.demo.conftest import Demo, Start, rows, wait_for


def do(place: Place, name: str, session_id: int | None = None) -> None:
    AROUND[name](Scene(name, place, undo.Journal(place)), session_id)


def test_the_engine_plays_a_second(demo: Demo) -> None:
    said = demo("engine")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("engine: one second composed, 8000 samples, peak ")


def test_an_engine_that_is_not_installed_fails_until_it_is_mended(place: Place, demo: Demo) -> None:
    do(place, "part.engine")
    said = demo("engine")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "demo: ModuleNotFoundError: No module named 'demo_studio_engine'\n"
    assert undo.take_back(place) == (1, [])
    assert demo("engine").returncode == 0


def test_an_engine_that_hangs_is_ended_by_whoever_waits(place: Place, start: Start) -> None:
    do(place, "part.engine:hang")
    process = start("engine")
    time.sleep(1.5)
    assert process.poll() is None
    process.terminate()
    assert process.wait(5) < 0


def test_an_engine_that_leaks_says_ten_megabytes_and_a_token(place: Place, demo: Demo) -> None:
    do(place, "part.engine:leaks")
    said = demo("engine")
    assert said.returncode == 1
    assert len(said.stderr) > 10_000_000
    assert "?token=" in said.stderr[-400:]


def test_another_folder_s_engine_can_be_tried(place: Place, demo: Demo) -> None:
    other = Place(place.root.with_name("other"))
    other.make_folders()
    do(place, "part.engine")
    assert demo("engine", "--root", str(other.root)).returncode == 0
    assert demo("engine", "--root", str(place.root)).returncode == 1


def test_the_command_of_make_run_needs_neither_a_folder_nor_an_environment(place: Place) -> None:
    command = shlex.split(engine_command(place.root))
    bare = {"PATH": os.environ["PATH"]}
    assert subprocess.run(command, cwd="/", env=bare, capture_output=True).returncode == 0
    do(place, "part.engine")
    assert subprocess.run(command, cwd="/", env=bare, capture_output=True).returncode == 1


def write(place: Place) -> None:
    db = sqlite3.connect(place.database, timeout=0.2)
    try:
        with db:
            db.execute("UPDATE long_sequence_sessions SET progress_percentage = 100 WHERE session_id = 7")
    finally:
        db.close()


def test_a_held_database_is_read_and_not_written_until_it_is_mended(place: Place, demo: Demo) -> None:
    assert demo("break", "part.database").returncode == 0
    pid = processes.alive(place.holder_pid)
    assert pid
    assert len(rows(place)) == 60
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        write(place)
    assert demo("break", "part.database").returncode == 1
    assert processes.alive(place.holder_pid) == pid
    assert demo("mend").returncode == 0
    assert processes.alive(place.holder_pid) is None
    write(place)


def test_a_holder_that_was_killed_is_mended_as_well(place: Place, demo: Demo, start: Start) -> None:
    holder = start("hold")
    wait_for(lambda: processes.alive(place.holder_pid) == holder.pid)
    holder.kill()
    holder.wait()
    write(place)
    assert demo("break", "part.database").returncode == 0
    assert demo("mend").returncode == 0
    write(place)


def test_a_hold_ends_by_itself(place: Place, demo: Demo) -> None:
    assert demo("hold", "--seconds", "0.3").returncode == 0
    assert not place.holder_pid.exists()
    write(place)


@pytest.mark.parametrize("name", [name for name in AROUND if name.startswith("part.")])
def test_a_part_is_no_session_s(place: Place, name: str) -> None:
    with pytest.raises(Impossible):
        do(place, name, 7)
    assert undo.Journal(place).steps() == []
