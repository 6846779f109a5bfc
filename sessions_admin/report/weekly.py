"""Puts the report of the last week in the outbox, once for each who wants it: on Monday from seven in the morning.

A worker that was off then does so when it is back; of several weeks that were missed it sends the last.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from diagnostics.models import Pass
from diagnostics.permissions import VIEW_FIGURES
from diagnostics.rates.reading import counted_to
from sessions_admin.models import Notification, ReportSubscription
from sessions_admin.report.weeks import due_at, period_of, week_due

PATIENCE = timedelta(days=1)
RECENT = timedelta(hours=1)


def queue_reports(now: datetime) -> int:
    """Put the reports that are due in the outbox; return how many. Without a mail server they wait for one."""
    zone = timezone.get_default_timezone()
    monday = week_due(now, zone)
    if monday is None or not settings.SMTP_URL or not _is_counted(monday, now):
        return 0
    # Who subscribed after it was due begins with the next one.
    waiting = ReportSubscription.objects.filter(made_at__lt=due_at(monday, zone)).exclude(sent_for__gte=monday)
    return sum(_queue(subscription, monday, now) for subscription in waiting.select_related("user"))


def key_of(monday: date, user_id: int) -> str:
    return f"report:{monday.isoformat()}:{user_id}"


def _is_counted(monday: date, now: datetime) -> bool:
    """Whether all of the week is counted; after a day it is sent as it is, once a pass was tried and came to nothing."""
    zone = timezone.get_default_timezone()
    until = counted_to()
    if until is not None and until >= period_of(monday, zone).until:
        return True
    is_late = now >= due_at(monday, zone) + PATIENCE
    return is_late and Pass.objects.filter(finished_at__gte=now - RECENT).exists()


def _queue(subscription: ReportSubscription, monday: date, now: datetime) -> bool:
    """Say in one transaction that it is sent, and put it in the outbox; of two workers one does."""
    if not subscription.user.has_perm(VIEW_FIGURES):  # who has left has none
        return False
    with transaction.atomic():
        standing = ReportSubscription.objects.filter(pk=subscription.pk, sent_for=subscription.sent_for)
        if not standing.update(sent_for=monday):
            return False
        told = {
            "address": subscription.address,
            "language": subscription.language,
            "content": {"week": monday.isoformat()},
        }
        times = {"made_at": now, "next_at": now}
        report = {"kind": Notification.Kind.REPORT, **told, **times}
        _row, is_new = Notification.objects.get_or_create(key=key_of(monday, subscription.pk), defaults=report)
        return is_new
