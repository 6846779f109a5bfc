"""Faults of the row itself, and of the table."""

from __future__ import annotations

import os
import traceback
from datetime import timedelta
from pathlib import Path

from demo import clock, table
from demo.faults.scene import Deed, Impossible, Scene

KEPT_TABLE = "kept_by_demo"


def unknown_status(scene: Scene, session_id: int | None) -> Deed:
    """the status is none of the four"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, status="archived")
    return Deed("its status was set to `archived`", target.session_id, target.path)


def stale_error(scene: Scene, session_id: int | None) -> Deed:
    """completed and whole, but an old error still stands"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, error_message=earlier_error())
    return Deed("the error of an earlier attempt was left in its row", target.session_id, target.path)


def earlier_error() -> str:
    """The text of a failure that really happens, here and now."""
    try:
        with Path("/dev/full").open("wb", buffering=0) as full:
            full.write(b"one segment")
    except OSError:
        return traceback.format_exc()
    raise Impossible("this system has no full device to fail on")


def time_disorder(scene: Scene, session_id: int | None) -> Deed:
    """updated before it was created"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, updated_at=clock.as_text(target.created - timedelta(hours=2)))
    return Deed("its `updated_at` was set to two hours before `created_at`", target.session_id, target.path)


def progress_odd(scene: Scene, session_id: int | None) -> Deed:
    """completed at 97 percent"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, progress_percentage=97)
    return Deed("its progress was set back to 97", target.session_id, target.path)


def table_empty(scene: Scene, session_id: int | None) -> Deed:
    """the table has no rows, the folder all its files"""
    refuse_session(session_id)
    scene.note("remove", path=str(scene.place.requests_held))
    scene.place.requests_held.touch()
    back = [
        # What was being composed may have been finished without its row: it is composed once more.
        f"UPDATE {KEPT_TABLE} SET status = 'pending', progress_percentage = 0 WHERE status = 'generating'",
        f"INSERT OR IGNORE INTO long_sequence_sessions SELECT * FROM {KEPT_TABLE}",
        f"DROP TABLE {KEPT_TABLE}",
    ]
    with table.writing(scene.place) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (KEPT_TABLE,)).fetchone():
            raise Impossible("the table was emptied already: run `python -m demo mend`")
        scene.note("statements", statements=back)
        db.execute(f"CREATE TABLE {KEPT_TABLE} AS SELECT * FROM long_sequence_sessions")
        db.execute("DELETE FROM long_sequence_sessions")
    return Deed("all rows were deleted, and no new sessions are asked for", path=scene.place.database)


def unavailable(scene: Scene, session_id: int | None) -> Deed:
    """the host's database is gone"""
    refuse_session(session_id)
    with table.opened(scene.place) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("", "-wal", "-shm"):
        path = Path(f"{scene.place.database}{ending}")
        if path.exists():
            scene.note("move", **{"from": f"{path}.away", "to": str(path)})
            os.rename(path, f"{path}.away")
    return Deed("its database was renamed away", path=scene.place.database)


def schema(scene: Scene, session_id: int | None) -> Deed:
    """a needed column bears another name"""
    refuse_session(session_id)
    rename = "ALTER TABLE long_sequence_sessions RENAME COLUMN {} TO {}"
    with table.writing(scene.place) as db:
        db.execute(rename.format("final_file_path", "audio_path"))
        scene.note("statements", statements=[rename.format("audio_path", "final_file_path")])
    return Deed("the column `final_file_path` was renamed to `audio_path`", path=scene.place.database)


def refuse_session(session_id: int | None) -> None:
    if session_id is not None:
        raise Impossible("this fault is done to the whole host: it takes no session id")
