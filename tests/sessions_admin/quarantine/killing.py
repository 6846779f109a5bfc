"""Workers that kill themselves (SIGKILL) at one step of moving a file, and those that come after them.

`python -m tests.sessions_admin.quarantine.killing FOLDER ACTION STEP …` reads Django in once. For each step, in a copy of
FOLDER of its own, three processes are forked: one has a pass and a run begun, one dies at the step, one takes the run up.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

import django

django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from django.contrib.auth.models import User  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from diagnostics.models import LedgerFile  # noqa: E402
from diagnostics.reconcile import run_pass  # noqa: E402
from sessions_admin.actions import trail  # noqa: E402
from sessions_admin.models import HeldFile  # noqa: E402
from sessions_admin.quarantine import aside, ends, moving  # noqa: E402
from sessions_admin.runs import carry  # noqa: E402
from tests.sessions_admin.quarantine.scene import begun, carried, plan  # noqa: E402

# What is called at a step, by the module that calls it; the number tells at which call of it; before or behind it.
STEPS: dict[str, dict[str, tuple[object, str, int, str]]] = {
    "quarantine": {
        "behind the intents": (trail, "add_intents", 1, "behind"),
        "before the folder": (aside, "make_folder", 1, "before"),
        "behind the folder": (aside, "make_folder", 1, "behind"),
        "behind the manifest": (aside, "write_manifest", 1, "behind"),
        "behind the move": (moving, "move", 1, "behind"),
        "behind the second move": (moving, "move", 2, "behind"),
        "behind the row": (aside, "record_held", 1, "behind"),
        "before the outcomes": (trail, "add_outcomes", 1, "before"),
        "before the items": (carry, "_keep_ends", 1, "before"),
    },
    "restore": {
        "before it is marked": (ends, "write_manifest", 1, "before"),
        "behind the mark": (ends, "write_manifest", 1, "behind"),
        "behind its folder": (ends, "_make", 1, "behind"),
        "behind the move": (moving, "move", 1, "behind"),
        "behind the row": (ends, "record_restored", 1, "behind"),
        "behind the folder": (ends, "clear_folder", 1, "behind"),
        "before the outcomes": (trail, "add_outcomes", 1, "before"),
    },
    "expire": {
        "behind the mark": (ends, "write_manifest", 1, "behind"),
        "before the row": (ends, "record_expired", 1, "before"),
        "behind the row": (ends, "record_expired", 1, "behind"),
        "behind the folder": (ends, "clear_folder", 1, "behind"),
    },
}
# The same where the file system cannot be told not to replace: in between, a file has two names.
TWO_NAMES = {
    "quarantine": {"between two names": (os, "unlink", 1, "before")},
    "restore": {"between two names": (os, "unlink", 1, "before")},
}


def deadly(original: Callable[..., Any], number: int, when: str) -> Callable[..., Any]:
    calls = []

    def die(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) < number:
            return original(*arguments, **options)
        if when == "behind":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    return die


def dying_at(action: str, step: str) -> AbstractContextManager[object]:
    if not step:
        return nullcontext()
    owner, name, number, when = {**STEPS[action], **TWO_NAMES.get(action, {})}[step]
    return mock.patch.object(owner, name, deadly(getattr(owner, name), number, when))


def forked(place: Path, run: Callable[[], object]) -> int:
    """Run something in a process of its own, with the settings of a place; return how it ended (-9: killed)."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        connections["default"].settings_dict["NAME"] = str(place / "own.sqlite3")
        settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(place / "audio"), str(place / "audio" / ".quarantine")
        settings.HOST_DATABASE_URL, settings.LOCKS_DIR = f"sqlite:///{place / 'host.sqlite3'}", place / "locks"
        run()
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def prepare(action: str) -> None:
    """A pass sees all files; all of them are to be put aside, or are so already and are to go."""
    eve = User.objects.create_superuser("eve")
    run_pass(wait_seconds=5)
    keys = [str(number) for number in LedgerFile.objects.order_by("shown_path").values_list("pk", flat=True)]
    made = plan("quarantine", keys, eve)
    if action == "quarantine":
        begun(made, eve)
        return
    carried(made, eve)
    for folder in Path(settings.AUDIO_ROOT).glob("20*"):
        folder.rmdir()  # it has to be made again
    begun(plan(action, [str(held.pk) for held in HeldFile.objects.order_by("pk")], eve), eve)


def work(action: str, step: str) -> None:
    if step == "between two names":
        moving.renameat2 = None
    with dying_at(action, step):
        carry.work_on_runs(timezone.now(), threading.Event())


def main(folder: str, action: str, *steps: str) -> None:
    for number, step in enumerate(steps):
        place = Path(folder).with_name(f"{action}-{number}")
        shutil.copytree(folder, place)
        works = (lambda: prepare(action), lambda step=step: work(action, step), lambda: work(action, ""))
        print(json.dumps({"place": str(place), "ended": [forked(place, each) for each in works]}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
