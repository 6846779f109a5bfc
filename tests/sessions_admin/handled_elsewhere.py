"""Handles an incident and a session with our own database wherever DATABASE_URL says, and prints what came of it as JSON.

Run as a process of its own: `python -m tests.sessions_admin.handled_elsewhere`, with the settings in the environment.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from tests.reconcile.killing import NOW  # sets Django up

from django.conf import settings  # isort: skip
from django.contrib.auth.models import User  # isort: skip
from django.core.management import call_command  # isort: skip

from diagnostics import figures  # isort: skip
from diagnostics.mended import mended  # isort: skip
from diagnostics.models import Incident, SessionEntry  # isort: skip
from diagnostics.session_query import Scope, count_of, sessions_in  # isort: skip
from sessions_admin.desk import handling, resets, told  # isort: skip
from sessions_admin.desk.closing import close_ended  # isort: skip
from sessions_admin.models import Handling  # isort: skip
from tests.host_database import HostDatabase  # isort: skip
from tests.reconcile.scene import Scene  # isort: skip
from tests.reconcile.test_incidents import mend  # isort: skip

NOTE = "已处理 😀"


def main() -> None:
    scene = Scene(HostDatabase(settings.HOST_DATABASE_URL, "sqlite"), Path(settings.AUDIO_ROOT), NOW)
    call_command("migrate", verbosity=0)
    scene.host.create_table()
    for key in range(1, 7):
        scene.failed(key)
    scene.failed("aB", "MemoryError")
    scene.failed("AB", "MemoryError")
    again(scene)
    eve = User.objects.create_user("eve")
    row = Incident.objects.ever().get()
    handling.handle_incident(row, NOTE, eve, address="", seen_at=scene.now, now=scene.now)
    handling.handle_session(SessionEntry.objects.get(key="aB"), NOTE, eve, address="", now=scene.now)
    mend(scene, 1, 2)
    scene.host.update(3, error_message="MemoryError")
    again(scene)
    tell(scene)
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 1")
    scene.host.update(3, error_message="OSError: [Errno 28] No space left on device")
    again(scene)
    tell(scene)


def again(scene: Scene) -> None:
    scene.later(minutes=5)
    scene.run()


def tell(scene: Scene) -> None:
    close_ended(scene.now + timedelta(minutes=1))
    row, entries = Incident.objects.ever().get(code="generation.disk_full"), list(SessionEntry.objects.all())
    pages = {entry.key: shown.handling.note for entry in entries if (shown := told.of_sessions(entries).get(entry.pk))}
    scopes = (Scope(), Scope(handled="yes"), Scope(left=str(row.pk)), Scope(incident=str(row.pk)))
    lists = [sorted(sessions_in(scope, scene.now).values_list("key", flat=True)) for scope in scopes]
    numbers = [count_of(scope, scene.now).number for scope in scopes]
    ends = sorted(Handling.objects.values_list("session", "end"))
    counted = [asdict(mended(row)), figures.handled()["verdicts"], len(resets.done_to(row)), row.handled_end]
    print(json.dumps([lists, numbers, ends, sorted(pages.items()), counted]), flush=True)


if __name__ == "__main__":
    main()
