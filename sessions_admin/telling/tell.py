"""The worker's part: tells the host what stands in the outbox, again and again where that fails, up to a limit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from diagnostics import bulk
from sessions_admin.models import Telling
from sessions_admin.telling import celery_task, webhook
from sessions_admin.telling.reply import Reply

Send = Callable[[Sequence[Telling]], list[Reply]]
WAYS: dict[str, Send] = {"webhook": webhook.send, "celery": celery_task.send}
AT_ONCE = 32  # what a worker that is killed behind sending, before noting, tells a second time
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2, 900
MOST_ATTEMPTS = 100  # about a day of silence
MOST_REFUSALS = 8  # some eight minutes: a receiver that answers no will hardly think better of it
NO_LONGER = "HOST_PICKUP = poll"


def tell(now: datetime, stop: threading.Event) -> int:
    """Tell the host of all that is due; return how many it was told of. Ends early where nobody answers."""
    send, told = WAYS.get(settings.HOST_PICKUP), 0
    if send is None:
        _open().update(next_at=None, given_up_at=now, error=NO_LONGER)
        return 0
    while not stop.is_set():
        due = list(_open().filter(next_at__lte=timezone.now()).order_by("next_at", "id")[:AT_ONCE])
        if not due:
            break
        replies = send(due)
        note(due, replies)
        told += sum(not reply.error for reply in replies)
        if all(reply.error for reply in replies):
            break
    return told


def note(tellings: Sequence[Telling], replies: Sequence[Reply]) -> None:
    """Keep what came of an attempt; a worker that dies before this tells them again."""
    now = timezone.now()
    with transaction.atomic():
        bulk.update(Telling, [(one.pk, _after(one, reply, now)) for one, reply in zip(tellings, replies, strict=True)])


def _open() -> QuerySet[Telling]:
    return Telling.objects.filter(next_at__isnull=False)


def _after(telling: Telling, reply: Reply, now: datetime) -> dict[str, object]:
    attempts = telling.attempts + 1
    is_last = bool(reply.error) and attempts >= (MOST_REFUSALS if reply.is_refused else MOST_ATTEMPTS)
    is_over = is_last or not reply.error
    return {
        "attempts": attempts,
        "kind": settings.HOST_PICKUP,
        "error": reply.error,
        "next_at": None if is_over else now + wait_after(attempts),
        "told_at": None if reply.error else now,
        "given_up_at": now if is_last else None,
    }


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait behind so many attempts: twice as long each time, up to a quarter of an hour."""
    return timedelta(seconds=min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 20)))
