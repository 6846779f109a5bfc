"""A host's session table for tests, on whichever engine: made, filled and looked at through raw connections."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from diagnostics.probes.databases import Connection, HostUnavailable, connect

ENGINES = ("sqlite", "postgresql", "mysql")
SERVERS = {
    "postgresql": os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
    "mysql": os.environ.get("TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql"),
}
TABLE = "long_sequence_sessions"
TEXTS = {"sqlite": "TEXT", "postgresql": "TEXT", "mysql": "MEDIUMTEXT"}
MOMENTS = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP", "mysql": "DATETIME(6)"}
COLUMNS = """
    session_id BIGINT PRIMARY KEY, user_id BIGINT, assessment_id BIGINT, status VARCHAR(20), total_duration_minutes INTEGER,
    segment_count INTEGER, progress_percentage INTEGER, generation_mode VARCHAR(20), scene_id INTEGER,
    final_file_path VARCHAR(500), final_file_size BIGINT, error_message {text},
    created_at {moment}, updated_at {moment}, completed_at {moment}
"""
FAILED = {
    "user_id": 17,
    "assessment_id": 4,
    "status": "failed",
    "total_duration_minutes": 30,
    "segment_count": 30,
    "progress_percentage": 40,
    "generation_mode": "comprehensive",
    "scene_id": 0,
    "error_message": "OSError: [Errno 28] No space left on device",
    "created_at": "2026-11-20 10:00:00.250000",
    "updated_at": "2026-11-20 10:04:10.500000",
}


@dataclass(frozen=True, slots=True)
class HostDatabase:
    """The host's database. Each call has a connection of its own, as the host's processes have."""

    url: str
    engine: str

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        with connect(self.url, read_only=False, timeout_seconds=5) as connection:
            yield connection

    def create_table(self, columns: str = COLUMNS) -> None:
        types = {"moment": MOMENTS[self.engine], "text": TEXTS[self.engine]}
        self.run(f"DROP TABLE IF EXISTS {TABLE}")
        self.run(f"CREATE TABLE {TABLE} ({columns.format(**types)})")

    def run(self, sql: str, *parameters: object) -> int:
        """Run a statement; write its placeholders as ?."""
        with self.connected() as connection:
            return connection.change(sql.replace("?", connection.placeholder), parameters)

    def insert(self, session_id: int | str, **values: object) -> None:
        columns = {"session_id": session_id, **values}
        marks = ", ".join("?" * len(columns))
        self.run(f"INSERT INTO {TABLE} ({', '.join(columns)}) VALUES ({marks})", *columns.values())

    def insert_failed(self, session_id: int | str = 5, **values: object) -> None:
        self.insert(session_id, **{**FAILED, **values})

    def update(self, session_id: int | str, **values: object) -> None:
        assignments = ", ".join(f"{name} = ?" for name in values)
        self.run(f"UPDATE {TABLE} SET {assignments} WHERE session_id = ?", *values.values(), session_id)

    def row(self, session_id: int | str = 5) -> Mapping[str, object]:
        with self.connected() as connection:
            names = connection.columns(TABLE)
            found = connection.rows(f"SELECT * FROM {TABLE} WHERE session_id = {connection.placeholder}", [session_id])
        return dict(zip(names, found[0], strict=True))

    def rows(self) -> list[tuple[object, ...]]:
        with self.connected() as connection:
            return connection.rows(f"SELECT * FROM {TABLE} ORDER BY session_id")


@contextmanager
def made_on(engine: str, folder: Path) -> Iterator[HostDatabase]:
    """Make an empty database on an engine, and drop it at the end; skip where no such server answers (CI: fail)."""
    if engine == "sqlite":
        path = folder / "host.sqlite3"
        path.touch()
        yield HostDatabase(f"sqlite:///{path}", engine)
        return
    name = f"host_of_tests_{uuid.uuid4().hex[:12]}"
    administration = _server(engine)
    try:
        administration.change(f"CREATE DATABASE {name}{' CHARACTER SET utf8mb4' if engine == 'mysql' else ''}")
        yield HostDatabase(urlsplit(SERVERS[engine])._replace(path=f"/{name}").geturl(), engine)
    finally:
        force = " WITH (FORCE)" if engine == "postgresql" else ""
        administration.change(f"DROP DATABASE IF EXISTS {name}{force}")
        administration.close()


def _server(engine: str) -> Connection:
    try:
        return connect(SERVERS[engine], read_only=False, timeout_seconds=30)
    except HostUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must start {engine}: {error}")
        pytest.skip(f"no {engine} server answers: {error}")
