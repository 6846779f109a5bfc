"""A plan to reset many failed sessions, and its run: how long the plan takes, and how many resets a second.

    python -m benchmarks.plan_and_run [--sessions 10000]

On SQLite, dashboard and host each a file of its own, settings as in production; the run is not paced. Nothing else is
measured but the two calls that the page and the worker make.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string

TABLE = """
    CREATE TABLE long_sequence_sessions (session_id INTEGER PRIMARY KEY, user_id INTEGER, assessment_id INTEGER, status TEXT,
    total_duration_minutes INTEGER, segment_count INTEGER, progress_percentage INTEGER, generation_mode TEXT, scene_id INTEGER,
    final_file_path TEXT, final_file_size INTEGER, error_message TEXT, created_at DATETIME, updated_at DATETIME, completed_at DATETIME)
"""
FAILED = (
    "INSERT INTO long_sequence_sessions VALUES (?, 17, 4, 'failed', 30, 30, 40, 'comprehensive', 0, NULL, NULL, "
    "'OSError: [Errno 28] No space left on device', '2026-11-20 10:00:00.250000', '2026-11-20 10:04:10.500000', NULL)"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    sessions = parser.parse_args().sessions
    with tempfile.TemporaryDirectory() as scratch:
        prepare(Path(scratch), sessions)
        planned, plan, eve = plan_all(sessions)
        ran = run(plan, eve, sessions)
    print(f"plan of {sessions:,}: {planned:.2f} s")
    print(f"run: {ran:.1f} s, {sessions / ran:.0f} resets a second")


def prepare(place: Path, sessions: int) -> None:
    """Make host and dashboard, with the sessions in the table and, as after a pass, in the index."""
    host = f"sqlite:///{place / 'host.sqlite3'}"
    os.environ |= {
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "a-key-for-benchmarks-only-0123456789-0123456789-0123456789",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{place / 'dashboard.sqlite3'}",
        "HOST_DATABASE_URL": host,
        "HOST_WRITE_DATABASE_URL": host,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    database = sqlite3.connect(place / "host.sqlite3")
    with database:
        database.execute(TABLE)
        database.executemany(FAILED, ((key,) for key in range(1, sessions + 1)))
    database.close()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("reconcile", stdout=open(os.devnull, "w"))  # noqa: SIM115 - ends with the process


def plan_all(sessions: int) -> tuple[float, object, object]:
    """Plan the reset of all, as the list's button does; return the seconds, the plan and who made it."""
    user = import_string("django.contrib.auth.models.User").objects.create_superuser("eve")
    make_plan, keys_of = map(
        import_string, ("sessions_admin.planning.make_plan", "sessions_admin.planning.keys_of_query")
    )
    begun = time.perf_counter()
    plan = make_plan("reset", keys_of("status=failed", timezone.now()), {}, user, timezone.now())
    seconds = time.perf_counter() - begun
    assert plan.to_do == sessions, f"{plan.to_do} of {sessions}"
    return seconds, plan, user


def run(plan: object, user: object, sessions: int) -> float:
    """Confirm it and carry it out, as the worker does; return the seconds."""
    standing = frozenset(import_string("sessions_admin.planning.standing_conditions")())  # no audio folder is set
    given = {"typed": str(sessions), "acknowledged": standing}
    confirmation = import_string("sessions_admin.runs.confirm.Confirmation")("a measurement", "", **given)
    begun_run = import_string("sessions_admin.runs.confirm.confirm")(plan, confirmation, user, timezone.now())
    begun = time.perf_counter()
    import_string("sessions_admin.runs.carry.work_on_runs")(timezone.now(), threading.Event())
    seconds = time.perf_counter() - begun
    begun_run.refresh_from_db()
    done = begun_run.plan.items.filter(outcome="done").count()
    assert done == sessions, f"{done} of {sessions}"
    return seconds


if __name__ == "__main__":
    main()
