"""Every fault can be undone; those of the record, the table and the storage, one by one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from datetime import timedelta

import pytest

from demo import clock, undo
from demo.faults import FAULTS
from demo.faults.scene import Impossible
from demo.place import Place
from tests.demo.aftermath import changed, do
from tests.demo.conftest import files, rows

SETTLE = timedelta(seconds=60)
# Sessions that these faults add stay, and are composed after all.
ADDING = {
    "generation.disk_full", "generation.out_of_memory", "generation.permission_denied", "generation.timed_out",
    "generation.dependency_down", "generation.engine_failed", "generation.bad_input", "generation.unrecognised",
    "file.silent",
    "generation.unexplained", "record.half_committed", "worker.not_picked_up", "worker.crashed",
    "worker.stalled",
}  # fmt: skip


@pytest.fixture(autouse=True)
def possible(request: pytest.FixtureRequest) -> None:
    """The demo ships no key: one fault needs the means to make one."""
    code = getattr(request.node, "callspec", None) and request.node.callspec.params.get("code")
    if code == "delivery.bad_certificate" and not shutil.which("openssl"):
        pytest.skip("openssl is not installed (CI has it)")


@pytest.mark.parametrize("code", FAULTS)
def test_it_can_be_undone(place: Place, code: str) -> None:
    before = rows(place), files(place)
    do(place, code)
    assert undo.take_back(place)[1] == []
    found, left = rows(place), files(place)
    added = {session_id: row for session_id, row in found.items() if session_id not in before[0]}
    assert ({key: row for key, row in found.items() if key not in added}, left) == before
    assert all(row["final_file_path"] is None for row in added.values())
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


def test_record_duplicate_request_is_two_real_sessions(place: Place) -> None:
    before = set(rows(place))
    after = do(place, "record.duplicate_request")
    (again,) = set(rows(place)) - before
    other = rows(place)[again]
    assert changed(after) == set()
    assert (other["user_id"], other["assessment_id"]) == (after.row["user_id"], after.row["assessment_id"])
    assert after.moment("created_at") < clock.as_moment(other["created_at"]) < after.moment("completed_at")
    assert (other["status"], other["progress_percentage"]) == ("completed", 100)
    assert (place.audio / other["final_file_path"].rpartition("/")[2]).stat().st_size == other["final_file_size"]
