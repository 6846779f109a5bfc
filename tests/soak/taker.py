"""A generator of the races: takes as the demo's worker takes, composes a tiny file, and completes or fails the row.

    python -m tests.soak.taker FOLDER URL NUMBER

It runs until it is ended. What it took stands, one line each, in FOLDER/taken_NUMBER, before the row is finished; what it
found changed under its hands in FOLDER/disturbed_NUMBER.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Protocol

from demo import clock, table, wav
from demo.place import Place
from diagnostics.probes.databases import Connection, connect

FAILING, RESTING, LONGEST_REST_SECONDS = 0.15, 0.05, 0.004
IDLE_SECONDS = 0.005
SAMPLES = bytes(64)


class Table(Protocol):
    """How the host's generators see its table."""

    def waiting(self) -> list[int]: ...

    def take(self, key: int) -> bool: ...

    def finish(self, key: int, values: table.Values) -> bool:
        """Write the end of a session, and return whether it was still being generated."""


class OfDemo:
    """The demo host's own statements, on SQLite."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def waiting(self) -> list[int]:
        with table.opened(self.place) as database:
            query = "SELECT session_id FROM long_sequence_sessions WHERE status = 'pending' ORDER BY session_id"
            return [key for (key,) in database.execute(query)]

    def take(self, key: int) -> bool:
        return table.take(self.place, key) is not None

    def finish(self, key: int, values: table.Values) -> bool:
        with table.writing(self.place) as database:
            row = table.row(database, key)
            if row is None or row["status"] != "generating":
                return False
            table.update(database, key, values)
            return True


class OfServer:
    """The same compare-and-set on PostgreSQL and MariaDB."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def waiting(self) -> list[int]:
        query = "SELECT session_id FROM long_sequence_sessions WHERE status = 'pending' ORDER BY session_id"
        return [int(str(key)) for (key,) in self.connection.rows(query)]

    def take(self, key: int) -> bool:
        return self._change(key, "pending", {"status": "generating", "progress_percentage": 0})

    def finish(self, key: int, values: table.Values) -> bool:
        return self._change(key, "generating", values)

    def _change(self, key: int, status: str, values: table.Values) -> bool:
        assignments = ", ".join(f"{name} = %s" for name in values)
        query = f"UPDATE long_sequence_sessions SET {assignments} WHERE session_id = %s AND status = %s"
        return self.connection.change(query, [*values.values(), key, status]) == 1


def main(folder: Path, url: str, number: int) -> None:
    chance = random.Random(number)
    host: Table
    if url.startswith("sqlite"):
        host = OfDemo(Place(folder))
    else:
        host = OfServer(connect(url, read_only=False, timeout_seconds=15))
    with (folder / f"taken_{number}").open("a") as taken, (folder / f"disturbed_{number}").open("a") as disturbed:
        while True:
            waiting = host.waiting()
            if chance.random() < 0.5:
                waiting.reverse()  # so that two meet in the middle, and a third row is anybody's
            for key in waiting:
                if host.take(key):
                    print(key, file=taken, flush=True)
                    values = composed(folder, key, chance)
                    if values is None or not host.finish(key, values):
                        print(key, file=disturbed, flush=True)
            if not waiting:
                time.sleep(IDLE_SECONDS)


def composed(folder: Path, key: int, chance: random.Random) -> table.Values | None:
    """Compose a session, or fail to, after some time; None where its file is there already: it was composed before."""
    if chance.random() < RESTING:
        time.sleep(chance.random() * LONGEST_REST_SECONDS)
    if chance.random() < FAILING:
        return {"status": "failed", "error_message": f"OSError: [Errno 5] Input/output error ({chance.random()})"}
    final = folder / "audio" / f"{key}.wav"
    try:
        with final.open("xb") as file:
            file.write(wav.header(8000, len(SAMPLES)) + SAMPLES)
    except FileExistsError:
        return None
    return table.as_completed(final.name, wav.HEADER_BYTES + len(SAMPLES), clock.now())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
