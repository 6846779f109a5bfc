"""Forgets ended logins and the notes on attempts to log in that are too old to matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

KEPT = timedelta(days=90)


def forget_old_logins(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    for attempts in (AccessAttempt, AccessFailureLog, AccessLog):
        attempts.objects.filter(attempt_time__lt=now - KEPT).delete()
