"""The command line: setup, fill, break and their one-line answers."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from demo import clock, fill, history, wav
from demo.faults import AROUND, FAULTS, VARIANTS
from demo.faults.scene import CLIENT_WAIT
from demo.place import Place
from tests.demo.conftest import Demo, files, rows


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A demo host with its history, made once for the tests that only look."""
    made = Place(tmp_path_factory.mktemp("grown"))
    assert history.set_up(made, 90)
    return made


def test_it_sets_up_a_history_mostly_well_with_a_dozen_faults(grown: Place) -> None:
    found = rows(grown)
    well = [row for row in found.values() if is_whole(grown, row["final_file_path"], row["final_file_size"])]
    assert 85 <= len(found) <= 90
    assert 0.6 < len(well) / len(found) < 0.9
    assert len({code for together in history.TROUBLE for code in together}) >= 12
    assert len({row["user_id"] for row in found.values()}) == 12
    assert sum(size for size, _, _ in files(grown).values()) < 250e6


def is_whole(place: Place, path: str | None, size: int | None) -> bool:
    file = place.root / str(path).lstrip("/")
    return file.is_file() and wav.whole_seconds(file) is not None and file.stat().st_size == size


def test_its_history_agrees_with_the_clock(grown: Place) -> None:
    now = clock.as_text(clock.now())
    found = rows(grown)
    assert [row["created_at"] for row in found.values()] == sorted(row["created_at"] for row in found.values())
    for row in found.values():
        assert row["created_at"] <= row["updated_at"] < now
        file = grown.root / str(row["final_file_path"]).lstrip("/")
        if row["status"] == "completed" and not row["error_message"] and file.is_file():
            assert clock.as_epoch(clock.as_moment(row["created_at"])) < file.stat().st_mtime


def test_its_history_holds_failures_that_really_happened(grown: Place) -> None:
    failed = [row["error_message"] for row in rows(grown).values() if row["status"] == "failed"]
    assert None in failed
    said = "\n".join(message for message in failed if message)
    assert all(words in said for words in ("No space left", "MemoryError", "Permission denied", "database is locked"))


def test_in_its_history_few_sessions_took_longer_than_their_client_waited(grown: Place) -> None:
    seconds = [
        (clock.as_moment(row["completed_at"]) - clock.as_moment(row["created_at"])).total_seconds()
        for row in rows(grown).values()
        if row["completed_at"]
    ]
    assert sum(taken > 120 for taken in seconds) == history.TROUBLE.count((history.SLOW,) * 3) * 3 == 3


def test_setup_is_harmless_when_repeated(grown: Place) -> None:
    before = rows(grown), files(grown)
    assert not history.set_up(grown)
    assert (rows(grown), files(grown)) == before


def test_setup_begins_again_where_it_was_interrupted(place: Place) -> None:
    (place.control / "setup_begun").touch()
    assert history.set_up(place, 30)
    assert 25 <= len(rows(place)) <= 30
    assert not history.set_up(place, 30)


def test_a_history_too_short_for_some_faults_goes_without_them(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert history.set_up(place, 12)
    assert {row["status"] for row in rows(place).values()} == {"completed", "failed"}


def test_reset_removes_the_demo_and_nothing_else(place: Place, demo: Demo) -> None:
    note = place.root / "mine.txt"
    note.write_text("keep me")
    demo("break", "storage.listing_incomplete")
    said = demo("reset", "--sessions", "40")
    assert (said.returncode, said.stderr) == (0, "")
    assert note.read_text() == "keep me"
    assert len(rows(place)) != 60
    assert not (place.audio / "closed").exists()


@pytest.mark.parametrize("more", [[], ["--rows-only"]])
def test_fill_adds_healthy_sessions_elsewhere(tmp_path: Path, demo: Demo, more: list[str]) -> None:
    elsewhere = Place(tmp_path / "elsewhere")
    for _ in range(2):
        assert demo("fill", "--sessions", "1500", "--into", str(elsewhere.root), *more).returncode == 0
    found, sizes = rows(elsewhere), files(elsewhere)
    assert len(found) == len({row["final_file_path"] for row in found.values()}) == 3000
    assert len(sizes) == (0 if more else 3000)
    assert not (tmp_path / "demo").exists()
    assert all(
        clock.as_moment(row["completed_at"]) - clock.as_moment(row["created_at"]) < CLIENT_WAIT
        for row in found.values()
    )
    hour_ago = clock.as_text(clock.from_epoch(clock.as_epoch(clock.now()) - 3600))
    for row in found.values():
        assert row["created_at"] < row["completed_at"] <= row["updated_at"] < hour_ago
        assert more or sizes[row["final_file_path"].rpartition("/")[2]][0] == row["final_file_size"]


def test_a_filled_file_is_a_whole_wav_that_takes_no_room(place: Place) -> None:
    row = rows(place)[1]
    path = place.root / row["final_file_path"].lstrip("/")
    with wave.open(str(path)) as piece:
        assert piece.getnframes() == row["total_duration_minutes"] * 60 * piece.getframerate()
    assert path.stat().st_blocks * 512 <= 65536


def test_a_filled_file_that_is_young_ends_in_a_sound(tmp_path: Path) -> None:
    place = Place(tmp_path / "demo")
    fill.fill(place, 400, lengths=(1,))
    youngest = max(place.audio.iterdir(), key=lambda path: path.stat().st_mtime)
    assert youngest.stat().st_mtime > clock.as_epoch(clock.now() - fill.HEARD)
    assert any(youngest.read_bytes()[-64:])


def test_break_answers_in_one_line_or_in_json(place: Place, demo: Demo) -> None:
    line = demo("break", "file.empty").stdout
    assert len(line.splitlines()) == 1
    assert "session 60" in line
    assert "file.empty" in line
    said = json.loads(demo("break", "file.truncated", "7", "--json").stdout)
    assert set(said) == {"code", "session_id", "path", "did"}
    assert (said["code"], said["session_id"]) == ("file.truncated", 7)
    assert Path(said["path"]).is_file()


def test_break_undoes_one_code_alone(place: Place, demo: Demo) -> None:
    demo("break", "file.deleted", "5")
    demo("break", "storage.unavailable")
    assert demo("break", "storage.unavailable", "--undo").returncode == 0
    assert len(files(place)) == 59


def test_break_lists_every_code(demo: Demo) -> None:
    lines = demo("break", "--list").stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert [name for name in names if name in FAULTS] == list(FAULTS)
    assert sorted(names) == sorted([*FAULTS, *VARIANTS, *AROUND])
    assert all(len(line.split()) > 3 for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [["break", "file.gone"], ["break"], ["dance"], ["fill", "--sessions", "0"], ["break", "file.empty", "x"], []],
)
def test_a_wrong_use_is_one_line_and_exit_2(place: Place, demo: Demo, arguments: list[str]) -> None:
    said = demo(*arguments)
    assert (said.returncode, len(said.stderr.splitlines()), said.stdout) == (2, 1, "")


@pytest.mark.parametrize("arguments", [["break", "file.empty"], ["break", "file.empty", "99"]])
def test_what_cannot_be_done_is_one_line_and_exit_1(tmp_path: Path, demo: Demo, arguments: list[str]) -> None:
    said = demo(*arguments)
    assert (said.returncode, len(said.stderr.splitlines())) == (1, 1)
    assert not (tmp_path / "demo").exists()
