"""Examines sessions while another process holds our own database, and prints what came of it as JSON.

Run as a process of its own: `python -m tests.faults.own_locked`, with the settings in the environment.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.reconcile.killing import NOW, people  # sets Django up

from django.conf import settings  # isort: skip
from django.core.management import call_command  # isort: skip
from django.contrib.auth.models import User  # isort: skip
from django.test import Client  # isort: skip

from diagnostics.examine import examine  # isort: skip
from diagnostics.probes.databases import connect  # isort: skip
from tests.host_database import HostDatabase  # isort: skip
from tests.reconcile.scene import Scene  # isort: skip

TABLES = ("diagnostics_ledgerfile", "diagnostics_sessionentry", "diagnostics_pass")


@contextmanager
def held() -> Iterator[None]:
    """Hold what examinations read: on SQLite the whole file, on a server the tables."""
    url = settings.DATABASE_URL
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.close()
        return
    with connect(url, read_only=False, timeout_seconds=5) as connection:
        if connection.engine == "postgresql":
            connection.change("BEGIN")
            connection.change(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
        else:
            connection.change(f"LOCK TABLES {', '.join(f'{table} WRITE' for table in TABLES)}")
        yield


def main() -> None:
    scene = Scene(HostDatabase(settings.HOST_DATABASE_URL, "sqlite"), Path(settings.AUDIO_ROOT), NOW)
    call_command("migrate", verbosity=0)
    people(scene)
    scene.run()
    (scene.root / scene.name(2)).unlink()
    client = Client(SERVER_NAME="localhost")
    viewer = User.objects.create_superuser("viewer")
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    told(client)
    with held():
        print(json.dumps(told(client)), flush=True)
    print(json.dumps(told(client)), flush=True)


def told(client: Client) -> list[object]:
    """Of a whole file and of one that is gone: verdict, cause, troubles; the fragment's status, and how long it took."""
    found: list[object] = []
    for key in ("1", "2"):
        begun = time.monotonic()
        seen = examine(key, clock=lambda: NOW)
        took = time.monotonic() - begun
        assert seen.diagnosis is not None
        found.append([seen.diagnosis.verdict, seen.diagnosis.cause, [each.code for each in seen.problems], took < 6])
    answer = client.get("/examinations/1", headers={"HX-Request": "true"}, secure=True)
    return [*found, answer.status_code]


if __name__ == "__main__":
    main()
