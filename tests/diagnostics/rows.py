"""Rows of the dashboard's own tables for tests of pages: each call makes one healthy thing, and says what differs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from django.utils import timezone

from diagnostics.models import Condition, FileFinding, Finding, Incident, LedgerFile, Pass, SessionEntry

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
NUMBERS = count(1)


def session(key: str = "", *, age: timedelta = timedelta(hours=2), **fields: object) -> SessionEntry:
    """Make a completed, playable session, begun `age` ago and finished half an hour later."""
    number = next(NUMBERS)
    begun = timezone.now() - age
    finished = begun + timedelta(minutes=30)
    values: dict[str, object] = {
        "key": key or str(100_000 + number),
        "listed_at": begun,
        "created_at": begun,
        "updated_at": finished,
        "completed_at": finished,
        "user_id": "7001",
        "status": "completed",
        "verdict": "playable",
        "state": "ok",
        "duration_seconds": 1800,
        "first_seen_at": begun,
        "changed_at": finished,
    }
    return SessionEntry.objects.create(**{**values, **fields})


def failed_session(key: str = "", *, age: timedelta = timedelta(hours=2), **fields: object) -> SessionEntry:
    values: dict[str, object] = {
        "status": "failed",
        "verdict": "broken",
        "state": "failed",
        "cause": "generation.disk_full",
        "error_head": "OSError: No space left on device",
        "completed_at": None,
    }
    return session(key, age=age, **{**values, **fields})


def finding(entry: SessionEntry, *, age: timedelta, **fields: object) -> Finding:
    values = {"code": entry.cause, "confidence": "certain", "opened_at": timezone.now() - age}
    return Finding.objects.create(session=entry, **{**values, **fields})


def complete_pass(*, age: timedelta = timedelta(minutes=1), **fields: object) -> Pass:
    ended = timezone.now() - age
    values: dict[str, object] = {
        "started_at": ended - timedelta(seconds=2),
        "heartbeat_at": ended,
        "finished_at": ended,
        "outcome": Pass.Outcome.COMPLETE,
        "phase": "summary",
        "seconds": 2.0,
        "rows": 12,
        "files": 11,
    }
    return Pass.objects.create(**{**values, **fields})


def condition(code: str, **detail: object) -> Condition:
    now = timezone.now()
    return Condition.objects.create(code=code, detail=detail, opened_at=now - timedelta(minutes=40), seen_at=now)


def incident(*, age: timedelta = timedelta(hours=2), **fields: object) -> Incident:
    """Make an incident of three sessions that failed on a full disk, opened `age` ago."""
    opened = timezone.now() - age
    values: dict[str, object] = {
        "shared_hash": next(NUMBERS),
        "kind": "error",
        "code": "generation.disk_full",
        "verdict": "broken",
        "values": {"error": "OSError: [Errno 28] No space left on device"},
        "noted_at": opened,
        "first_seen_at": opened,
        "opened_at": opened,
        "times_opened": 1,
        "sessions": 3,
        "users": 2,
        "most_sessions": 3,
        "oldest_at": opened,
        "newest_at": opened,
        "is_changed": False,
    }
    return Incident.objects.create(**{**values, **fields})


def sharing(row: Incident, number: int) -> list[SessionEntry]:
    """Make sessions that share what an incident stands for, an hour apart."""
    made = [
        failed_session(age=timedelta(hours=place + 1), shared_hash=row.shared_hash, user_id=str(place % 7))
        for place in range(number)
    ]
    Incident.objects.filter(pk=row.pk).update(sessions=number, most_sessions=number)
    return made


def file_finding(path: str, *, code: str = "file.orphan") -> FileFinding:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    file = LedgerFile.objects.create(
        path_hash=next(NUMBERS),
        path=path.encode(errors="surrogateescape"),
        shown_path=path,
        fold_hash=0,
        role="audio",
        size_bytes=158_760_044,
        mtime_ns=0,
        ctime_ns=0,
        inode=1,
        first_seen_at=at,
        seen_at=at,
        changed_pass=1,
    )
    return FileFinding.objects.create(file=file, code=code, opened_at=at)
