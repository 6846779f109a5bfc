"""The host's table of sessions and the few statements that the host runs on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from demo import clock, hook
from demo.place import Place

BUSY_SECONDS = 15.0
SEGMENTS_PER_MINUTE = 6
SCHEMA = """
CREATE TABLE IF NOT EXISTS long_sequence_sessions (
    session_id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER,
    assessment_id INTEGER,
    status VARCHAR(20) NOT NULL,
    total_duration_minutes INTEGER,
    segment_count INTEGER,
    progress_percentage INTEGER,
    generation_mode VARCHAR(20),
    scene_id INTEGER,
    final_file_path VARCHAR(500),
    final_file_size BIGINT,
    error_message TEXT,
    created_at DATETIME,
    updated_at DATETIME,
    completed_at DATETIME
);
CREATE INDEX IF NOT EXISTS ix_long_sequence_sessions_status ON long_sequence_sessions (status);
"""
Value = str | int | float | None
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks for."""

    user_id: int
    assessment_id: int
    minutes: int
    scene_id: int = 0
    generation_mode: str = "comprehensive"


@dataclass(frozen=True, slots=True)
class Session:
    """A row that the worker took. Its numbers are read only when they are needed: nonsense in them fails the session."""

    session_id: int
    row: sqlite3.Row

    @property
    def minutes(self) -> int:
        return int(self.row["total_duration_minutes"] or 1)

    @property
    def scene_id(self) -> int:
        return int(self.row["scene_id"] or 0)


def create(place: Place) -> None:
    with sqlite3.connect(place.database, timeout=BUSY_SECONDS) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(SCHEMA)
    db.close()


@contextmanager
def opened(place: Place, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A connection that never makes a new database: one that was moved away is an error."""
    db = sqlite3.connect(f"{place.database.as_uri()}?mode=rw", uri=True, timeout=busy_seconds, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = NORMAL")
        yield db
    finally:
        db.close()


@contextmanager
def writing(place: Place, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    with opened(place, busy_seconds=busy_seconds) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def insert(db: sqlite3.Connection, values: Values) -> int:
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO long_sequence_sessions ({columns}) VALUES ({marks})", tuple(values.values()))
    return int(cursor.lastrowid or 0)


def update(db: sqlite3.Connection, session_id: int, values: Values) -> None:
    assignments = ", ".join(f"{column} = ?" for column in values)
    db.execute(f"UPDATE long_sequence_sessions SET {assignments} WHERE session_id = ?", (*values.values(), session_id))


def row(db: sqlite3.Connection, session_id: int) -> sqlite3.Row | None:
    found = db.execute("SELECT * FROM long_sequence_sessions WHERE session_id = ?", (session_id,)).fetchone()
    return found if isinstance(found, sqlite3.Row) else None


def as_requested(request: Request, created_at: datetime) -> dict[str, Value]:
    """A new row: pending, and nothing done yet."""
    return {
        "user_id": request.user_id,
        "assessment_id": request.assessment_id,
        "status": "pending",
        "total_duration_minutes": request.minutes,
        "segment_count": request.minutes * SEGMENTS_PER_MINUTE,
        "progress_percentage": 0,
        "generation_mode": request.generation_mode,
        "scene_id": request.scene_id,
        "created_at": clock.as_text(created_at),
        "updated_at": clock.as_text(created_at),
    }


def as_completed(path: str, size_bytes: int, completed_at: datetime) -> dict[str, Value]:
    return {
        "status": "completed",
        "progress_percentage": 100,
        "final_file_path": path,
        "final_file_size": size_bytes,
        "updated_at": clock.as_text(completed_at),
        "completed_at": clock.as_text(completed_at),
    }


def take_next(place: Place) -> Session | None:
    """The pending session whose turn it is, now marked as generating; None where nobody waits."""
    with opened(place) as db:
        waiting = db.execute(
            "SELECT session_id FROM long_sequence_sessions WHERE status = 'pending' ORDER BY created_at, session_id"
        ).fetchall()
    for (session_id,) in waiting:
        if not place.reservation(session_id).exists():
            return take(place, session_id)
    return None


def announce_waiting(place: Place) -> None:
    with opened(place) as db:
        for (session_id,) in db.execute("SELECT session_id FROM long_sequence_sessions WHERE status = 'pending'"):
            hook.announce(place, session_id)


def take_told(place: Place) -> Session | None:
    """The next one of those that the worker was told of, where it really waits; None where there is none."""
    for session_id in hook.told(place):
        if place.reservation(session_id).exists():
            continue
        session = take(place, session_id)
        place.told(session_id).unlink(missing_ok=True)  # behind the taking: killed in between, it is looked at again
        if session is not None:
            return session
    return None


def take(place: Place, session_id: int) -> Session | None:
    with writing(place) as db:
        found = row(db, session_id)
        if found is None or found["status"] != "pending":
            return None
        update(
            db, session_id, {"status": "generating", "progress_percentage": 0, "updated_at": clock.as_text(clock.now())}
        )
    return Session(session_id, found)
