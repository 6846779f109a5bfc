"""Every fault: what it leaves in the row and on the disk, and that it can be undone."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import wave
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo import clock, naming, undo, wav
from demo.faults import FAULTS
from demo.faults.scene import Deed, Impossible, Scene
from demo.place import Place
from tests.demo.conftest import files, rows

SETTLE = timedelta(seconds=60)
# Sessions that these faults add stay, and are composed after all.
ADDING = {
    "generation.disk_full", "generation.out_of_memory", "generation.permission_denied", "generation.unrecognised",
    "generation.unexplained", "record.half_committed", "worker.not_picked_up", "worker.stalled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class After:
    """The state behind a fault."""

    place: Place
    deed: Deed
    was: dict[str, Any]
    row: dict[str, Any]

    @property
    def path(self) -> Path:
        assert self.deed.path
        return self.deed.path

    @property
    def own_files(self) -> list[str]:
        return [name for name in files(self.place) if f"_{self.deed.session_id}_" in name]

    def moment(self, column: str) -> datetime:
        return clock.as_moment(self.row[column])


def do(place: Place, code: str, session_id: int | None = None) -> After:
    before = rows(place)
    deed = FAULTS[code](Scene(code, place, undo.Journal(place)), session_id)
    found = rows(place) if place.database.exists() else {}
    number = deed.session_id or 0
    return After(place, deed, before.get(number, {}), found.get(number, {}))


def changed(after: After) -> set[str]:
    return {column for column, value in after.row.items() if value != after.was.get(column)} - {"updated_at"}


@pytest.mark.parametrize("code", FAULTS)
def test_it_can_be_undone(place: Place, code: str) -> None:
    before = rows(place), files(place)
    do(place, code)
    assert list(undo.take_back(place)) == []
    found, left = rows(place), files(place)
    added = {session_id: row for session_id, row in found.items() if session_id not in before[0]}
    assert ({key: row for key, row in found.items() if key not in added}, left) == before
    assert [row["status"] for row in added.values()] == (["pending"] if code in ADDING else [])
    assert not list(place.kept.iterdir())
    assert not list(place.control.glob("reserved_*"))


@pytest.mark.parametrize("code", [code for code in FAULTS if not code.startswith(("storage.", "host."))])
def test_it_is_done_to_the_session_named_and_is_no_longer_settling(place: Place, code: str) -> None:
    after = do(place, code, 7)
    assert after.deed.session_id == 7
    limit = clock.now() - SETTLE
    touched = [after.path] if after.deed.path and os.path.lexists(after.deed.path) else []
    assert all(path.lstat().st_mtime < clock.as_epoch(limit) for path in touched)
    if after.row and not code.startswith("generation."):
        assert after.moment("updated_at") < limit


@pytest.mark.parametrize("code", ["storage.unavailable", "storage.mass_missing", "host.schema", "host.table_empty"])
def test_it_refuses_a_session_where_the_whole_host_is_meant(place: Place, code: str) -> None:
    with pytest.raises(Impossible):
        do(place, code, 7)


def test_it_refuses_a_session_that_is_broken_already(place: Place) -> None:
    do(place, "file.empty", 7)
    with pytest.raises(Impossible):
        do(place, "file.truncated", 7)


def test_it_picks_another_session_each_time(place: Place) -> None:
    picked = [do(place, code).deed.session_id for code in ("file.empty", "file.deleted", "path.missing")]
    assert picked == [60, 59, 58]


def test_storage_unavailable_takes_the_folder_away(place: Place) -> None:
    assert not do(place, "storage.unavailable").path.exists()
    with pytest.raises(Impossible):
        do(place, "storage.unavailable")


def test_storage_listing_incomplete_closes_a_sub_folder(place: Place) -> None:
    path = do(place, "storage.listing_incomplete").path
    assert path.parent == place.audio
    assert stat.S_IMODE(path.stat().st_mode) == 0


def test_storage_mass_missing_takes_more_than_twenty_and_a_fifth(place: Place) -> None:
    do(place, "storage.mass_missing")
    assert len(rows(place)) == 60
    assert len(files(place)) == 39


def test_host_unavailable_takes_the_database_away(place: Place) -> None:
    do(place, "host.unavailable")
    assert not list(place.root.glob("host.sqlite3*[!y]"))


def test_host_table_empty_keeps_the_files(place: Place) -> None:
    do(place, "host.table_empty")
    assert (rows(place), len(files(place))) == ({}, 60)
    assert place.requests_held.exists()


def test_host_schema_renames_a_needed_column(place: Place) -> None:
    assert "final_file_path" not in do(place, "host.schema", None).row
    db = sqlite3.connect(place.database)
    with pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT final_file_path FROM long_sequence_sessions")
    db.close()


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


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("generation.disk_full", "OSError: [Errno 28] No space left on device"),
        ("generation.out_of_memory", "MemoryError"),
        ("generation.permission_denied", "PermissionError: [Errno 13] Permission denied"),
        ("generation.unrecognised", "ZeroDivisionError"),
    ],
)
def test_a_worker_that_really_fails_leaves_its_traceback(place: Place, code: str, words: str) -> None:
    for session_id in (None, 7):
        after = do(place, code, session_id)
        assert (after.row["status"], after.own_files) == ("failed", [])
        assert after.row["error_message"].startswith("Traceback")
        assert words in after.row["error_message"]
    assert os.path.exists("/dev/full")


def test_generation_unexplained_has_no_message(place: Place) -> None:
    after = do(place, "generation.unexplained")
    assert (after.row["status"], after.row["error_message"]) == ("failed", None)


def test_record_half_committed_has_its_whole_file(place: Place) -> None:
    after = do(place, "record.half_committed")
    assert "database is locked" in after.row["error_message"]
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 60
    assert clock.as_epoch(after.moment("created_at")) < after.path.stat().st_mtime


def test_record_status_lagging_has_an_old_whole_file(place: Place) -> None:
    after = do(place, "record.status_lagging")
    long_ago = clock.now() - timedelta(minutes=15)
    assert after.row["status"] == "generating"
    assert after.moment("updated_at") < long_ago
    assert after.path.stat().st_mtime < clock.as_epoch(long_ago)
    assert wav.whole_seconds(after.path) == after.row["total_duration_minutes"] * 60


def test_worker_not_picked_up_waits_beyond_the_limit(place: Place) -> None:
    after = do(place, "worker.not_picked_up")
    assert after.row["status"] == "pending"
    assert after.moment("created_at") < clock.now() - timedelta(minutes=10)


def test_worker_stalled_stands_still_beyond_the_limit(place: Place) -> None:
    after = do(place, "worker.stalled")
    long_ago = clock.now() - timedelta(minutes=15)
    assert after.row["status"] == "generating"
    assert after.moment("updated_at") < long_ago
    assert after.path.suffix == ".tmp"
    assert after.path.stat().st_mtime < clock.as_epoch(long_ago)


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("record.unknown_status", {"status"}),
        ("record.stale_error", {"error_message"}),
        ("record.progress_odd", {"progress_percentage"}),
        ("record.time_disorder", set()),
    ],
)
def test_a_fault_of_the_record_changes_nothing_else(place: Place, code: str, columns: set[str]) -> None:
    before = files(place)
    after = do(place, code)
    assert changed(after) == columns
    assert files(place) == before


def test_record_time_disorder_is_updated_before_it_was_created(place: Place) -> None:
    after = do(place, "record.time_disorder")
    assert after.moment("updated_at") < after.moment("created_at")


def test_the_journal_is_lines_of_json(place: Place) -> None:
    do(place, "file.deleted")
    lines = undo.Journal(place).path.read_text().splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["file.deleted"]
