"""What every fault works with: the session it is done to, and steps that are noted so that they can be undone."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from demo import clock, naming, table, undo, wav
from demo.place import Place
from demo.table import Value, Values

# Just longer ago than SETTLE_SECONDS (60), so that the next pass calls what it sees.
SETTLED = timedelta(seconds=90)
QUIET = timedelta(seconds=180)
# How long the client waits for a new session: one that took longer is well by now, but was not for its user.
CLIENT_WAIT = timedelta(seconds=120)
CANDIDATES = 500


class Impossible(Exception):
    """The fault cannot be done here; the message is one line that says why."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a fault did. `note`: what has to be so on the dashboard's side for it to be seen."""

    did: str
    session_id: int | None = None
    path: Path | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A completed session and its file."""

    session_id: int
    path: Path
    size_bytes: int
    minutes: int
    created: datetime
    updated: datetime
    completed: datetime

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def took(self) -> timedelta:
        return self.completed - self.created


def is_in_order(target: Target) -> bool:
    state = target.path.stat()
    return (
        state.st_size == target.size_bytes
        and target.created <= target.updated
        and clock.as_epoch(target.created) <= state.st_mtime
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """`moment`: when the fault is to have happened; None is just before it no longer counts as settling."""

    code: str
    place: Place
    journal: undo.Journal
    moment: datetime | None = None

    @property
    def when(self) -> datetime:
        return self.moment or clock.now() - SETTLED

    def target(self, session_id: int | None) -> Target:
        """The session named, or the newest healthy one that has been quiet for a while."""
        if session_id is None:
            return self.healthy(1)[0]
        found = self.read_target(session_id)
        if found is None:
            raise Impossible(f"session {session_id} is not a completed session with a healthy file of its own")
        if self.moment is None and found.completed > clock.now() - QUIET:
            self.age(found)
            found = self.read_target(session_id) or found
        return found

    def healthy(self, count: int | None, *, but: int | None = None, before: datetime | None = None) -> list[Target]:
        """The newest healthy sessions that have been quiet since `before`; `count` None: all of them."""
        limit, quiet_since = -1 if count is None else CANDIDATES, before or clock.now() - QUIET
        with table.opened(self.place) as db:
            rows = db.execute(
                "SELECT * FROM long_sequence_sessions WHERE status = 'completed' AND updated_at < ?"
                " ORDER BY completed_at DESC, session_id DESC LIMIT ?",
                (clock.as_text(quiet_since), limit),
            ).fetchall()
        targets = (self.as_target(row) for row in rows if row["session_id"] != but)
        found = list(islice((target for target in targets if target and target.took < CLIENT_WAIT), count))
        if len(found) < (count or 1):
            raise Impossible("too few healthy sessions older than three minutes: run `python -m demo setup` or `fill`")
        return found

    def read_target(self, session_id: int) -> Target | None:
        with table.opened(self.place) as db:
            row = table.row(db, session_id)
        return self.as_target(row) if row else None

    def as_target(self, row: sqlite3.Row) -> Target | None:
        """None where the row or its file is not in order, or the server has been told not to serve them as they are."""
        if self.place.serving(row["session_id"]).exists() or self.place.stale_answer(row["session_id"]).exists():
            return None
        if row["status"] != "completed" or row["error_message"] or row["progress_percentage"] != 100:
            return None
        name = str(row["final_file_path"] or "").rpartition("/")[2]
        path, convention = self.place.audio / name, naming.CONVENTION.fullmatch(name)
        if (
            not convention
            or int(convention[1]) != row["session_id"]
            or row["final_file_path"] != naming.stored_path(name)
        ):
            return None
        if not path.is_file() or wav.whole_seconds(path) != row["total_duration_minutes"] * 60:
            return None
        target = Target(
            row["session_id"], path, row["final_file_size"], row["total_duration_minutes"],
            *(clock.as_moment(row[column]) for column in ("created_at", "updated_at", "completed_at")),
        )  # fmt: skip
        return target if is_in_order(target) else None

    def age(self, target: Target) -> None:
        """A session that has only just been finished is put ten minutes back, as if it had been asked for earlier."""
        back = timedelta(minutes=10)
        self.change_row(
            target.session_id,
            created_at=clock.as_text(target.created - back),
            updated_at=clock.as_text(target.completed - back),
            completed_at=clock.as_text(target.completed - back),
        )
        self.date_file(target.path, clock.from_epoch(target.path.stat().st_mtime) - back)

    def change_row(self, session_id: int, **values: Value) -> None:
        """Changes these columns; `updated_at` becomes the fault's moment unless it is given."""
        values.setdefault("updated_at", clock.as_text(self.when))
        with table.writing(self.place) as db:
            row = table.row(db, session_id)
            if row is None:
                raise Impossible(f"there is no session {session_id}")
            self.note("row", session_id=session_id, values={column: row[column] for column in values})
            table.update(db, session_id, values)

    def add_row(self, values: Values, *, reserved: bool = False) -> int:
        """A new session; one that is `reserved` is left alone by the running worker."""
        with table.writing(self.place) as db:
            session_id = table.insert(db, values)
            if reserved:
                self.place.reservation(session_id).touch()
        return session_id

    def will_be_pending(self, session_id: int) -> None:
        """What `mend` makes of a session that was added: the worker composes it after all."""
        values = {"status": "pending", "progress_percentage": 0, "scene_id": 0, "error_message": None}
        self.note("row", session_id=session_id, values=values)

    def take_away(self, path: Path) -> None:
        """Out of the audio folder, into a keeping place."""
        kept = self.keeping_place(path)
        self.note("move", **{"from": str(kept), "to": str(path)})
        os.rename(path, kept)

    def move(self, path: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.note("move", **{"from": str(target), "to": str(path)})
        os.rename(path, target)

    def change_file(self, path: Path, change: Callable[[Path], object]) -> None:
        """Changes the file in place, keeps what it was, and dates it at the fault's moment."""
        if self.journal.is_kept:
            kept = self.keeping_place(path)
            undo.copy_sparse(path, kept)
            self.note("copy", **{"from": str(kept), "to": str(path)})
        change(path)
        self.set_times(path, self.when)

    def make_file(self, path: Path, content: bytes, modified: datetime) -> None:
        self.note("remove", path=str(path))
        path.write_bytes(content)
        self.set_times(path, modified)

    def date_file(self, path: Path, modified: datetime) -> None:
        self.note("times", path=str(path), mtime_ns=path.stat().st_mtime_ns)
        self.set_times(path, modified)

    def set_times(self, path: Path, modified: datetime) -> None:
        seconds = clock.as_epoch(modified)
        os.utime(path, (seconds, seconds))

    def keeping_place(self, path: Path) -> Path:
        return self.place.kept / f"{time.time_ns()}_{path.name}"

    def note(self, kind: str, **details: object) -> None:
        self.journal.note(self.code, kind, **details)
