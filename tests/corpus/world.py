"""A real host for the corpus: an SQLite table and a folder, and one case in them for each state."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from diagnostics import listening
from diagnostics.models import ResourceSample
from tests.corpus.wavs import WHOLE

NOW = datetime(2025, 8, 25, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
PREFIX = "/static/generated_music/long_sequences/"
HOST_ROOT = "/srv/app/static/generated_music/long_sequences"
ORIGIN = "https://app.example.cn"
TABLE = "long_sequence_sessions"
COLUMNS = """
    session_id BIGINT PRIMARY KEY, user_id BIGINT, assessment_id BIGINT, status VARCHAR(20), total_duration_minutes INTEGER,
    segment_count INTEGER, progress_percentage INTEGER, generation_mode VARCHAR(20), scene_id INTEGER,
    final_file_path VARCHAR(500), final_file_size BIGINT, error_message TEXT,
    created_at DATETIME, updated_at DATETIME, completed_at DATETIME
"""
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
CREATED, FINISHED = 3 * HOUR, 3 * HOUR - 10 * MINUTE  # seconds ago, of a session that nothing else is said of


def local(seconds_ago: float) -> str:
    """Return a time as the host writes it: naive, in its own zone."""
    return (NOW - timedelta(seconds=seconds_ago)).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S.%f")


def stamp(seconds_ago: float) -> str:
    return (NOW - timedelta(seconds=seconds_ago)).astimezone(ZONE).strftime("%Y%m%d_%H%M%S")


@dataclass(slots=True)
class Host:
    """The database and the folder that states of one world share."""

    folder: Path
    columns: str = COLUMNS
    root: Path = field(init=False)
    database: Path = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.folder / "audio"
        self.database = self.folder / "host.sqlite3"
        self.root.mkdir()
        self.run(f"CREATE TABLE {TABLE} ({self.columns})")

    def run(self, sql: str, *values: object) -> None:
        with sqlite3.connect(self.database) as connection:
            connection.execute(sql, values)
        connection.close()

    @property
    def column_names(self) -> frozenset[str]:
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute(f"PRAGMA table_info({TABLE})").fetchall()
        connection.close()
        return frozenset(row[1] for row in rows)


@dataclass(slots=True)
class Case:
    """One session of a state, with its row, its file, and its neighbours (`other`)."""

    host: Host
    key: int | str
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.host.root

    @property
    def outside(self) -> Path:
        folder = self.host.folder / "elsewhere"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def name(self) -> str:
        return f"long_sequence_{self.key}_{stamp(CREATED)}.wav"

    @property
    def file(self) -> Path:
        return self.root / self.name

    def other(self, number: int = 1) -> Case:
        """Another session beside this one. Its id is of a range that no state's own id falls in."""
        key = f"{self.key}-{number}" if isinstance(self.key, str) else self.key * 100 + number
        return Case(self.host, key, self.renamed)

    def session(
        self,
        *,
        path: object = PREFIX + "{name}",
        at: str | None = "{name}",
        content: bytes = WHOLE,
        modified: float = FINISHED + 5,
        **row: object,
    ) -> None:
        """Insert a completed session; `at` is where its file lies below the root (None: nowhere)."""
        if at is not None:
            self.write(at, content, modified)
        values: dict[str, object] = {
            "status": "completed",
            "final_file_path": self._filled(path) if isinstance(path, str) else path,
            "final_file_size": len(content),
            "total_duration_minutes": 1,
            "progress_percentage": 100,
            "created_at": local(CREATED),
            "updated_at": local(FINISHED),
            "completed_at": local(FINISHED),
        }
        self.row(**{**values, **row})

    def finished(self, seconds_ago: float, **more: object) -> None:
        """Insert a completed session that was finished so long ago; its file is from then, too."""
        times = {"created_at": local(seconds_ago + 600), "updated_at": local(seconds_ago)}
        defaults: dict[str, object] = {**times, "completed_at": local(seconds_ago), "modified": seconds_ago + 5}
        self.session(**{**defaults, **more})  # type: ignore[arg-type]  # keywords of both kinds

    def unfinished(self, status: str, *, created: float, updated: float | None = None, **row: object) -> None:
        values: dict[str, object] = {
            "status": status,
            "total_duration_minutes": 1,
            "progress_percentage": 0 if status == "pending" else 40,
            "created_at": local(created),
            "updated_at": local(created if updated is None else updated),
        }
        self.row(**{**values, **row})

    def failed(self, message: object = "ValueError: boom", **row: object) -> None:
        values: dict[str, object] = {"status": "failed", "error_message": message, "progress_percentage": 40}
        times = {"created_at": local(CREATED), "updated_at": local(FINISHED)}
        self.row(**{**values, **times, "total_duration_minutes": 1, **row})

    def row(self, **values: object) -> None:
        defaults: dict[str, object] = {"user_id": 7, "assessment_id": self.key, "segment_count": 1, "scene_id": 0}
        named = {self.renamed.get(name, name): value for name, value in {**defaults, **values}.items()}
        kept = {name: value for name, value in named.items() if name in self.host.column_names}
        kept[self.renamed.get("session_id", "session_id")] = self.key
        marks = ", ".join("?" * len(kept))
        self.host.run(f"INSERT INTO {TABLE} ({', '.join(kept)}) VALUES ({marks})", *kept.values())

    def sample(self, seconds_ago: float, **percent: float | None) -> None:
        """Put a sample of the server's resources into our own database, as the worker took it then."""
        values = {"audio_bytes_percent": 40.0, "audio_inodes_percent": 2.0, "memory_percent": 50.0, "swap_percent": 1.0}
        ResourceSample.objects.create(at=NOW - timedelta(seconds=seconds_ago), values={**values, **percent})

    def forget_samples(self, seconds_ago: float) -> None:
        """Take back the samples of that time, as the worker does when they are old."""
        ResourceSample.objects.filter(at=NOW - timedelta(seconds=seconds_ago)).delete()

    def update(self, **values: object) -> None:
        named = ", ".join(f"{name} = ?" for name in values)
        self.host.run(f"UPDATE {TABLE} SET {named} WHERE session_id = ?", *values.values(), self.key)

    def write(self, at: str, content: bytes = WHOLE, modified: float = FINISHED + 5) -> Path:
        path = self.root / self._filled(at)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return touched(path, modified)

    def listened_to(self) -> None:
        """Have the session's file listened to, as its page and the worker do."""
        assert not listening.listen_now(self.name, NOW).problem

    def _filled(self, text: str) -> str:
        return text.replace("{name}", self.name).replace("{root}", str(self.root)).replace("{key}", str(self.key))


def touched(path: Path, seconds_ago: float) -> Path:
    """Give a path the time of change that many seconds before now."""
    at = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (at, at), follow_symlinks=False)
    return path
