"""Faults of the generation: a worker is sent into conditions under which it really fails."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

from demo import clock, naming, requester, table
from demo.faults.scene import Deed, Impossible, Scene

WORKER_SECONDS = 60
SMALL_DISK_BYTES = 96 * 1024
SCENE_WITHOUT_SCALE = 13
SCENE_WITH_BROKEN_NAME = 14
UNFINISHED: table.Values = {"final_file_path": None, "final_file_size": None, "completed_at": None}


def disk_full(scene: Scene, session_id: int | None) -> Deed:
    """the worker writes to a file system that really is full"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "full_disk", before=["unshare", *user_flag(), "-m", "sh", "-c", mount_small_disk()])
    if status_of(scene, session_id) == "pending":
        send_worker(scene, session_id, "full_disk")
    return failed(scene, session_id, "its worker ran out of space on a small disk")


def mount_small_disk() -> str:
    """$0 is the folder; the mount is seen by this worker alone and ends with it."""
    return f'mount -t tmpfs -o size={SMALL_DISK_BYTES} demo "$0" 2>/dev/null && exec "$@"'


def user_flag() -> list[str]:
    return [] if os.geteuid() == 0 else ["-r"]


def out_of_memory(scene: Scene, session_id: int | None) -> Deed:
    """the worker may not allocate what the piece needs"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "little_memory")
    return failed(scene, session_id, "its worker met the end of its memory")


def permission_denied(scene: Scene, session_id: int | None) -> Deed:
    """the worker runs as a user who may not write to the folder"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "no_rights")
    return failed(scene, session_id, "its worker was refused the folder")


def timed_out(scene: Scene, session_id: int | None) -> Deed:
    """the worker has a time limit that is shorter than what the piece takes"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "short_time", pace_seconds=1)
    return failed(scene, session_id, "its worker was interrupted when its time was up")


def dependency_down(scene: Scene, session_id: int | None) -> Deed:
    """the worker needs a broker, and nothing listens at its port"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "broker_down")
    return failed(scene, session_id, "its worker was refused the connection to a broker that is down")


def engine_failed(scene: Scene, session_id: int | None) -> Deed:
    """the worker loads an engine that is not installed"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "no_engine")
    return failed(scene, session_id, "its worker could not load an engine that is not installed")


def bad_input(scene: Scene, session_id: int | None) -> Deed:
    """the session loses its assessment, and the worker's validation rejects it"""
    session_id = ask(scene, session_id)
    scene.change_row(session_id, assessment_id=None)
    send_worker(scene, session_id)
    return failed(scene, session_id, "its assessment was taken from it, and its worker rejected it")


def unrecognised(scene: Scene, session_id: int | None) -> Deed:
    """the composer breaks on a scene that has no scale yet"""
    session_id = ask(scene, session_id, scene_id=SCENE_WITHOUT_SCALE)
    send_worker(scene, session_id)
    return failed(scene, session_id, f"its worker broke on scene {SCENE_WITHOUT_SCALE}, which has no scale")


def unexplained(scene: Scene, session_id: int | None) -> Deed:
    """the composer breaks, and its error text cannot be written to the row"""
    session_id = ask(scene, session_id, scene_id=SCENE_WITH_BROKEN_NAME)
    send_worker(scene, session_id)
    return failed(scene, session_id, "its worker broke, and its message could not be written (no UTF-8)", silent=True)


def half_committed(scene: Scene, session_id: int | None) -> Deed:
    """the file is finished, completing the row meets a locked database, the row fails"""
    session_id = ask(scene, session_id)
    send_worker(scene, session_id, "locked_table", started=scene.when - timedelta(minutes=2))
    deed = failed(scene, session_id, "its worker finished the file and could not complete the row")
    path = next(scene.place.audio.glob(f"long_sequence_{session_id}_*.wav"))
    scene.note("remove", path=str(path))
    scene.change_row(session_id)
    scene.set_times(path, scene.when - timedelta(seconds=1))
    return Deed(deed.did, session_id, path)


