"""Kills a pass with SIGKILL before each of its writes, lets the next one resume, and prints what came of it as JSON.

Run as a process of its own: `python -m tests.reconcile.killing FOLDER`, with the settings in the environment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from diagnostics.models import RecurringTask, SessionEntry  # noqa: E402
from tests.host_database import HostDatabase  # noqa: E402
from tests.reconcile.scene import PREFIX, Scene, observed, timeline  # noqa: E402

STRIDE = int(os.environ.get("KILL_STRIDE", "5"))  # 1: before every single write
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def main(folder: Path) -> None:
    scene = Scene(HostDatabase(settings.HOST_DATABASE_URL, "sqlite"), Path(settings.AUDIO_ROOT), NOW)
    own = folder / "own.sqlite3"
    call_command("migrate", verbosity=0)
    people(scene)
    print(json.dumps(killed_everywhere(scene, own, folder / "empty.sqlite3")), flush=True)
    in_a_child(scene.run)
    change(scene)
    print(json.dumps(killed_everywhere(scene, own, folder / "known.sqlite3")), flush=True)


def people(scene: Scene) -> None:
    scene.host.create_table()
    for key in range(1, 41):
        scene.session(key)
    scene.failed(50)
    scene.pending(51, ago=timedelta(minutes=2))
    scene.pending(52, ago=timedelta(minutes=3), status="generating", progress=10)
    scene.row(53, final_file_path=PREFIX + scene.name(40))
    scene.file(scene.name(60), ago=timedelta(days=3))
    scene.file(scene.name(61), ago=timedelta(days=3))
    scene.file("long_sequence_62_20261101_101500.wav.tmp", ago=timedelta(days=3))


def change(scene: Scene) -> None:
    """Everything that a pass may find, at once: among it a claim that moves, rows that come and go, many lost files."""
    scene.later(minutes=1)
    for key in range(1, 26):
        (scene.root / scene.name(key)).unlink()
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id IN (30, 40)")
    scene.host.update(31, final_file_path=PREFIX + scene.name(33))
    scene.host.update(52, progress_percentage=20, updated_at=scene.text())
    scene.host.update(51, status="generating", updated_at=scene.text())
    scene.host.update(50, error_message="MemoryError")
    (scene.root / scene.name(32)).rename(scene.root / "long_sequence_32_20261102_101500.wav")
    scene.file(scene.name(34), b"RIFF")
    scene.row(60)
    scene.session(70)
    scene.row(71, final_file_path=PREFIX + scene.name(35))


def killed_everywhere(scene: Scene, own: Path, template: Path) -> dict[str, object]:
    """Return the undisturbed result, and for each number of writes the result after a kill there where it differs."""
    copy(own, template)
    in_a_child(scene.run)
    expected, kills = result(), 0
    differing: dict[int, object] = {}
    while True:
        copy(template, own)
        if in_a_child(partial(kill_at, kills, scene.run)) == 0:
            return {"kills": kills, "expected": expected, "differing": differing}
        in_a_child(lambda: resume(scene))
        if (found := result()) != expected:
            differing[kills] = found
        kills += STRIDE


def kill_at(number: int, run: Callable[[], object]) -> None:
    writes = 0

    def count(execute: Callable[..., object], sql: str, *args: object) -> object:
        nonlocal writes
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            if writes == number:
                os.kill(os.getpid(), signal.SIGKILL)
            writes += 1
        return execute(sql, *args)

    with connection.execute_wrapper(count):
        run()


def resume(scene: Scene) -> None:
    RecurringTask.objects.update(holder="", lease_until=None)
    scene.run()


def result() -> dict[str, object]:
    keys = SessionEntry.objects.order_by("key").values_list("key", flat=True)
    told = {**observed(), "timeline": {key: timeline(key) for key in keys}}
    connection.close()
    return json.loads(json.dumps(told, default=str))  # type: ignore[no-any-return]


def in_a_child(run: Callable[[], object]) -> int:
    """Run in a process of its own, which may kill itself; return its exit status."""
    connection.close()
    child = os.fork()
    if child == 0:
        run()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def copy(source: Path, target: Path) -> None:
    """Copy our database as it lies there; what the log still holds goes with it."""
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
        if Path(f"{source}{ending}").exists():
            shutil.copyfile(f"{source}{ending}", f"{target}{ending}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
