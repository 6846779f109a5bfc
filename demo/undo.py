"""The journal of what the faults did, and the way back: each step is noted before it is taken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo import processes, table
from demo.place import Place

BLOCK_BYTES = 2**20
END_SECONDS = 5.0
Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Journal:
    """Steps back, in the order in which their faults came. A journal that is not `kept` forgets them."""

    place: Place
    is_kept: bool = True

    @property
    def path(self) -> Path:
        return self.place.control / "undo.jsonl"

    def note(self, code: str, kind: str, **details: Any) -> None:
        if self.is_kept:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"code": code, "kind": kind, **details}) + "\n")

    def steps(self) -> list[Step]:
        try:
            return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]
        except FileNotFoundError:
            return []

    def rewrite(self, steps: list[Step]) -> None:
        self.path.write_text("".join(json.dumps(step) + "\n" for step in steps), encoding="utf-8")


def take_back(place: Place, code: str | None = None) -> tuple[int, list[str]]:
    """Undoes all that was done, or what one code did, newest first: how many steps, and a line for each that failed."""
    journal = Journal(place)
    noted, problems, left = journal.steps(), [], []
    for step in reversed(noted):
        if code not in (None, step["code"]):
            left.append(step)
            continue
        try:
            WAYS_BACK[step["kind"]](place, step)
        except (OSError, sqlite3.Error) as error:
            problems.append(f"{step['code']}: {step['kind']} could not be undone: {error}")
            left.append(step)
    if noted:
        journal.rewrite(left[::-1])
    if code is None:
        resume_worker(place)
        place.worker_held.unlink(missing_ok=True)
        for reservation in place.control.glob("reserved_*"):
            reservation.unlink(missing_ok=True)
    return len(noted) - len(left), problems


def resume_worker(place: Place) -> int | None:
    pid = processes.alive(place.worker_pid)
    if pid:
        os.kill(pid, signal.SIGCONT)
    return pid


def move_back(_place: Place, step: Step) -> None:
    """What stands there now gives way, unless it is a folder with something in it."""
    if os.path.lexists(step["from"]):
        os.rename(step["from"], step["to"])


def copy_back(_place: Place, step: Step) -> None:
    copy_sparse(Path(step["from"]), Path(step["to"]))
    os.unlink(step["from"])


def remove(_place: Place, step: Step) -> None:
    path = Path(step["path"])
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def set_mode(_place: Place, step: Step) -> None:
    Path(step["path"]).chmod(step["mode"])


def set_times(_place: Place, step: Step) -> None:
    os.utime(step["path"], ns=(step["mtime_ns"], step["mtime_ns"]))


def set_row(place: Place, step: Step) -> None:
    with table.writing(place) as db:
        table.update(db, step["session_id"], step["values"])


def insert_row(place: Place, step: Step) -> None:
    with table.writing(place) as db:
        table.insert(db, step["values"])


def delete_row(place: Place, step: Step) -> None:
    with table.writing(place) as db:
        db.execute("DELETE FROM long_sequence_sessions WHERE session_id = ?", (step["session_id"],))


def run_statements(place: Place, step: Step) -> None:
    with table.writing(place) as db:
        for statement in step["statements"]:
            db.execute(statement)


def resume(place: Place, _step: Step) -> None:
    resume_worker(place)


def end(_place: Place, step: Step) -> None:
    let_go(Path(step["pid_file"]))


def let_go(path: Path) -> None:
    """Ends the process of this pid file, if it is still there."""
    if pid := processes.alive(path):
        os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + END_SECONDS
    while processes.alive(path):
        if time.monotonic() > limit:
            raise TimeoutError(f"process {pid} does not end")
        time.sleep(0.02)


def copy_sparse(source: Path, target: Path) -> None:
    """The same bytes and times; runs of zeros become holes, as a filled table's files are nearly all hole."""
    with source.open("rb") as reading, target.open("wb") as writing:
        while block := reading.read(BLOCK_BYTES):
            if block.count(0) == len(block):
                writing.seek(len(block), 1)
            else:
                writing.write(block)
        writing.truncate(reading.tell())
    shutil.copystat(source, target)


WAYS_BACK: dict[str, Callable[[Place, Step], None]] = {
    "move": move_back,
    "copy": copy_back,
    "remove": remove,
    "mode": set_mode,
    "times": set_times,
    "row": set_row,
    "insert": insert_row,
    "delete": delete_row,
    "statements": run_statements,
    "resume": resume,
    "end": end,
}
