"""Other ways to fail: workers that are killed, and a disk that is really full when nobody writes down why."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import fill, processes, undo
from demo.faults import FAULTS, VARIANTS
from demo.faults.scene import Deed, Impossible, Scene
from demo.place import Place
from tests.demo.conftest import files, rows

KILLED = [name for name in VARIANTS if name.endswith(":killed")]


def do(place: Place, name: str, session_id: int | None = None) -> Deed:
    return VARIANTS[name](Scene(name, place, undo.Journal(place)), session_id)


def test_each_is_another_way_to_a_code() -> None:
    assert {name.partition(":")[0] for name in VARIANTS} <= set(FAULTS)


@pytest.mark.parametrize("name", KILLED)
@pytest.mark.parametrize("session_id", [None, 7])
def test_a_worker_is_killed_and_it_can_be_undone(place: Place, name: str, session_id: int | None) -> None:
    before = rows(place), files(place)
    deed = do(place, name, session_id)
    assert deed.session_id is not None
    row = rows(place)[deed.session_id]
    expected = None if name.startswith("generation.unexplained") else "worker exited with code -9"
    assert (row["status"], row["error_message"]) == ("failed", expected)
    assert not [file for file in files(place) if f"_{deed.session_id}_" in file]
    assert undo.take_back(place)[1] == []
    found = {key: value for key, value in rows(place).items() if key in before[0]}
    assert (found, files(place)) == before


def test_a_worker_dies_of_a_held_database_and_it_can_be_undone(place: Place) -> None:
    before = rows(place), files(place)
    deed = do(place, "generation.dependency_down:silent")
    assert deed.session_id is not None
    row = rows(place)[deed.session_id]
    assert (row["status"], row["error_message"]) == ("failed", None)
    assert row["progress_percentage"] < 100
    assert processes.alive(place.holder_pid)
    assert not [file for file in files(place) if f"_{deed.session_id}_" in file]
    assert undo.take_back(place)[1] == []
    assert processes.alive(place.holder_pid) is None
    found = {key: value for key, value in rows(place).items() if key in before[0]}
    assert (found, files(place)) == before


def test_a_large_disk_is_not_filled(place: Place) -> None:
    before = rows(place)
    with pytest.raises(Impossible, match="mount -t tmpfs"):
        do(place, "generation.disk_full:silent")
    assert rows(place) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Place]:
    """A demo host on a small disk of its own. This needs root, which CI has."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64m", "demo", str(folder)]
    done = subprocess.run(mounting, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"a file system can be mounted by root only (CI runs this test): {done.stderr.strip()}")
    try:
        place = Place(folder / "demo")
        fill.fill(place, 10, lengths=(1,))
        yield place
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_small_disk_is_filled_for_real_and_emptied_again(small_disk: Place) -> None:
    before = rows(small_disk), files(small_disk)
    deed = do(small_disk, "generation.disk_full:silent")
    assert deed.session_id is not None
    row = rows(small_disk)[deed.session_id]
    assert (row["status"], row["error_message"]) == ("failed", None)
    assert "sample" in deed.note
    used = subprocess.run(["df", "--output=pcent", str(small_disk.root)], capture_output=True, text=True).stdout
    assert int(used.split()[-1].rstrip("%")) >= 98
    assert undo.take_back(small_disk)[1] == []
    assert not (small_disk.control / "ballast").exists()
    found = {key: value for key, value in rows(small_disk).items() if key in before[0]}
    assert (found, files(small_disk)) == before
