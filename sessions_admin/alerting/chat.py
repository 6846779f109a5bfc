"""Chats by apprise, an extra that only the worker imports, and only where a channel needs it."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sessions_admin.alerting.targets import can_chat, is_chat_address
from sessions_admin.telling.reply import Reply

NOT_INSTALLED = "apprise is not installed: pip install -r requirements-alerts.txt"
NOT_UNDERSTOOD = "apprise does not understand the address"
# An attempt ends within so many seconds: to connect, and to wait for each part of the answer.
NAME = "Session diagnostics"
TIMES = {"cto": "5", "rto": "10"}
STATUS = re.compile(r"error=(\d{3})\b|\bHTTP (\d{3})\b")
PASSING = (408, 425, 429)
logger = logging.getLogger("apprise")
# Both name addresses with their secrets, the second when it is debugged.
LOUD = (logger, logging.getLogger("urllib3"))


def send(target: str, title: str, text: str) -> Reply:
    """Send a short text; what apprise logs meanwhile tells why it failed."""
    if not can_chat():
        return Reply(NOT_INSTALLED)
    if not is_chat_address(target):
        return Reply(NOT_UNDERSTOOD, is_refused=True)
    import apprise

    for loud in LOUD:
        loud.propagate = False
        loud.setLevel(logging.WARNING)
    with _overheard() as said:
        asset = apprise.AppriseAsset(app_id=NAME, app_desc=NAME, image_url_mask="", image_url_logo="")
        service = apprise.Apprise.instantiate(f"{target}{'&' if '?' in target else '?'}{_query()}", asset=asset)
        if service is None:
            return Reply(NOT_UNDERSTOOD, is_refused=True)
        if service.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT):
            return Reply()
    return _judged(said)


def _query() -> str:
    return "&".join(f"{name}={value}" for name, value in TIMES.items())


def _judged(said: list[str]) -> Reply:
    why = " ".join(said[:2]) or "it was not taken"
    found = STATUS.search(" ".join(said))
    status = int(found[1] or found[2]) if found else 0
    return Reply(why, is_refused=400 <= status < 500 and status not in PASSING)


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What apprise logs in this thread."""
    said: list[str] = []
    handler = _Listener(said, threading.get_ident())
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


class _Listener(logging.Handler):
    def __init__(self, said: list[str], thread: int) -> None:
        super().__init__(logging.WARNING)
        self.said, self.thread = said, thread

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.said.append(record.getMessage())
