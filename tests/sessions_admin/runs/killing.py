"""A worker that kills itself (SIGKILL) at one step of a run: `python -m tests.sessions_admin.runs.killing STEP`; '' for none."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from unittest import mock

import django

django.setup()

from django.utils import timezone  # noqa: E402  after the set-up

from sessions_admin.actions import ACTIONS, reset, trail  # noqa: E402
from sessions_admin.host_writer import HostWriter  # noqa: E402
from sessions_admin.runs import carry  # noqa: E402

STEPS: dict[str, tuple[object, str, str]] = {
    "before the intents": (trail, "add_intents", "before"),
    "behind the intents": (trail, "add_intents", "behind"),
    "before the host's commit": (HostWriter, "_change", "behind"),
    "behind the host's commit": (HostWriter, "update_many", "behind"),
    "before it is noted": (reset, "note_resets", "before"),
    "before the outcomes": (trail, "add_outcomes", "before"),
    "behind the outcomes": (trail, "add_outcomes", "behind"),
    "before the items": (carry, "_keep_ends", "before"),
    "behind the items": (carry, "_keep_ends", "behind"),
}


def deadly(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    def die(*arguments: Any, **options: Any) -> Any:
        if when == "behind":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return die


def main(step: str) -> None:
    with mock.patch.dict(ACTIONS, {"reset": replace(reset.RESET, chunk=4)}), dying_at(step):
        carry.work_on_runs(timezone.now(), threading.Event())


def dying_at(step: str) -> AbstractContextManager[object]:
    if not step:
        return nullcontext()
    owner, name, when = STEPS[step]
    return mock.patch.object(owner, name, deadly(getattr(owner, name), when))


if __name__ == "__main__":
    main(sys.argv[1])
