"""Tells a watcher elsewhere that a round was finished: its silence is the alarm where nobody is left here to raise one."""

from __future__ import annotations

from django.conf import settings

from diagnostics.domain.redaction import hide_secrets
from diagnostics.probes import web

SECONDS = 5.0
MOST_BYTES = 1024
LONGEST = 300


def ping() -> str:
    """Ask ALERT_PING_URL once; return '' where it answered well, else why it did not. Its address is told nowhere."""
    try:
        answer = web.ask(settings.ALERT_PING_URL, seconds=SECONDS, most_bytes=MOST_BYTES)
    except web.NoAnswer as problem:
        return f"{problem.problem} {hide_secrets(problem.detail)}".strip()[:LONGEST]
    return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
