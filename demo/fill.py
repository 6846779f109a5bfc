"""Fills the table with completed, healthy sessions: ten or a million, with or without their files."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from demo import clock, naming, table, wav
from demo.place import Place

BATCH = 10_000
SPAN = timedelta(days=730)
YOUNGEST = timedelta(hours=2)
SAMPLE_RATE = 44100
# Files that are younger are listened to by the dashboard, so that they end in a sound; all others are nothing but hole.
HEARD = timedelta(days=10)
LAST_SOUND = bytes(range(1, 65))
MINUTES = (10, 20, 30, 30, 45, 60)
COLUMNS = (
    "session_id", "user_id", "assessment_id", "status", "total_duration_minutes", "segment_count",
    "progress_percentage", "generation_mode", "scene_id", "final_file_path", "final_file_size",
    "created_at", "updated_at", "completed_at",
)  # fmt: skip
INSERT = f"INSERT INTO long_sequence_sessions ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
LAST_IDS = """
SELECT coalesce((SELECT max(session_id) FROM long_sequence_sessions), 0),
       coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'long_sequence_sessions'), 0)
"""
Row = tuple[str | int, ...]
AudioFile = tuple[str, int, float]


def fill(place: Place, count: int, *, rows_only: bool = False, lengths: Sequence[int] = MINUTES) -> int:
    """Adds `count` sessions of these `lengths` in minutes; returns the id of the first. The files are sparse: a header, and no blocks behind it."""
    place.make_folders()
    table.create(place)
    first_id = reserve_ids(place, count)
    sessions = healthy_sessions(first_id, count, lengths)
    while batch := list(islice(sessions, BATCH)):
        if not rows_only:
            write_files(place, [file for _, file in batch])
        with table.writing(place) as db:
            db.executemany(INSERT, [row for row, _ in batch])
    return first_id


def reserve_ids(place: Place, count: int) -> int:
    """The first of `count` ids that sessions asked for meanwhile will not get."""
    with table.writing(place) as db:
        last_id = max(db.execute(LAST_IDS).fetchone())
        db.execute("DELETE FROM sqlite_sequence WHERE name = 'long_sequence_sessions'")
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('long_sequence_sessions', ?)", (last_id + count,))
    return int(last_id) + 1


def healthy_sessions(first_id: int, count: int, lengths: Sequence[int]) -> Iterator[tuple[Row, AudioFile]]:
    chance = random.Random(first_id)
    begin, step = clock.now() - YOUNGEST - SPAN, (SPAN - timedelta(hours=2)) / max(1, count)
    for number in range(count):
        minutes = chance.choice(lengths)
        yield healthy_session(first_id + number, begin + number * step, minutes, chance, people=max(12, count // 40))


def healthy_session(
    session_id: int, created: datetime, minutes: int, chance: random.Random, *, people: int
) -> tuple[Row, AudioFile]:
    data_bytes = minutes * 60 * SAMPLE_RATE * wav.BYTES_PER_SAMPLE
    started = created + timedelta(seconds=1 + 9 * chance.random())
    finished = started + timedelta(seconds=minutes * (1 + 0.8 * chance.random()))  # within the client's 120 s
    done, name = finished + timedelta(milliseconds=40), naming.file_name(session_id, started)
    row = (
        session_id, 1000 + chance.randrange(people), 3000 + session_id, "completed", minutes, minutes,
        100, "comprehensive" if chance.random() < 0.8 else "single", chance.randrange(4),
        naming.stored_path(name), wav.HEADER_BYTES + data_bytes,
        clock.as_text(created), clock.as_text(done), clock.as_text(done),
    )  # fmt: skip
    return row, (name, data_bytes, clock.as_epoch(finished))


def write_files(place: Place, files: list[AudioFile]) -> None:
    folder, heard_since = os.open(place.audio, os.O_RDONLY), clock.as_epoch(clock.now() - HEARD)
    try:
        for name, data_bytes, modified in files:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=folder)
            os.write(descriptor, wav.header(SAMPLE_RATE, data_bytes))
            os.truncate(descriptor, wav.HEADER_BYTES + data_bytes)
            if modified > heard_since:
                os.pwrite(descriptor, LAST_SOUND, wav.HEADER_BYTES + data_bytes - len(LAST_SOUND))
            os.utime(descriptor, (modified, modified))
            os.close(descriptor)
    finally:
        os.close(folder)