def silent(scene: Scene, session_id: int | None) -> Deed:
    """the engine dies halfway, and the worker completes a piece that is silent from there on"""
    session_id = ask(scene, session_id)
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    minutes = int(row["total_duration_minutes"]) if row else 1
    send_worker(scene, session_id, "dying_engine", started=scene.when - timedelta(seconds=30 + 20 * minutes))
    scene.place.reservation(session_id).unlink(missing_ok=True)
    if status_of(scene, session_id) != "completed":
        raise Impossible(f"the worker did not complete session {session_id} here")
    scene.note("row", session_id=session_id, values=UNFINISHED)
    path = next(scene.place.audio.glob(f"long_sequence_{session_id}_*.wav"))
    scene.note("remove", path=str(path))
    scene.set_times(path, scene.when - timedelta(seconds=1))
    note = "seen once it was listened to: by the worker within a minute, or by the button on its page"
    return Deed("its worker completed it although the engine had died halfway", session_id, path, note)


def ask(scene: Scene, session_id: int | None, *, scene_id: int = 0) -> int:
    """A pending session that the running worker leaves alone: a new one, or this one once more."""
    if session_id is None:
        request = replace(requester.any_request(random.Random()), minutes=1, scene_id=scene_id)
        session_id = scene.add_row(table.as_requested(request, scene.when - timedelta(minutes=3)), reserved=True)
        scene.will_be_pending(session_id)
        return session_id
    scene.place.reservation(session_id).touch()
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    if row is None or row["status"] != "pending":
        put_back_to_pending(scene, session_id)
    scene.change_row(session_id, scene_id=scene_id, progress_percentage=0)
    return session_id


def put_back_to_pending(scene: Scene, session_id: int) -> None:
    try:
        target = scene.target(session_id)
    except Impossible:
        scene.place.reservation(session_id).unlink(missing_ok=True)
        raise
    scene.take_away(target.path)
    scene.change_row(session_id, status="pending", error_message=None, **UNFINISHED)


def send_worker(
    scene: Scene,
    session_id: int,
    condition: str | None = None,
    *,
    before: list[str] | None = None,
    started: datetime | None = None,
    pace_seconds: int = 0,
) -> None:
    """One worker more, for this session alone; `before` is put before its command, and gets the small disk's folder."""
    arguments = ["worker", "--only", str(session_id), "--pace", str(pace_seconds)]
    if condition:
        arguments += ["--under", condition]
    if started or scene.moment:
        arguments += ["--started", clock.as_text(started or scene.when - timedelta(minutes=1))]
    command = [sys.executable, "-m", "demo", *arguments]
    if before:
        command = [*before, str(scene.place.small_disk), *command]
    try:
        subprocess.run(
            command,
            env={**os.environ, "DEMO_ROOT": str(scene.place.root)},
            stderr=subprocess.DEVNULL if before else None,
            timeout=WORKER_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return
    except subprocess.TimeoutExpired as error:
        raise Impossible(f"the worker did not end within {WORKER_SECONDS} seconds") from error


def failed(scene: Scene, session_id: int, did: str, *, silent: bool = False) -> Deed:
    scene.place.reservation(session_id).unlink(missing_ok=True)
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    if row is None or row["status"] != "failed" or (row["error_message"] is None) != silent:
        raise Impossible(f"the worker did not fail session {session_id} here")
    return Deed(did, session_id)


def status_of(scene: Scene, session_id: int) -> str:
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    return str(row["status"]) if row else "gone"


def status_lagging(scene: Scene, session_id: int | None) -> Deed:
    """the finished file is there, the row still says generating"""
    target = scene.target(session_id)
    long_ago = clock.now() - timedelta(minutes=25)
    values: dict[str, table.Value] = {
        "status": "generating", "progress_percentage": 95, "completed_at": None,
        "final_file_path": None, "final_file_size": None,
        "created_at": clock.as_text(min(target.created, long_ago - timedelta(minutes=2))),
        "updated_at": clock.as_text(min(target.completed, long_ago)),
    }  # fmt: skip
    scene.change_row(target.session_id, **values)
    if target.completed > long_ago:
        scene.date_file(target.path, long_ago)
    did = f"its row was put back to generating, the whole file {naming.stored_path(target.name)} stayed"
    return Deed(did, target.session_id, target.path)
