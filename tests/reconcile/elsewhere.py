"""Runs passes with our own database wherever DATABASE_URL says, and prints what they concluded as JSON.

Run as a process of its own: `python -m tests.reconcile.elsewhere`, with the settings in the environment.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.reconcile.killing import NOW, change, people, result  # sets Django up

from django.conf import settings  # isort: skip
from django.core.management import call_command  # isort: skip

from tests.host_database import HostDatabase  # isort: skip
from tests.reconcile.scene import PREFIX, Scene  # isort: skip

KEYS = ["aB", "AB", "ab", "ab ", "é", "e\u0301", "E", "😀", "x" * 255, "a/b", "\u202e", "ﬁ", "ss", "ß"]
ODD = ["a\0b" * 100, "😀" * 200, "\ud7ff\ue000\uffff", "1e308", "-1e400", "9" * 400, "0001-01-01 00:00:00"]
TEXTS = ("status", "user_id", "error_message", "final_file_path", "created_at", "updated_at", "final_file_size")
NUMBERS = ("progress_percentage", "total_duration_minutes", "completed_at")


def main() -> None:
    scene = Scene(HostDatabase(settings.HOST_DATABASE_URL, "sqlite"), Path(settings.AUDIO_ROOT), NOW)
    call_command("migrate", verbosity=0)
    people(scene)
    scene.run()
    change(scene)
    scene.run()
    scene.root.rename(scene.root.with_name("away"))
    scene.run()
    scene.root.with_name("away").rename(scene.root)
    scene.later(minutes=1)
    print(json.dumps([scene.run().by_verdict, result(), scene.run().changed]), flush=True)
    odd(scene)
    print(json.dumps([scene.run().by_verdict, result(), scene.run().changed]), flush=True)


def odd(scene: Scene) -> None:
    """Keys that only differ in case, blanks or accents, and columns that hold what no column should."""
    columns = ("session_id", *TEXTS, *NUMBERS)
    scene.host.run("DROP TABLE long_sequence_sessions")
    scene.host.run(f"CREATE TABLE long_sequence_sessions ({', '.join(columns)})")
    for key in KEYS:
        scene.host.insert(key, status="completed", final_file_path=PREFIX + scene.name(key)[:200])
    for place, name in enumerate((*TEXTS, *NUMBERS)):
        for number, value in enumerate(ODD):
            scene.host.insert(1000 + 100 * place + number, **{"status": "failed", name: value})


if __name__ == "__main__":
    main()
