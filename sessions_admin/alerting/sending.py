"""The worker's part: sends what is due in the outbox; a receiver that hangs holds nobody but itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from django.utils import timezone

from sessions_admin.alerting import chat, outbox, targets, webhook
from sessions_admin.alerting.mail import NotSent, send_mail
from sessions_admin.alerting.message import Message
from sessions_admin.alerting.words import Words, words_of
from sessions_admin.models import Channel, Notification
from sessions_admin.telling.reply import Reply

MOST_AT_ONCE = 16
LOOK_SECONDS = 0.2
GRACE_SECONDS = 1.0  # when the worker ends
LONGEST_SECONDS = 45.0  # of an attempt, and less than its lease
NOT_IN_TIME = "it did not end in time"
Send = Callable[[], Reply]


@dataclass(slots=True)
class Attempt:
    """One message on its way, in a thread of its own that touches no database."""

    row: Notification
    send: Send
    secrets: tuple[str, ...]
    begun: float = field(default_factory=time.monotonic)
    reply: Reply | None = None

    def run(self) -> None:
        try:
            reply = self.send()
        except Exception as error:  # a library's own, whatever it is: the message is tried again
            reply = Reply(f"{type(error).__name__}: {error}")
        self.reply = replace(reply, error=targets.without_secrets(reply.error, *self.secrets))


# Receiver -> its attempt; one that never ends keeps its place, so that there is one such thread a receiver at most.
_under_way: dict[str, Attempt] = {}


def notify(now: datetime, stop: threading.Event) -> int:
    """Send all that is due, one message at a time to each receiver, and what becomes due meanwhile; return how many went."""
    sent, ends = 0, 0.0
    mine: dict[str, Attempt] = {}
    while True:
        if not stop.is_set():
            mine.update(_begin_due())
        elif not ends:
            ends = time.monotonic() + GRACE_SECONDS
        for receiver, attempt in list(mine.items()):
            if attempt.reply or time.monotonic() - attempt.begun > LONGEST_SECONDS:
                del mine[receiver]
                sent += _end(attempt)
        if not mine or (ends and time.monotonic() > ends):
            return sent
        time.sleep(LOOK_SECONDS)


def _begin_due() -> dict[str, Attempt]:
    """Claim what is due for receivers that are free, and let it go."""
    for receiver in [receiver for receiver, attempt in _under_way.items() if attempt.reply]:
        del _under_way[receiver]
    begun = {}
    for row in outbox.due(timezone.now()):
        receiver = f"channel {row.channel_id}" if row.channel_id else f"mail {row.address}"
        is_free = receiver not in _under_way and len(_under_way) < MOST_AT_ONCE
        if is_free and outbox.claim(row, timezone.now()):
            begun[receiver] = _under_way[receiver] = _begin(row)
    return begun


def _begin(row: Notification) -> Attempt:
    secrets = (row.channel.target, row.channel.secret) if row.channel else ()
    attempt = Attempt(row, _way_of(row), secrets)
    threading.Thread(target=attempt.run, name=f"send {row.key}", daemon=True).start()
    return attempt


def _end(attempt: Attempt) -> int:
    reply = attempt.reply or Reply(NOT_IN_TIME)
    outbox.note(attempt.row, reply, timezone.now())
    return not reply.error


def _way_of(row: Notification) -> Send:
    """Word the message and return how it is sent; what cannot be worded is a failure like any other."""
    try:
        words, channel = words_of(row), row.channel
    except Exception as error:  # of one message, which must not hold the others
        return partial(Reply, f"it could not be worded: {type(error).__name__}: {error}")
    if channel is None:
        return partial(_mail, row.address, words.mail, row.key)
    return WAYS[channel.kind](channel, words, row.key)


def _mail(address: str, mail: Message, key: str) -> Reply:
    try:
        send_mail(address, mail.subject, mail.text, html=mail.html, key=key)
    except NotSent as problem:
        return Reply(problem.why, is_refused=problem.is_permanent)
    return Reply()


WAYS: Mapping[str, Callable[[Channel, Words, str], Send]] = {
    Channel.Kind.MAIL: lambda channel, words, key: partial(_mail, channel.target, words.mail, key),
    Channel.Kind.WEBHOOK: lambda channel, words, key: partial(
        webhook.send, channel.target, channel.secret, words.event
    ),
    Channel.Kind.APPRISE: lambda channel, words, key: partial(
        chat.send, channel.target, words.mail.subject, words.short
    ),
}
