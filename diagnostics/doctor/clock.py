"""Clocks: this machine's against the host database's, and against what the audio's file system writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings
from django.utils import timezone

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.doctor.host import TIMEOUT_SECONDS
from diagnostics.probes.databases import HostUnavailable, connect, engine_of

SERVER_CLOCK = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())::text",
    "mysql": "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) AS CHAR)",
}
TOLERABLE_SECONDS = 5
WRONG_SECONDS = 60
FILES_LOOKED_AT = 5000
ADVICE = "Have both machines set their clocks by NTP; limits and windows are counted by them."


def check_clock(now: datetime) -> Iterator[Check]:
    yield _database_clock()
    if settings.AUDIO_ROOT:
        yield _file_clock(settings.AUDIO_ROOT, now)


def _database_clock() -> Check:
    name, url = "clock.host_database", settings.HOST_DATABASE_URL
    if not url:
        return unknown(name, "HOST_DATABASE_URL is not set")
    engine = engine_of(url)
    if engine not in SERVER_CLOCK:
        return ok(name, "the database is a file: it has no clock of its own")
    try:
        with connect(url, read_only=True, timeout_seconds=TIMEOUT_SECONDS) as connection:
            before = timezone.now()
            raw = connection.rows(SERVER_CLOCK[engine])[0][0]
            after = timezone.now()
    except HostUnavailable as problem:
        return unknown(name, problem)
    theirs = datetime.fromtimestamp(float(raw), UTC)
    return _judged(name, (theirs - before - (after - before) / 2).total_seconds())


def _judged(name: str, ahead_seconds: float) -> Check:
    value = f"{abs(ahead_seconds):.1f} s {'ahead of' if ahead_seconds > 0 else 'behind'} this machine"
    if abs(ahead_seconds) <= TOLERABLE_SECONDS:
        return ok(name, value)
    return (error if abs(ahead_seconds) > WRONG_SECONDS else warning)(name, value, ADVICE)


def _file_clock(root: str, now: datetime) -> Check:
    """Nothing is written to find out: the newest of some files must not lie in the future."""
    name = "clock.audio_root"
    try:
        with os.scandir(root) as entries:
            newest = max((_changed(entry) for entry in islice(entries, FILES_LOOKED_AT)), default=0.0)
    except OSError as problem:
        return unknown(name, problem.strerror or problem)
    if not newest:
        return unknown(name, "no file to tell by")
    ahead = newest - now.timestamp()
    if ahead <= TOLERABLE_SECONDS:
        return ok(name, "no file lies in the future")
    return (error if ahead > WRONG_SECONDS else warning)(name, f"a file lies {ahead:.0f} s in the future", ADVICE)


def _changed(entry: os.DirEntry[str]) -> float:
    with suppress(OSError):
        return entry.stat(follow_symlinks=False).st_mtime
    return 0.0
