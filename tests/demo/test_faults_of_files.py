"""Faults of a path or a file: what each leaves in the row and on the disk."""

from __future__ import annotations

import stat
import wave
from datetime import timedelta

from demo import clock, naming, wav
from demo.place import Place
from tests.demo.aftermath import changed, do
from tests.demo.conftest import rows


def test_path_remote_names_a_cdn_link_that_is_valid(place: Place) -> None:
    after = do(place, "path.remote")
    path = after.row["final_file_path"]
    assert path.startswith("https://cdn.example.cn/")
    assert int(path.partition("?e=")[2].partition("&")[0]) > clock.as_epoch(clock.now())
    assert not after.own_files


def test_path_unsafe_leads_to_a_real_file_outside(place: Place) -> None:
    after = do(place, "path.unsafe")
    stored = place.root / after.row["final_file_path"].lstrip("/")
    assert stored.resolve() == place.database.resolve()
    assert not after.own_files


def test_path_missing_leaves_neither_path_nor_file(place: Place) -> None:
    after = do(place, "path.missing")
    assert (after.row["status"], after.row["final_file_path"], after.own_files) == ("completed", None, [])


def test_file_misplaced_moves_it_below_the_root(place: Place) -> None:
    after = do(place, "file.misplaced")
    assert after.own_files == [f"moved/{after.row['final_file_path'].rpartition('/')[2]}"]
    assert after.row == after.was


def test_path_names_other_session_is_claimed_by_one_alone(place: Place) -> None:
    after = do(place, "path.names_other_session")
    claimed = [row["final_file_path"] for row in rows(place).values()]
    assert claimed.count(after.row["final_file_path"]) == 1
    named = naming.CONVENTION.fullmatch(after.path.name)
    assert named
    assert int(named[1]) == 59
    assert after.path.stat().st_size == after.row["final_file_size"]


def test_file_name_collision_has_two_rows_claim_one_file(place: Place) -> None:
    after = do(place, "file.name_collision")
    other = rows(place)[59]
    assert after.row["final_file_path"] == other["final_file_path"]
    assert after.row["final_file_size"] == other["final_file_size"] == after.path.stat().st_size


def test_path_bad_name_keeps_the_file_whole(place: Place) -> None:
    after = do(place, "path.bad_name")
    assert changed(after) == {"final_file_path"}
    assert not naming.CONVENTION.fullmatch(after.path.name)
    assert after.path.stat().st_size == after.row["final_file_size"]


def test_delivery_wrong_url_keeps_the_bare_name(place: Place) -> None:
    after = do(place, "delivery.wrong_url")
    assert "/" not in after.row["final_file_path"]
    assert (place.audio / after.row["final_file_path"]).exists()


def test_file_deleted_leaves_the_row_alone(place: Place) -> None:
    after = do(place, "file.deleted")
    assert not after.path.exists()
    assert after.row == after.was


def test_file_never_written_names_a_file_that_never_was(place: Place) -> None:
    for session_id in (None, 7):
        after = do(place, "file.never_written", session_id)
        assert after.row["status"] == "completed"
        assert after.row["final_file_path"] == naming.stored_path(after.path.name)
        assert not after.own_files


def test_file_unreadable_has_mode_000(place: Place) -> None:
    assert stat.S_IMODE(do(place, "file.unreadable").path.stat().st_mode) == 0


def test_file_not_a_file_is_a_folder(place: Place) -> None:
    assert do(place, "file.not_a_file").path.is_dir()


def test_file_empty_has_no_bytes(place: Place) -> None:
    assert do(place, "file.empty").path.stat().st_size == 0


def test_file_corrupt_is_a_page(place: Place) -> None:
    assert do(place, "file.corrupt").path.read_bytes().startswith(b"<!doctype html>")


def test_file_truncated_has_less_than_its_header_promises(place: Place) -> None:
    after = do(place, "file.truncated")
    header = wav.HEADER.unpack(after.path.open("rb").read(wav.HEADER_BYTES))
    assert after.path.stat().st_size < wav.HEADER_BYTES + header[12] == after.row["final_file_size"]


def test_file_size_mismatch_has_a_whole_file(place: Place) -> None:
    after = do(place, "file.size_mismatch")
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 60
    assert after.path.stat().st_size != after.row["final_file_size"]


def test_file_wrong_duration_is_whole_and_of_the_size_told(place: Place) -> None:
    after = do(place, "file.wrong_duration")
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 30
    assert after.path.stat().st_size == after.row["final_file_size"]


def test_file_trailing_bytes_stand_behind_a_whole_piece(place: Place) -> None:
    after = do(place, "file.trailing_bytes")
    with wave.open(str(after.path)) as piece:
        behind = after.path.stat().st_size - wav.HEADER_BYTES - 2 * piece.getnframes()
        assert piece.getnframes() == after.row["total_duration_minutes"] * 60 * piece.getframerate()
    assert behind == 2048
    assert after.path.stat().st_size == after.row["final_file_size"]


def test_file_predates_session_is_older_than_the_row(place: Place) -> None:
    after = do(place, "file.predates_session")
    assert after.path.stat().st_mtime < clock.as_epoch(after.moment("created_at"))


def test_file_orphan_is_old_and_has_no_row(place: Place) -> None:
    after = do(place, "file.orphan")
    assert after.row == {}
    assert after.path.stat().st_mtime < clock.as_epoch(clock.now() - timedelta(days=1))


def test_file_leftover_is_an_old_temporary_file(place: Place) -> None:
    after = do(place, "file.leftover")
    assert after.path.suffix == ".tmp"
    assert after.path.stat().st_mtime < clock.as_epoch(clock.now() - timedelta(days=1))
    assert after.row == after.was
