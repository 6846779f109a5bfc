"""Faults of the asynchronous part: the worker is stopped or killed, and a session waits or stands still."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

from demo import clock, composer, naming, processes, requester, table, wav
from demo.faults.scene import Deed, Impossible, Scene

STOP_SECONDS = 5.0
SIGNAL_SECONDS = 0.5
LONG = timedelta(minutes=25)
NO_WORKER = "while a worker runs; without one it is called worker.crashed"


def not_picked_up(scene: Scene, session_id: int | None) -> Deed:
    """the worker stands still, and a session waits beyond every limit"""
    stopped = stop_worker(scene)
    asked = min(clock.now() - LONG, before_the_running_one(scene))
    if session_id is None:
        session_id = scene.add_row(
            table.as_requested(table.Request(1031, requester.any_assessment(random.Random()), 1), asked)
        )
    else:
        put_in_queue(scene, session_id, clock.as_text(asked))
    return Deed(f"{stopped}; the session was asked for 25 minutes ago or more and is still pending", session_id)


def put_in_queue(scene: Scene, session_id: int, asked: str) -> None:
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    if row is None or row["status"] != "pending":
        scene.take_away(scene.target(session_id).path)
    nothing = {"final_file_path": None, "final_file_size": None, "completed_at": None, "error_message": None}
    scene.change_row(session_id, status="pending", progress_percentage=0, created_at=asked, updated_at=asked, **nothing)


def before_the_running_one(scene: Scene) -> datetime:
    """A moment before anything that is being generated was asked for: nobody can say that the queue moves."""
    with table.opened(scene.place) as db:
        found = db.execute("SELECT min(created_at) FROM long_sequence_sessions WHERE status = 'generating'").fetchone()[
            0
        ]
    return (clock.as_moment(found) if found else clock.now()) - timedelta(minutes=1)


def stalled(scene: Scene, session_id: int | None) -> Deed:
    """the worker stands still in the middle of a piece"""
    stopped = stop_worker(scene)
    begun = clock.now() - LONG - timedelta(minutes=1)
    session_id, path = leave_half_done(scene, session_id, begun)
    note = "" if processes.alive(scene.place.worker_pid) else NO_WORKER
    return Deed(f"{stopped}; one segment was written 25 minutes ago and nothing since", session_id, path, note)


def crashed(scene: Scene, session_id: int | None) -> Deed:
    """the worker is killed in the middle of a piece, and not started again"""
    killed, under_way = kill_worker(scene)
    for number, path in under_way.items():
        scene.will_be_pending(number)
        scene.note("remove", path=str(path))
    begun = clock.now() - LONG - timedelta(minutes=1)
    session_id, path = leave_half_done(scene, session_id, begun)
    left = "".join(f"; so was session {number}, a moment ago" for number in under_way if number != session_id)
    return Deed(f"{killed}; this piece was left 25 minutes ago{left}", session_id, path)


def leave_half_done(scene: Scene, session_id: int | None, begun: datetime) -> tuple[int, Path]:
    """A session that is being generated, and of which one segment was written a minute after it was begun."""
    moved = begun + timedelta(minutes=1)
    if session_id is None:
        session_id = scene.add_row(
            {
                **table.as_requested(table.Request(1042, requester.any_assessment(random.Random()), 2), begun),
                "status": "generating",
            }
        )
        scene.will_be_pending(session_id)
    else:
        put_in_queue(scene, session_id, clock.as_text(begun))
    times = {"created_at": clock.as_text(begun), "updated_at": clock.as_text(moved)}
    scene.change_row(session_id, status="generating", progress_percentage=8, **times)
    path = scene.place.audio / naming.temporary_name(naming.file_name(session_id, begun))
    first = next(composer.segments(session_id, 2)).tobytes()
    scene.make_file(path, wav.header(composer.SAMPLE_RATE, 0) + first, moved)
    return session_id, path


def kill_worker(scene: Scene) -> tuple[str, dict[int, Path]]:
    """Ends it with SIGKILL, for good until `mend`; which sessions it was at, with their unfinished files."""
    scene.note("remove", path=str(scene.place.worker_held))
    scene.place.worker_held.touch()
    pid = processes.alive(scene.place.worker_pid)
    if pid is None:
        return "no worker runs", {}
    stop_worker(scene)  # in the middle of a piece, and not while it holds the database
    under_way = {number: path for path in processes.open_files(pid) if (number := session_of(scene, path))}
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + STOP_SECONDS
    while processes.alive(scene.place.worker_pid):
        if time.monotonic() > end:
            raise Impossible(f"the worker (process {pid}) could not be killed")
        time.sleep(0.01)
    return f"the worker (process {pid}) was killed with SIGKILL", under_way


def session_of(scene: Scene, path: Path) -> int | None:
    """Whose unfinished file this is."""
    convention = naming.CONVENTION.match(path.name)
    return int(convention[1]) if convention and path.parent == scene.place.audio.resolve() else None


def stop_worker(scene: Scene) -> str:
    pid = processes.alive(scene.place.worker_pid)
    if pid is None:
        return "no worker runs"
    scene.note("resume")
    end = time.monotonic() + STOP_SECONDS
    while not stands_still(pid):
        if time.monotonic() > end:
            raise Impossible(f"the worker (process {pid}) could not be stopped")
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.02)
    return f"the worker (process {pid}) was stopped with SIGSTOP"


def stands_still(pid: int) -> bool:
    """Stops it; False where it was met with the database locked, which would lock out everybody else."""
    os.kill(pid, signal.SIGSTOP)
    end = time.monotonic() + SIGNAL_SECONDS
    while not processes.is_stopped(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return processes.is_stopped(pid) and not processes.holds_locks(pid)
