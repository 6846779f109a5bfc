"""The dashboard's own database: does it answer, is it up to date, does it let many read while one writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from diagnostics.doctor.check import Check, error, ok, warning


def check_own_database(_now: datetime) -> Iterator[Check]:
    try:
        connection.ensure_connection()
        waiting = _waiting_migrations()
    except DatabaseError as problem:
        text = str(problem).partition("\n")[0][:200]
        yield error("own.database", text, "Check DATABASE_URL, that its server runs, and that its folder is writable.")
        return
    yield ok("own.database", connection.vendor)
    if waiting:
        yield error("own.migrations", f"{len(waiting)} to apply, first {waiting[0]}", "Run manage.py migrate.")
        return
    yield ok("own.migrations", "all applied")
    if connection.vendor == "sqlite":
        yield _journal()
    yield _logins()


def _waiting_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _is_backwards in plan]


def _journal() -> Check:
    with connection.cursor() as cursor:
        mode = str(cursor.execute("PRAGMA journal_mode").fetchone()[0])
    if mode in ("wal", "memory"):
        return ok("own.journal", mode)
    return warning(
        "own.journal", mode, "Pages wait while the worker writes: put the file on a local disk, where WAL works."
    )


def _logins() -> Check:
    number = get_user_model().objects.filter(is_active=True).count()
    if number:
        return ok("own.logins", f"{number} active")
    return warning("own.logins", "none", "Nobody can sign in: run manage.py make_logins.")
