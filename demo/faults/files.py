"""Faults of a session's file, and files that belong to no session."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from pathlib import Path

from demo import clock, naming, requester, table, wav
from demo.faults.scene import Deed, Impossible, Scene, Target

OLDER_THAN_GRACE = timedelta(days=2)
GARBAGE_BYTES = 2048
ERROR_PAGE = b"""<!doctype html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>
"""
ROOT_NOTE = "chmod does not bind root: it is seen only where the dashboard runs as another user"
READER_NOTE = f"{ROOT_NOTE}, or where its READING_USER names one"


def deleted(scene: Scene, session_id: int | None) -> Deed:
    """a file that was there is removed"""
    target = scene.target(session_id)
    scene.take_away(target.path)
    note = "seen as deleted where an earlier pass saw the file"
    return Deed("its file was removed", target.session_id, target.path, note)


def never_written(scene: Scene, session_id: int | None) -> Deed:
    """completed, but its file was never there"""
    if session_id is None:
        path, session_id = add_completed_without_file(scene)
        return Deed("a completed session was added, with no file behind it", session_id, path)
    target = scene.target(session_id)
    name = naming.file_name(session_id, target.completed)
    scene.take_away(target.path)
    scene.change_row(session_id, final_file_path=naming.stored_path(name))
    return Deed("its row now names a file that never was", session_id, scene.place.audio / name)


def add_completed_without_file(scene: Scene) -> tuple[Path, int]:
    created, completed = scene.when - timedelta(minutes=2), scene.when
    values = table.as_requested(table.Request(1016, requester.any_assessment(random.Random()), 1), created)
    session_id = scene.add_row({**values, "status": "generating"})
    scene.note("delete", session_id=session_id)
    name = naming.file_name(session_id, created)
    size_bytes = wav.HEADER_BYTES + 60 * 8000 * wav.BYTES_PER_SAMPLE
    with table.writing(scene.place) as db:
        table.update(db, session_id, table.as_completed(naming.stored_path(name), size_bytes, completed))
    return scene.place.audio / name, session_id


def unreadable(scene: Scene, session_id: int | None) -> Deed:
    """nobody may read the file (mode 000)"""
    target = scene.target(session_id)
    scene.note("mode", path=str(target.path), mode=target.path.stat().st_mode & 0o7777)
    target.path.chmod(0)
    return Deed("its file was set to mode 000", target.session_id, target.path, READER_NOTE)


def not_a_file(scene: Scene, session_id: int | None) -> Deed:
    """a folder stands where the file should be"""
    target = scene.target(session_id)
    scene.take_away(target.path)
    scene.note("remove", path=str(target.path))
    target.path.mkdir()
    scene.set_times(target.path, scene.when)
    return Deed("its file was replaced by a folder of that name", target.session_id, target.path)


def empty(scene: Scene, session_id: int | None) -> Deed:
    """the file has no bytes"""
    target = scene.target(session_id)
    scene.change_file(target.path, lambda path: os.truncate(path, 0))
    return Deed("its file was emptied", target.session_id, target.path)


def corrupt(scene: Scene, session_id: int | None) -> Deed:
    """an HTML error page lies in the file's place"""
    target = scene.target(session_id)
    scene.change_file(target.path, lambda path: path.write_bytes(ERROR_PAGE))
    return Deed("its file was overwritten by an HTML error page", target.session_id, target.path)


def truncated(scene: Scene, session_id: int | None) -> Deed:
    """the file was cut; its header promises more"""
    target = scene.target(session_id)
    left = int(target.size_bytes * 0.58)
    scene.change_file(target.path, lambda path: os.truncate(path, left))
    return Deed(f"its file was cut from {target.size_bytes} to {left} bytes", target.session_id, target.path)


def size_mismatch(scene: Scene, session_id: int | None) -> Deed:
    """a whole file, but the row tells another size"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, final_file_size=target.size_bytes - wav.HEADER_BYTES)
    return Deed("its row's size was set to that of the samples alone", target.session_id, target.path)


def wrong_duration(scene: Scene, session_id: int | None) -> Deed:
    """a whole file, shorter than the row says"""
    target = scene.target(session_id)
    scene.change_file(target.path, halve)
    scene.change_row(target.session_id, final_file_size=target.path.stat().st_size)
    return Deed("its file was replaced by a whole one of half the length", target.session_id, target.path)


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        fields = wav.HEADER.unpack(file.read(wav.HEADER_BYTES))
        data_bytes = fields[12] // 4 * 2
        file.seek(0)
        file.write(wav.header(fields[7], data_bytes))
        file.truncate(wav.HEADER_BYTES + data_bytes)


def trailing_bytes(scene: Scene, session_id: int | None) -> Deed:
    """bytes behind the last chunk"""
    target = scene.target(session_id)
    scene.change_file(target.path, append_garbage)
    scene.change_row(target.session_id, final_file_size=target.size_bytes + GARBAGE_BYTES)
    return Deed(f"{GARBAGE_BYTES} bytes were glued to the end of its file", target.session_id, target.path)


def append_garbage(path: Path) -> None:
    with path.open("ab") as file:
        file.write(random.Random(GARBAGE_BYTES).randbytes(GARBAGE_BYTES))


def predates_session(scene: Scene, session_id: int | None) -> Deed:
    """the file is older than its session"""
    target = scene.target(session_id)
    scene.date_file(target.path, target.created - timedelta(days=3))
    return Deed("its file was dated three days before the session", target.session_id, target.path)


def orphan(scene: Scene, session_id: int | None) -> Deed:
    """a session's row was deleted, its file stayed"""
    target = oldish(scene, session_id)
    with table.writing(scene.place) as db:
        row = table.row(db, target.session_id)
        if row is not None:
            scene.note("insert", values=dict(row))
        db.execute("DELETE FROM long_sequence_sessions WHERE session_id = ?", (target.session_id,))
    if clock.from_epoch(target.path.stat().st_mtime) > clock.now() - OLDER_THAN_GRACE:
        scene.date_file(target.path, clock.now() - OLDER_THAN_GRACE)
    return Deed("its row was deleted, its file left behind", target.session_id, target.path)


def oldish(scene: Scene, session_id: int | None) -> Target:
    """Past an orphan's grace where the choice is ours."""
    if session_id is not None:
        return scene.target(session_id)
    try:
        return scene.healthy(1, before=clock.now() - OLDER_THAN_GRACE)[0]
    except Impossible:
        return scene.healthy(1)[0]


def leftover(scene: Scene, session_id: int | None) -> Deed:
    """a temporary file that nobody finished"""
    target = scene.target(session_id)
    begun = min(target.created, clock.now() - OLDER_THAN_GRACE) - timedelta(minutes=5)
    path = scene.place.audio / naming.temporary_name(naming.file_name(target.session_id, begun))
    with target.path.open("rb") as whole:
        whole.seek(wav.HEADER_BYTES)
        content = wav.header(8000, 0) + whole.read(160_000)
    scene.make_file(path, content, begun)
    return Deed("a temporary file of an earlier, interrupted attempt was left", target.session_id, path)
