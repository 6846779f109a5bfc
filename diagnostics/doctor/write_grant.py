"""The writable connection: which columns it may change, and which actions that allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.doctor.host import TIMEOUT_SECONDS
from diagnostics.doctor.rights import may_update
from diagnostics.host import HostSource
from diagnostics.probes.databases import Connection, HostUnavailable, connect
from diagnostics.sources import host_source

# Resetting needs the first; correcting a row (later actions) needs the second.
RESET_COLUMNS = ("status", "error_message", "progress_percentage", "updated_at")
RECORD_COLUMNS = ("final_file_path", "final_file_size", "completed_at")
NAME = "host.write_grant"


def check_write_grant(_now: datetime) -> Iterator[Check]:
    url, source = settings.HOST_WRITE_DATABASE_URL, host_source()
    if not url:
        yield warning(NAME, "HOST_WRITE_DATABASE_URL is not set", "No action on the host is possible; looking is.")
        return
    try:
        with connect(url, read_only=False, timeout_seconds=TIMEOUT_SECONDS) as connection:
            columns = {column.lower() for column in connection.columns(source.table)}
            yield _reset(connection, source, columns)
            yield _correct(connection, source, columns)
    except HostUnavailable as problem:
        yield error(NAME, problem, "Check HOST_WRITE_DATABASE_URL: user, password, database name, and that it answers.")


def _reset(connection: Connection, source: HostSource, columns: set[str]) -> Check:
    refused = _refused(connection, source, columns, RESET_COLUMNS)
    if isinstance(refused, Check):
        return refused
    if not refused:
        return ok(f"{NAME}.reset", "resetting a session is allowed")
    grant = (
        f"GRANT SELECT, UPDATE ({', '.join(source.column(name) for name in refused)}) ON {source.table} to this login."
    )
    return error(f"{NAME}.reset", f"no right to change {', '.join(refused)}: no session can be reset", grant)


def _correct(connection: Connection, source: HostSource, columns: set[str]) -> Check:
    refused = _refused(connection, source, columns, RECORD_COLUMNS)
    if isinstance(refused, Check):
        return refused
    name = f"{NAME}.correct"
    return ok(name, f"no right to change {', '.join(refused)} (optional)" if refused else "correcting a row is allowed")


def _refused(
    connection: Connection, source: HostSource, columns: set[str], wanted: tuple[str, ...]
) -> list[str] | Check:
    """Return which of the columns that exist must not be changed by this login; a check where that cannot be told."""
    present = [name for name in wanted if source.column(name).lower() in columns]
    try:
        return [name for name in present if not may_update(connection, source, name)]
    except HostUnavailable as problem:
        return unknown(NAME, problem)
