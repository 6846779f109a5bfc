"""A worker over a schedule that watches itself: `python -m tests.sessions_admin.probing FOLDER [--once | --tell]`.

Every run of a task stands as a line "task pid" in FOLDER/ran, and one that meets another of the same task in FOLDER/twice.
While FOLDER/hold is there, the task `held` does not end; while FOLDER/fail is there, `bad` fails. `--tell` prints what the
page would say: the state of each task, then that of each life. Leases are short, so that a test need not wait for long.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from sessions_admin.worker.recurring import Recurring

LEASE_SECONDS, RENEWAL_SECONDS = 3.0, 0.5
DAILY = [f"daily_{number}" for number in range(12)]


def probe(task: str, *, while_is: str = "") -> None:
    folder = Path(os.environ["PROBING"])
    with (folder / f"{task}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _write(folder / "twice", task)
            return
        _write(folder / "ran", task)
        time.sleep(0.02)
        while while_is and (folder / while_is).exists():
            time.sleep(0.02)


def _write(path: Path, task: str) -> None:
    with path.open("a") as file:
        file.write(f"{task} {os.getpid()}\n")


def quick() -> None:
    probe("quick")


def other() -> None:
    probe("other")


def held() -> None:
    probe("held", while_is="hold")


def bad() -> None:
    probe("bad")
    if Path(os.environ["PROBING"], "fail").exists():
        raise ValueError("the disk is gone")


def _daily(number: int) -> None:
    probe(DAILY[number])


for _number, _name in enumerate(DAILY):
    globals()[_name] = lambda number=_number: _daily(number)


def _task(name: str, every: float, lane: str) -> Recurring:
    return Recurring(name, f"tests.sessions_admin.probing.{name}", every, lane)


SCHEDULE = (
    _task("quick", 0.05, "quick"),
    _task("other", 0.05, "other"),
    _task("held", 0.2, "held"),
    _task("bad", 86_400.0, "bad"),
    *(_task(name, 86_400.0, "daily") for name in DAILY),
)


def main(folder: str, how: str) -> None:
    os.environ["PROBING"] = folder
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from sessions_admin.worker import leases

    settings.SCHEDULE = "tests.sessions_admin.probing.SCHEDULE"
    leases.LEASE, leases.RENEWAL_SECONDS = timedelta(seconds=LEASE_SECONDS), RENEWAL_SECONDS
    if how == "--tell":
        tell()
    else:
        execute_from_command_line(["manage.py", "worker", *([how] if how else [])])


def tell() -> None:
    from django.utils import timezone

    from sessions_admin.worker import course

    course.LEASE = timedelta(seconds=LEASE_SECONDS)  # type: ignore[attr-defined]  # it imports the name
    now = timezone.now()
    tasks = {each.task.name: each.now for each in course.courses(SCHEDULE, now)}
    print(json.dumps([tasks, {life.row.pid: life.state for life in course.lives(now)}]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
