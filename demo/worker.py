"""The generator: takes pending sessions in their order, composes them, and completes or fails their rows."""

from __future__ import annotations

import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from demo import clock, composer, conditions, naming, processes, table, wav
from demo.place import Place
from demo.table import Session, Values

IDLE_SECONDS = 0.5
TICK_SECONDS = 0.1
LONGEST_MINUTES = 120


class InvalidRequest(ValueError):
    """The session asks for what no worker can make."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One worker's way of working. `pace_seconds` is the rest after each segment; `started` sets another clock.

    One that `is_told` polls only once, when it begins.
    """

    place: Place
    stop: processes.StopFlag
    pace_seconds: float = 3.0
    condition: str | None = None
    started: datetime | None = None
    is_told: bool = False


def run(shift: Shift) -> None:
    """Works until it is stopped."""
    processes.leave_pid(shift.place.worker_pid)
    try:
        if shift.is_told:
            table.announce_waiting(shift.place)
        while not shift.stop.is_up:
            work_once(shift)
    except processes.Stopped:
        pass
    finally:
        processes.forget_pid(shift.place.worker_pid)


def work_once(shift: Shift) -> None:
    try:
        session = table.take_told(shift.place) if shift.is_told else table.take_next(shift.place)
    except sqlite3.Error as error:
        print(f"worker: the database does not answer: {error}", file=sys.stderr, flush=True)
        rest(shift, 2.0)
        return
    if session is None:
        rest(shift, IDLE_SECONDS)
    else:
        generate(shift, session)


def run_one(shift: Shift, session_id: int) -> None:
    """Takes this session alone, whoever has reserved it."""
    session = table.take(shift.place, session_id)
    if session is not None:
        generate(shift, session)


def generate(shift: Shift, session: Session) -> None:
    started = shift.started or clock.now()
    name = naming.file_name(session.session_id, started)
    folder = conditions.temporary_folder(shift.place, shift.condition)
    temporary, final = folder / naming.temporary_name(name), shift.place.audio / name
    try:
        check(session)
        with conditions.entered(shift.place, shift.condition):
            compose(shift, session, temporary)
        temporary.rename(final)
        complete(shift, session, final)
    except processes.Stopped:
        temporary.unlink(missing_ok=True)
        record(shift, session, {"status": "pending", "progress_percentage": 0})
        raise
    except Exception:
        temporary.unlink(missing_ok=True)
        fail(shift, session, traceback.format_exc())


def check(session: Session) -> None:
    """Before anything is allocated or written."""
    if not 1 <= session.minutes <= LONGEST_MINUTES:
        raise InvalidRequest(f"total_duration_minutes must be between 1 and {LONGEST_MINUTES}, not {session.minutes}")
    if session.row["assessment_id"] is None:
        raise InvalidRequest(f"the assessment of session {session.session_id} is missing")


def compose(shift: Shift, session: Session, temporary: Path) -> None:
    minutes, parts = session.minutes, composer.segments(session.session_id, session.minutes, session.scene_id)
    count, data_bytes = minutes * table.SEGMENTS_PER_MINUTE, 0
    conditions.prepare_temporary(temporary, shift.place, shift.condition)
    bus = bytearray(conditions.bus_bytes(minutes, shift.condition))
    with temporary.open("wb", buffering=0) as file:
        write_all(file, wav.header(composer.SAMPLE_RATE, 0))
        for number, part in enumerate(conditions.as_played(parts, count, shift.condition), 1):
            write_all(file, part.tobytes())
            data_bytes += len(part) * wav.BYTES_PER_SAMPLE
            if number < count:
                record(shift, session, {"progress_percentage": 100 * number // count})
            rest(shift, shift.pace_seconds)
        file.seek(0)
        write_all(file, wav.header(composer.SAMPLE_RATE, data_bytes))
    bus.clear()


def write_all(file: BinaryIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def complete(shift: Shift, session: Session, final: Path) -> None:
    done = table.as_completed(naming.stored_path(final.name), final.stat().st_size, at(shift, session))
    with conditions.around_completing(shift.place, shift.condition) as busy_seconds:
        patiently(shift, lambda: write(shift.place, session, done, busy_seconds=busy_seconds))


def fail(shift: Shift, session: Session, error_message: str) -> None:
    """The row with its reason; where the reason itself cannot be written, the row alone."""
    try:
        record(shift, session, {"status": "failed", "error_message": error_message})
    except (UnicodeError, sqlite3.Error):
        record(shift, session, {"status": "failed"})


def record(shift: Shift, session: Session, values: Values) -> None:
    changed = {**values, "updated_at": clock.as_text(at(shift, session))}
    busy_seconds = conditions.patience_seconds(shift.condition)
    patiently(shift, lambda: write(shift.place, session, changed, busy_seconds=busy_seconds))


def at(shift: Shift, session: Session) -> datetime:
    return shift.started + timedelta(seconds=17 + 19 * session.minutes) if shift.started else clock.now()


def write(place: Place, session: Session, values: Values, *, busy_seconds: float) -> None:
    with table.writing(place, busy_seconds=busy_seconds) as db:
        table.update(db, session.session_id, values)


def patiently(shift: Shift, call: Callable[[], None]) -> None:
    """A database that was moved away is waited for; any other error is the caller's."""
    while True:
        try:
            return call()
        except sqlite3.OperationalError:
            if shift.place.database.exists():
                raise
        rest(shift, IDLE_SECONDS)


def rest(shift: Shift, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not shift.stop.is_up:
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(TICK_SECONDS, left))
    raise processes.Stopped
