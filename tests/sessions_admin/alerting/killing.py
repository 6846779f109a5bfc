"""A worker that groups, sends, and kills itself (SIGKILL) at one step: `python -m tests.sessions_admin.alerting.killing STEP`."""

from __future__ import annotations

import sys
import threading
from contextlib import nullcontext
from unittest import mock

import django

django.setup()

from django.utils import timezone  # noqa: E402  after the set-up

from sessions_admin.alerting import grouping, outbox, sending, webhook  # noqa: E402
from tests.sessions_admin.runs.killing import deadly  # noqa: E402

STEPS: dict[str, tuple[object, str, str]] = {
    "a message half made": (outbox, "_put", "behind"),
    "the message made": (outbox, "put", "behind"),
    "before it is claimed": (outbox, "claim", "before"),
    "claimed, before it is sent": (outbox, "claim", "behind"),
    "sent, in the midst of the answer": (webhook, "_judged", "before"),
    "sent, before it is noted": (outbox, "note", "before"),
    "sent, half noted": (outbox, "_note_channel", "behind"),
    "noted": (outbox, "note", "behind"),
}


def main(step: str) -> None:
    owner, name, when = STEPS.get(step, (None, "", ""))
    dying = mock.patch.object(owner, name, deadly(getattr(owner, name), when)) if owner else nullcontext()
    with dying:
        grouping.group(timezone.now(), threading.Event())
        sending.notify(timezone.now(), threading.Event())


if __name__ == "__main__":
    main(sys.argv[1])
