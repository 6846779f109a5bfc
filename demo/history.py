"""The first day of the demo host: five weeks of sessions behind it, mostly well, and what went wrong among them."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache

from demo import clock, composer, faults, naming, requester, table, undo
from demo.faults.scene import Impossible, Scene
from demo.place import Place

SESSIONS = 260
DAYS = 35
# Pieces of the past are at half the rate of today's: five weeks of them stay near a hundred megabytes.
SAMPLE_RATE = 4000
PIECES_PER_LENGTH = {1: 5, 2: 2, 3: 1}
LENGTHS = (1,) * 22 + (2, 2, 3)
HOURS = tuple(range(24))
ASKED_PER_HOUR = (6, 3, 1, 1, 1, 1, 2, 3, 3, 2, 2, 3, 6, 6, 3, 2, 2, 2, 3, 5, 8, 12, 14, 11)
# What went wrong, oldest first; what stands together happened in one evening.
TROUBLE = (
    ("file.never_written",),
    ("file.truncated",),
    ("generation.out_of_memory",),
    ("path.bad_name",),
    ("file.size_mismatch",),
    ("record.stale_error",),
    ("generation.disk_full", "generation.disk_full", "generation.disk_full"),
    ("file.corrupt",),
    ("file.orphan",),
    ("path.remote",),
    ("file.empty",),
    ("generation.unrecognised",),
    ("file.wrong_duration",),
    ("file.name_collision",),
    ("generation.permission_denied", "generation.permission_denied"),
    ("delivery.wrong_url",),
    ("client.timed_out", "client.timed_out", "client.timed_out"),
    ("record.progress_odd",),
    ("file.misplaced",),
    ("generation.unexplained",),
    ("file.leftover",),
    ("record.half_committed",),
    ("path.missing",),
    ("generation.unrecognised",),
    ("generation.out_of_memory",),
)
# This one takes the newest session for the owner of the file and the one before it for the loser.
CHOOSING = ("file.name_collision",)
WHILE_GENERATING = ("generation.", "record.half_committed")
# These are well: they only took longer than their client waited.
SLOW = "client.timed_out"
SECONDS_PER_MINUTE = (16, 24)
SLOW_SECONDS = (130, 280)


def set_up(place: Place, sessions: int = SESSIONS) -> bool:
    """Makes the demo host with its history, once; True where there was something to do."""
    if place.database.exists() and not begun(place):
        return False
    clear(place)
    place.make_folders()
    (place.control / "setup_begun").touch()
    table.create(place)
    live_through(place, sessions)
    (place.control / "setup_begun").unlink()
    return True


def begun(place: Place) -> bool:
    """An earlier setup was interrupted."""
    return (place.control / "setup_begun").exists()


def clear(place: Place) -> None:
    """Removes the demo's own files and nothing else, whatever folder it was pointed at."""
    for ending in ("", "-wal", "-shm", "-journal", ".away", "-wal.away", "-shm.away"):
        (place.root / f"{place.database.name}{ending}").unlink(missing_ok=True)
    for folder in (place.audio, place.audio.with_name(f"{place.audio.name}.away"), place.control, place.kept):
        make_listable(folder)
        shutil.rmtree(folder, ignore_errors=True)
    for name in ("small_disk", "closed"):
        shutil.rmtree(place.root / name, ignore_errors=True)
    place.worker_pid.unlink(missing_ok=True)


def make_listable(folder: str | os.PathLike[str]) -> None:
    """A closed sub folder, as `storage.listing_incomplete` makes it, would keep rmtree out."""
    for path, folders, _ in os.walk(folder):
        for name in folders:
            os.chmod(os.path.join(path, name), 0o700)


def live_through(place: Place, sessions: int) -> None:
    chance = random.Random(20250825)
    moments = asking_times(clock.now(), sessions, chance)
    trouble = placed_trouble(len(moments))
    for number, created in enumerate(moments):
        code = trouble.get(number)
        if code and code.startswith(WHILE_GENERATING):
            happen(place, code, None, created + timedelta(minutes=3))
            continue
        session_id, completed = finish_session(place, created, chance, is_slow=code == SLOW)
        if code and code != SLOW:
            happen(place, code, None if code in CHOOSING else session_id, completed + timedelta(minutes=4))


def asking_times(now: datetime, count: int, chance: random.Random) -> list[datetime]:
    """When sessions were asked for: more in the evening, a few in the last hours, none in the last quarter of one."""
    latest = now - timedelta(minutes=15)
    recent = [latest - timedelta(minutes=53 * number + chance.randrange(30)) for number in range(min(6, count))]
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moments: list[datetime] = []
    while len(moments) < count - len(recent):
        hour = chance.choices(HOURS, ASKED_PER_HOUR)[0]
        seconds = hour * 3600 + chance.uniform(0, 3600)
        moment = midnight - timedelta(days=chance.randrange(DAYS)) + timedelta(seconds=seconds)
        if moment < latest:
            moments.append(moment)
    return sorted(recent + moments)


def placed_trouble(count: int) -> dict[int, str]:
    """The number of each session that something happened to, spread over the whole history."""
    placed: dict[int, str] = {}
    for number, together in enumerate(TROUBLE):
        first = (number * 2 + 1) * count // (2 * len(TROUBLE))
        placed.update(zip(range(first, count), together, strict=False))
    return placed


@cache
def piece(number: int, minutes: int) -> bytes:
    """A handful of pieces serve the whole history."""
    return composer.whole_file(number, minutes, number % 4, SAMPLE_RATE)


def finish_session(
    place: Place, created: datetime, chance: random.Random, *, is_slow: bool = False
) -> tuple[int, datetime]:
    minutes = chance.choice(LENGTHS)
    request = requester.any_request(chance)
    values = table.as_requested(request, created) | {
        "total_duration_minutes": minutes, "segment_count": minutes * table.SEGMENTS_PER_MINUTE
    }  # fmt: skip
    started = created + timedelta(seconds=chance.uniform(0.5, 20))
    seconds = chance.uniform(*SLOW_SECONDS) if is_slow else minutes * chance.uniform(*SECONDS_PER_MINUTE)
    finished = started + timedelta(seconds=seconds)
    content = piece(chance.randrange(PIECES_PER_LENGTH[minutes]), minutes)
    with table.writing(place) as db:
        session_id = table.insert(db, values)
        path = place.audio / naming.file_name(session_id, started)
        path.write_bytes(content)
        os.utime(path, (clock.as_epoch(finished), clock.as_epoch(finished)))
        completed = finished + timedelta(milliseconds=40)
        table.update(db, session_id, table.as_completed(naming.stored_path(path.name), len(content), completed))
    return session_id, completed


def happen(place: Place, code: str, session_id: int | None, moment: datetime) -> None:
    """Does a fault in the past; a history too short for it goes without."""
    scene = Scene(code, place, undo.Journal(place, is_kept=False), moment)
    with suppress(Impossible):
        faults.FAULTS[code](scene, session_id)


def figures(place: Place) -> str:
    with table.opened(place) as db:
        sessions = db.execute("SELECT count(*) FROM long_sequence_sessions").fetchone()[0]
    sizes = [entry.stat().st_size for entry in os.scandir(place.audio) if entry.is_file()]
    return f"{sessions} sessions, {len(sizes)} files, {sum(sizes) / 1e6:.0f} MB in {place.root}"
