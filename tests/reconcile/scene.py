"""A small real host for tests of the pass: rows in a real database, real WAV files in a real folder, a clock to turn."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from diagnostics.models import Condition, FileFinding, Finding, Incident, LedgerFile, Pass, SessionEntry, SessionEvent
from diagnostics.reconcile import run_pass
from tests.another_user import open_folder
from tests.host_database import HostDatabase, made_on

PREFIX = "/static/generated_music/long_sequences/"
RATE = 100
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
CHANGE_OF_A_PASS = ("diagnostics_pass", "diagnostics_recurringtask")


def wav_bytes(seconds: float = 60, *, declared: int | None = None) -> bytes:
    """A whole WAV file of silence: PCM, 100 Hz, 16 bit, mono; `declared` makes its header lie about the data."""
    data = b"\0\0" * int(seconds * RATE)
    size = len(data) if declared is None else declared
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size) + data


@dataclass(slots=True)
class Scene:
    """A host and its audio folder; `run()` runs a pass at the scene's time."""

    host: HostDatabase
    root: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def text(self, *, ago: timedelta = timedelta()) -> str:
        return (self.now - ago).strftime("%Y-%m-%d %H:%M:%S")

    def name(self, key: int | str) -> str:
        return f"long_sequence_{key}_20261101_101500.wav"

    def file(
        self, name: str, content: bytes | None = None, *, ago: timedelta = timedelta(hours=2), folder: str = ""
    ) -> Path:
        """Write a file below the root (a whole WAV of a minute, unless told) as it was `ago`."""
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wav_bytes() if content is None else content)
        stamp = (self.now - ago).timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def row(self, key: int | str, **values: object) -> None:
        """Insert a row, completed three hours ago unless told otherwise; it names the convention's file."""
        made = self.text(ago=timedelta(hours=3))
        done = self.text(ago=timedelta(hours=2))
        healthy: dict[str, object] = {
            "status": "completed",
            "user_id": 17,
            "total_duration_minutes": 1,
            "progress_percentage": 100,
            "final_file_path": f"{PREFIX}{self.name(key)}",
            "final_file_size": len(wav_bytes()),
            "created_at": made,
            "updated_at": done,
            "completed_at": done,
        }
        self.host.insert(key, **{**healthy, **values})

    def session(self, key: int | str, **values: object) -> Path:
        """A completed session with its whole file."""
        self.row(key, **values)
        return self.file(self.name(key))

    def failed(self, key: int | str, error: str | None = "OSError: [Errno 28] No space left on device") -> None:
        values = {"final_file_path": None, "final_file_size": None, "progress_percentage": 40, "completed_at": None}
        self.row(key, status="failed", error_message=error, **values)

    def pending(self, key: int | str, *, ago: timedelta, status: str = "pending", progress: int = 0) -> None:
        at = self.text(ago=ago)
        values = {"final_file_path": None, "final_file_size": None, "completed_at": None}
        self.row(key, status=status, progress_percentage=progress, created_at=at, updated_at=at, **values)

    def run(self, **options: object) -> Pass:
        return run_pass(clock=lambda: self.now, wait_seconds=5, **options)  # type: ignore[arg-type]

    def writes_of(self, run: Callable[[], object]) -> list[str]:
        """Run something and return the statements that wrote to our database, but those about the pass itself."""
        with CaptureQueriesContext(connection) as captured:
            run()
        statements = [query["sql"] for query in captured.captured_queries]
        return [sql for sql in statements if sql.startswith(WRITING) and not any(t in sql for t in CHANGE_OF_A_PASS)]

    def entry(self, key: int | str) -> SessionEntry:
        return SessionEntry.objects.get(key=str(key))

    def cause(self, key: int | str) -> str:
        return self.entry(key).cause

    def codes(self, key: int | str) -> set[str]:
        """The codes of a session's open findings."""
        found = Finding.objects.filter(session__key=str(key), resolved_at=None)
        return set(found.values_list("code", flat=True))

    def strays(self) -> dict[str, str]:
        """Open findings about files: path -> code."""
        return dict(FileFinding.objects.filter(resolved_at=None).values_list("file__shown_path", "code"))

    def conditions(self) -> set[str]:
        return set(Condition.objects.filter(resolved_at=None).values_list("code", flat=True))


@contextmanager
def scene_for_everybody(settings: Settings) -> Iterator[Scene]:
    """A scene below a folder that every user can enter, as pytest's own are not; folders are opened again at the end."""
    with open_folder() as folder, made_on("sqlite", folder) as database:
        database.create_table()
        (folder / "audio").mkdir()
        settings.HOST_DATABASE_URL, settings.AUDIO_ROOT = database.url, str(folder / "audio")
        yield Scene(database, folder / "audio")
        for path, _folders, _files in os.walk(folder):
            Path(path).chmod(0o755)


def observed() -> dict[str, object]:
    """All that the passes concluded, without ids and times: two ways to the same state must agree on it."""
    sessions = SessionEntry.objects.values_list(
        "key", "status", "verdict", "state", "cause", "confidence", "further", "is_whole", "held_verdict", "claim"
    )
    gone = SessionEntry.objects.exclude(gone_at=None).values_list("key", flat=True)
    ledger = LedgerFile.objects.values_list("shown_path", "size_bytes", "missed_at", "role", "kind")
    findings = Finding.objects.filter(resolved_at=None).values_list("session__key", "code", "confidence")
    strays = FileFinding.objects.filter(resolved_at=None).values_list("file__shown_path", "code")
    conditions = Condition.objects.filter(resolved_at=None).values_list("code", flat=True)
    incidents = Incident.objects.ever().values_list("kind", "code", "sessions", "users", "times_opened", "resolved_at")
    return {
        "sessions": sorted(map(tuple, sessions)),
        "gone": sorted(gone),
        "ledger": sorted((path, size, missed is None, *rest) for path, size, missed, *rest in ledger),
        "findings": sorted(map(tuple, findings)),
        "strays": sorted(map(tuple, strays)),
        "conditions": sorted(conditions),
        "incidents": sorted((*known, resolved is None) for *known, resolved in incidents),
    }


def timeline(key: int | str) -> list[tuple[str, str, str]]:
    """What the passes saw of a session, in order: (status, state, cause)."""
    events = SessionEvent.objects.filter(session__key=str(key))
    return [(event.status, event.state, event.cause) for event in events]
