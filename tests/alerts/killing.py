"""Workers that are killed (SIGKILL) at each step of a round, each in a copy of one place, and the next ones behind them.

`python -m tests.alerts.killing PREPARED COPIES`: one process, set up once, that forks a worker for each.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import django

django.setup()

from django.db import connection  # noqa: E402  after the set-up

from diagnostics.alerts import rounds, states  # noqa: E402
from diagnostics.models import Condition  # noqa: E402
from tests.sessions_admin.runs.killing import deadly  # noqa: E402

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# When the worker dies: at the round in which failures and a condition fire, or at the one in which the condition ends.
FIRES, ENDS = 1, 5
STEPS: dict[str, tuple[object, str, str, int]] = {
    "before the board is read": (states, "read_board", "before", FIRES),
    "behind the board is read": (states, "read_board", "behind", FIRES),
    "behind a new state": (states, "state_of", "behind", FIRES),
    "before the first is kept": (states, "keep", "before", FIRES),
    "behind the state": (states, "_is_won", "behind", FIRES),
    "behind the episode": (states, "_begun", "behind", FIRES),
    "before the flip": (states, "_note_flip", "before", FIRES),
    "before the commit": (states, "_note_flip", "behind", FIRES),
    "behind the commit": (states, "keep", "behind", FIRES),
    "before it is finished": (rounds, "_finish", "before", FIRES),
    "behind it is finished": (rounds, "_finish", "behind", FIRES),
    "end: behind the state": (states, "_is_won", "behind", ENDS),
    "end: before the episode ends": (states, "_end", "before", ENDS),
    "end: behind the episode ended": (states, "_end", "behind", ENDS),
    "end: behind the commit": (states, "keep", "behind", ENDS),
    "end: before it is finished": (rounds, "_finish", "before", ENDS),
}


def main(prepared: Path, copies: Path) -> None:
    """Leave in each copy how its two workers ended: -9 and 0, if all is well."""
    for number, step in enumerate(STEPS):
        place = Path(shutil.copytree(prepared, copies / str(number)))
        first = ended(place, lambda step=step: work(step))  # type: ignore[misc]
        (place / "ends").write_text(f"{first} {ended(place, lambda: work(''))}")


def ended(place: Path, working: Callable[[], object]) -> int:
    """Let a process of its own work, and return how it ended."""
    worker = os.fork()
    if not worker:
        try:
            connection.settings_dict["NAME"] = str(place / "own.sqlite3")
            working()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


def work(step: str) -> None:
    """Make the rounds one after the other; the condition is gone before the third. A later worker goes on where one died."""
    begin = connection_rounds()
    for number in range(begin, ENDS + 2):
        if number == 3:
            Condition.objects.filter(resolved_at=None).update(resolved_at=NOON + number * MINUTE)
        with dying_at(step) if step and STEPS[step][3] == number else nullcontext():
            rounds.look_at_rules(NOON + number * MINUTE, threading.Event())


def connection_rounds() -> int:
    """Return the number of the round to begin with: that of the last one begun is made again, as its lease ended."""
    from diagnostics.models import AlertRound

    last = AlertRound.objects.order_by("-started_at").first()
    return 1 if last is None else round((last.started_at - NOON) / MINUTE)


def dying_at(step: str) -> AbstractContextManager[Any]:
    owner, name, when, _round = STEPS[step]
    return mock.patch.object(owner, name, deadly(getattr(owner, name), when))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
