"""A worker that resets, tells, and kills itself (SIGKILL) at one step: `python -m tests.sessions_admin.telling.killing STEP`."""

from __future__ import annotations

import sys
import threading
from contextlib import nullcontext
from unittest import mock

import django

django.setup()

from django.utils import timezone  # noqa: E402  after the set-up

from diagnostics import bulk  # noqa: E402  after the set-up
from sessions_admin.runs import carry  # noqa: E402
from sessions_admin.telling import tell, webhook  # noqa: E402
from tests.sessions_admin.runs.killing import deadly  # noqa: E402

STEPS: dict[str, tuple[object, str, str]] = {
    "in the outbox, before both are committed": (bulk, "insert", "behind"),
    "in the midst of telling": (webhook, "_judged", "before"),
    "told, before it is noted": (tell, "note", "before"),
}


def main(step: str) -> None:
    owner, name, when = STEPS.get(step, (None, "", ""))
    dying = mock.patch.object(owner, name, deadly(getattr(owner, name), when)) if owner else nullcontext()
    with dying:
        carry.work_on_runs(timezone.now(), threading.Event())
        tell.tell(timezone.now(), threading.Event())


if __name__ == "__main__":
    main(sys.argv[1])
