"""Generations that fail in other ways: a worker that is killed, and a disk that is full when nobody writes down why."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from demo import holder, table, undo
from demo.faults.generation import WORKER_SECONDS, ask, failed, send_worker, status_of
from demo.faults.scene import Deed, Impossible, Scene

LARGEST_DISK_BYTES = 512 * 2**20
LEFT_FOR_THE_TABLE_BYTES = 256 * 1024
BLOCK = bytes(64 * 1024)
TICK_SECONDS = 0.05


def killed_in_silence(scene: Scene, session_id: int | None) -> Deed:
    """the worker is killed in the middle of its work, and nobody writes down why"""
    session_id = ask(scene, session_id)
    kill_worker(scene, session_id)
    give_up(scene, session_id, None)
    return failed(
        scene, session_id, "its worker was killed by SIGKILL, and its row failed without a message", silent=True
    )


def killed_with_its_code(scene: Scene, session_id: int | None) -> Deed:
    """the worker is killed in the middle of its work, and its supervisor writes down the exit code"""
    session_id = ask(scene, session_id)
    code = kill_worker(scene, session_id)
    give_up(scene, session_id, f"worker exited with code {code}")
    return failed(scene, session_id, f"its worker was killed by SIGKILL, and its row has the exit code {code}")


def disk_full_in_silence(scene: Scene, session_id: int | None) -> Deed:
    """the disk of the audio is filled, the worker fails on it, and nobody writes down why (needs a small disk)"""
    check_disk(scene.place.audio)
    session_id = ask(scene, session_id)
    fill_disk(scene)
    send_worker(scene, session_id)
    if status_of(scene, session_id) != "failed":
        raise Impossible("the worker did not run out of space: `python -m demo mend` empties the disk again")
    give_up(scene, session_id, None)
    deed = failed(scene, session_id, "its worker ran out of space on the full disk and left no message", silent=True)
    note = "once the dashboard's worker has taken a sample, within five minutes"
    return Deed(deed.did, session_id, note=note)


def database_held_in_silence(scene: Scene, session_id: int | None) -> Deed:
    """somebody holds the database while the worker composes: it dies of that, and nobody can write down why"""
    session_id = ask(scene, session_id)
    process = begin(scene, session_id, "impatient")
    hold_database(scene)
    try:
        code = process.wait(WORKER_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = 0
    undo.let_go(scene.place.holder_pid)
    if code == 0:
        raise Impossible("the worker did not fail on the database that was held")
    give_up(scene, session_id, None)
    hold_database(scene)
    deed = failed(scene, session_id, "its worker died of a database that was held, and is still", silent=True)
    note = "once the dashboard's worker has probed the database, which is held for ten minutes"
    return Deed(deed.did, session_id, note=note)


def hold_database(scene: Scene) -> None:
    scene.note("end", pid_file=str(scene.place.holder_pid))
    try:
        holder.start(scene.place)
    except TimeoutError as error:
        raise Impossible(str(error)) from error


def kill_worker(scene: Scene, session_id: int) -> int:
    """A worker of this session's own, killed when it has begun; returns its exit code."""
    process = begin(scene, session_id)
    process.kill()
    code = process.wait()
    if code >= 0:
        raise Impossible(f"the worker ended by itself ({code}) before it could be killed")
    return code


def begin(scene: Scene, session_id: int, condition: str = "") -> subprocess.Popen[bytes]:
    """A worker of this session's own that has begun to write."""
    command = [sys.executable, "-m", "demo", "worker", "--only", str(session_id), "--pace", "1"]
    process = subprocess.Popen(
        [*command, *(["--under", condition] if condition else [])],
        env={**os.environ, "DEMO_ROOT": str(scene.place.root)},
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + WORKER_SECONDS
    while not temporaries(scene, session_id) and process.poll() is None and time.monotonic() < end:
        time.sleep(TICK_SECONDS)
    return process


def temporaries(scene: Scene, session_id: int) -> list[Path]:
    return list(scene.place.audio.glob(f"*long_sequence_{session_id}_*.tmp"))


def give_up(scene: Scene, session_id: int, error_message: str | None) -> None:
    """What a supervisor does for a worker that is gone: its row fails, its temporary file goes."""
    for path in temporaries(scene, session_id):
        path.unlink(missing_ok=True)
    with table.writing(scene.place) as db:
        table.update(db, session_id, {"status": "failed", "error_message": error_message})


def check_disk(folder: Path) -> None:
    space = os.statvfs(folder)
    if space.f_blocks * space.f_frsize > LARGEST_DISK_BYTES:
        raise Impossible(
            "the disk of the demo host is no small one, and yours is not to be filled. As root: "
            "`mount -t tmpfs -o size=400m demo DIR`, then with DEMO_ROOT=DIR `python -m demo setup` and this again"
        )


def fill_disk(scene: Scene) -> None:
    """All but what the host's table needs to say that the session failed."""
    ballast = scene.place.control / "ballast"
    scene.note("remove", path=str(ballast))
    with ballast.open("wb", buffering=0) as file:
        while free_bytes(ballast.parent) > LEFT_FOR_THE_TABLE_BYTES:
            file.write(BLOCK)


def free_bytes(folder: Path) -> int:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize
