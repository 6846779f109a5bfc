"""The host's database: does it answer, may its login only read, which columns are there, are its times understood."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from django.conf import settings

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.doctor.rights import may_update
from diagnostics.host import OPTIONAL, RARE, HostSchemaError, HostTable, open_host
from diagnostics.host_values import moment
from diagnostics.probes.databases import HostUnavailable, Problem, connect, engine_of
from diagnostics.sources import host_source

TIMEOUT_SECONDS = 5.0
NEWEST_ROWS = 50
FUTURE = timedelta(minutes=1)
# What the dashboard cannot tell without a column.
SWITCHED_OFF = {
    "final_file_size": "files are not compared with the size that the row claims",
    "user_id": "sessions cannot be found by their user",
    "assessment_id": "requests made twice are not noticed",
    "total_duration_minutes": "files are not compared with the length that was asked for",
    "segment_count": "segments are not shown",
    "progress_percentage": "progress is not shown, and stalls are told from updated_at alone",
    "generation_mode": "the mode of generation is not shown",
    "scene_id": "the scene is not shown",
    "completed_at": "updated_at stands for the time of completion",
    "heartbeat_at": "whether a generator is alive is told from the process list alone",
}
ADVICE = {
    Problem.NO_FILE: "Check the path in HOST_DATABASE_URL, and that this user may enter its folders.",
    Problem.UNREACHABLE: "Check that the server runs, and that this machine may connect to it.",
    Problem.CREDENTIALS: "Check user, password and database name in HOST_DATABASE_URL.",
    Problem.LOCKED: "Another process holds a lock; try again, and find it if it stays.",
    Problem.TIMEOUT: "The server is slow or its lock is held; try again, or raise HOST_QUERY_SECONDS.",
    Problem.DENIED: "Give the login of HOST_DATABASE_URL the right to SELECT from the table.",
    Problem.DAMAGED: "The file is damaged, or is no database: check the path in HOST_DATABASE_URL.",
}


def check_host(now: datetime) -> Iterator[Check]:
    if not settings.HOST_DATABASE_URL:
        yield unknown("host.connection", "HOST_DATABASE_URL is not set")
        return
    begun = time.monotonic()
    try:
        table = open_host(host_source(timeout_seconds=TIMEOUT_SECONDS))
    except HostSchemaError as problem:
        yield ok("host.connection", f"{engine_of(settings.HOST_DATABASE_URL)} answers")
        yield error(
            "host.columns", f"missing: {problem.missing}", problem.advice[:1].upper() + problem.advice[1:] + "."
        )
        return
    except HostUnavailable as problem:
        yield error("host.connection", problem, ADVICE.get(problem.problem, "See the database's own message."))
        return
    with closing(table.connection):
        milliseconds = (time.monotonic() - begun) * 1000
        yield ok("host.connection", f"{table.connection.engine} answers in {milliseconds:.0f} ms")
        yield _read_only()
        yield _columns(table)
        yield _time_zone(table, now)


def _read_only() -> Check:
    """The login itself is tried, without the guards that the dashboard puts on its own connections."""
    name, url = "host.read_only", settings.HOST_DATABASE_URL
    if engine_of(url) == "sqlite":
        return ok(name, "the file is opened read-only")
    try:
        with connect(url, read_only=False, timeout_seconds=TIMEOUT_SECONDS) as connection:
            may_write = may_update(connection, host_source(), "status")
    except HostUnavailable as problem:
        return unknown(name, problem)
    if not may_write:
        return ok(name, "this login may not change the table")
    advice = (
        "The dashboard only reads through it, but a login that may only SELECT is safer: README.md shows the grants."
    )
    return warning(name, "this login may change the table", advice)


def _columns(table: HostTable) -> Check:
    missing = [name for name in OPTIONAL + RARE if name in table.missed and name in SWITCHED_OFF]
    found = f"{len(table.fields)} found"
    if not missing:
        return ok("host.columns", found)
    losses = "; ".join(f"{name}: {SWITCHED_OFF[name]}" for name in missing)
    return warning(
        "host.columns", f"{found}, missing {', '.join(missing)}", f"Without them: {losses}. Map them with HOST_COLUMNS."
    )


def _time_zone(table: HostTable, now: datetime) -> Check:
    """The newest rows tell: times in the future are times read in the wrong zone."""
    name = "host.time_zone"
    try:
        newest = _newest(table)
    except HostUnavailable as problem:
        return unknown(name, problem)
    if newest is None:
        return unknown(name, "no row has a time that can be read")
    if newest - now <= FUTURE:
        return ok(name, f"{settings.HOST_TIME_ZONE}; the newest time is {_length(now - newest)} ago")
    ahead = _length(newest - now)
    return error(
        name,
        f"{settings.HOST_TIME_ZONE}; the newest time lies {ahead} in the future",
        "Set HOST_TIME_ZONE to the zone in which the host writes its times; the host's clock may also be wrong.",
    )


def _newest(table: HostTable) -> datetime | None:
    connection, source = table.connection, table.source
    key, created, updated = (
        connection.quote(source.column(name)) for name in ("session_id", "created_at", "updated_at")
    )
    columns = ", ".join(_as_text(connection.engine, column) for column in (created, updated))
    query = f"SELECT {columns} FROM {connection.quote(source.table)} ORDER BY {key} DESC LIMIT {NEWEST_ROWS}"  # noqa: S608 - all names are quoted
    times = [moment(value, source.zone).at for row in connection.rows(query) for value in row]
    return max((at for at in times if at is not None), default=None)


def _as_text(engine: str, column: str) -> str:
    return f"CAST({column} AS {'CHAR' if engine == 'mysql' else 'TEXT'})"


def _length(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds} s"
