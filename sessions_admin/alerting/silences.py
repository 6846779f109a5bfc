"""Silences: who is not to be told of a rule, until when and why; each begin and early end is a decision in the audit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from sessions_admin.actions import trail
from sessions_admin.models import Silence
from sessions_admin.roles import roles_of

LONGEST = timedelta(days=7)
BEGIN, END = "silence", "silence_end"
BEGUN = gettext_noop("%(rule)s %(subject)s is silenced until %(until)s.")
ENDED = gettext_noop("The silence of %(rule)s %(subject)s was ended before its time.")


def standing(now: datetime) -> QuerySet[Silence]:
    """The silences in force, those that end first first."""
    return Silence.objects.filter(ended_at=None, ends_at__gt=now).order_by("ends_at", "id")


def holds(silence: Silence, rule: str, subject: str) -> bool:
    """Whether it is about this alert: one without a subject is about all subjects of its rule."""
    return silence.rule == rule and silence.subject in ("", subject)


def begin(
    rule: str, subject: str, reason: str, ends_at: datetime, actor: User, *, address: str, now: datetime
) -> Silence:
    """Hold what would be told of a rule, or of one of its subjects, until `ends_at`. Raises ValueError beyond the longest."""
    if not now < ends_at <= now + LONGEST:
        raise ValueError(ends_at)
    told = {"rule": rule, "subject": subject, "until": ends_at.isoformat(timespec="minutes")}
    with transaction.atomic():
        trail.add_decision(_attempt(BEGIN, actor, address, reason), BEGUN, told)
        return Silence.objects.create(
            rule=rule, subject=subject, reason=reason, made_at=now, made_by=actor.get_username(), ends_at=ends_at
        )


def end(silence: Silence, actor: User, *, address: str, now: datetime) -> bool:
    """End a silence early; what still fires is told then. False: it had ended."""
    with transaction.atomic():
        if not standing(now).filter(pk=silence.pk).update(ended_at=now, ended_by=actor.get_username()):
            return False
        told = {"rule": silence.rule, "subject": silence.subject}
        trail.add_decision(_attempt(END, actor, address, ""), ENDED, told)
        return True


def _attempt(action: str, actor: User, address: str, reason: str) -> trail.Attempt:
    return trail.Attempt(action, uuid.uuid4().hex, "", actor.get_username(), roles_of(actor), address, reason)
