"""The alert rules: does anybody look at them, can each be evaluated, and would anybody hear of what they find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError

from diagnostics.alerts.rounds_read import last_round, lateness
from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.models import AlertState

RUN_WORKER = "Start the worker: manage.py worker (or make run); its page tells what the task alerts met."


def check_alerts(now: datetime) -> Iterator[Check]:
    try:
        yield _rounds(now)
        yield _rules()
        yield _watcher()
    except DatabaseError:
        yield unknown("alerts.rounds", "the dashboard's own database does not tell", "See own.database.")
    yield _mail()


def _rounds(now: datetime) -> Check:
    name, late, last = "alerts.rounds", lateness(now), last_round()
    if late is not None:
        since = late.last_at.isoformat(timespec="seconds") if late.last_at else "never"
        return error(name, f"looked at last: {since}, {late.rounds} rounds late", RUN_WORKER)
    if last is None or last.finished_at is None:
        return warning(name, "no round was ever finished", RUN_WORKER)
    age = int((now - last.finished_at).total_seconds())
    return ok(name, f"{last.rules} rules looked at {age} s ago, in {last.seconds or 0:.2f} s")


def _rules() -> Check:
    failing = AlertState.objects.filter(state=AlertState.State.ERROR).order_by("rule", "subject")
    told = [f"{row.rule} {row.subject}".strip() + f" ({row.problem})" for row in failing[:5]]
    if told:
        advice = "A rule that cannot be evaluated warns of nothing: its page and the worker's log say why."
        return warning("alerts.rules", f"cannot be evaluated: {', '.join(told)}"[:300], advice)
    return ok("alerts.rules", "each can be evaluated")


def _watcher() -> Check:
    name = "alerts.ping"
    if not settings.ALERT_PING_URL:
        advice = "Set ALERT_PING_URL to a watcher on another machine: its alarm is all there is when this one is down."
        return warning(name, "no watcher elsewhere is told that rounds are made", advice)
    last = last_round()
    if last is not None and last.ping_error:
        return error(
            name, f"the last round could not be told: {last.ping_error}", "Check ALERT_PING_URL and the way there."
        )
    return ok(name, "a watcher elsewhere is told of each round")


def _mail() -> Check:
    if not settings.SMTP_URL:
        return warning(
            "alerts.mail", "no mail can be sent", "Set SMTP_URL and MAIL_FROM, or use channels without mail."
        )
    return ok("alerts.mail", f"by {settings.SMTP_URL.partition('://')[0]}")
