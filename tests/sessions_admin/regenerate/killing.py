"""Workers that are killed (SIGKILL) at each step of a run, each in a copy of one place, and the next ones behind them.

`python -m tests.sessions_admin.regenerate.killing PREPARED COPIES`: one process, set up once, that forks a worker for each.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest import mock

import django

django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from sessions_admin import quarantine  # noqa: E402
from sessions_admin.actions import regenerate, trail  # noqa: E402
from sessions_admin.host_writer import HostRow, HostWriter  # noqa: E402
from sessions_admin.quarantine import aside, ends, moving  # noqa: E402
from sessions_admin.runs import carry  # noqa: E402
from tests.host_database import HostDatabase  # noqa: E402
from tests.sessions_admin.runs.killing import deadly  # noqa: E402

# A row that somebody else changed meanwhile ("turned") has its file brought back: those steps, too.
STEPS: dict[str, tuple[object, str, str]] = {
    "before the intents": (trail, "add_intents", "before"),
    "behind the intents": (trail, "add_intents", "behind"),
    "before the manifest": (aside, "write_manifest", "before"),
    "behind the manifest": (aside, "write_manifest", "behind"),
    "behind the move": (moving, "move", "behind"),
    "behind what is held": (aside, "record_held", "behind"),
    "before the row": (HostWriter, "update_many", "before"),
    "before the host's commit": (HostWriter, "_change", "behind"),
    "behind the row": (HostWriter, "update_many", "behind"),
    "before it is noted": (regenerate, "note_resets", "before"),
    "behind it is noted": (regenerate, "note_resets", "behind"),
    "before the outcomes": (trail, "add_outcomes", "before"),
    "behind the outcomes": (trail, "add_outcomes", "behind"),
    "before the items": (carry, "_keep_ends", "before"),
    "behind the items": (carry, "_keep_ends", "behind"),
    "turned: before it goes back": (quarantine, "bring_back", "before"),
    "turned: before its way back is written": (ends, "write_manifest", "before"),
    "turned: behind its way back is written": (ends, "write_manifest", "behind"),
    "turned: before its way back is recorded": (ends, "record_restored", "before"),
    "turned: behind it went back": (quarantine, "bring_back", "behind"),
}


def main(prepared: Path, copies: Path) -> None:
    """Leave in each copy how its two workers ended: -9 and 0, if all is well."""
    for number, step in enumerate(STEPS):
        place = Path(shutil.copytree(prepared, copies / str(number)))
        (place / "ends").write_text(f"{ended(place, step)} {ended(place, '')}")


def ended(place: Path, step: str) -> int:
    """Let a worker of its own process carry the run out, and return how it ended."""
    worker = os.fork()
    if not worker:
        try:
            point_at(place)
            with turning(step), dying_at(step):
                carry.work_on_runs(timezone.now(), threading.Event())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


def point_at(place: Path) -> None:
    connection.settings_dict["NAME"] = str(place / "own.sqlite3")
    settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = f"sqlite:///{place / 'host.sqlite3'}"
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(place / "audio"), str(place / "audio" / ".quarantine")
    settings.LOCKS_DIR = place / "locks"


def dying_at(step: str) -> AbstractContextManager[object]:
    if not step:
        return nullcontext()
    owner, name, when = STEPS[step]
    return mock.patch.object(owner, name, deadly(getattr(owner, name), when))


def turning(step: str) -> AbstractContextManager[object]:
    """Somebody else changes the row of session 5 a moment before we do."""
    if not step.startswith("turned"):
        return nullcontext()
    change, host = HostWriter.update_many, HostDatabase(settings.HOST_WRITE_DATABASE_URL, "sqlite")

    def too_late(writer: HostWriter, pairs: Sequence[tuple[HostRow, dict[str, str | None]]]) -> list[bool]:
        host.update(5, user_id=99)
        return change(writer, pairs)

    return mock.patch.object(HostWriter, "update_many", too_late)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
