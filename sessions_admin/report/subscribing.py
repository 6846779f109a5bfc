"""Who wants the weekly report, where and in which language; each change is a decision in the audit."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from sessions_admin.actions import trail
from sessions_admin.models import Notification, ReportSubscription
from sessions_admin.roles import roles_of

SUBSCRIBE, UNSUBSCRIBE = "report_subscribe", "report_unsubscribe"
WANTED = gettext_noop("The weekly report goes to %(address)s (%(language)s).")
NO_MORE = gettext_noop("The weekly report goes to %(address)s no more.")


def subscribe(user: User, address: str, language: str, *, asked_from: str, now: datetime) -> bool:
    """Have the report sent to an address, or to another than before. False: it is so already."""
    with transaction.atomic():
        found = ReportSubscription.objects.select_for_update().filter(user=user).first()
        if found and (found.address, found.language) == (address, language):
            return False
        told = {"address": address, "language": language}
        ReportSubscription.objects.update_or_create(user=user, defaults=told, create_defaults={**told, "made_at": now})
        _waiting(user).update(**told)
        trail.add_decision(_attempt(SUBSCRIBE, user, asked_from), WANTED, told)
        return True


def unsubscribe(user: User, *, asked_from: str) -> bool:
    """Have no report sent any more, nor one that waits in the outbox. False: none was wanted."""
    with transaction.atomic():
        found = ReportSubscription.objects.select_for_update().filter(user=user).first()
        if found is None:
            return False
        found.delete()
        _waiting(user).delete()
        trail.add_decision(_attempt(UNSUBSCRIBE, user, asked_from), NO_MORE, {"address": found.address})
        return True


def reports_of(user: User) -> list[Notification]:
    """Return the last reports to somebody, the newest first."""
    mine = Notification.objects.filter(kind=Notification.Kind.REPORT, key__endswith=f":{user.pk}")
    return list(mine.order_by("-id")[:3])


def _waiting(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(
        kind=Notification.Kind.REPORT, key__endswith=f":{user.pk}", sent_at=None, given_up_at=None
    )


def _attempt(action: str, user: User, asked_from: str) -> trail.Attempt:
    return trail.Attempt(action, uuid.uuid4().hex, "", user.get_username(), roles_of(user), asked_from, "")
