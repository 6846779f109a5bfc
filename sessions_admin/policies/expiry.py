"""What was put aside goes for good on its date: hourly, by a plan and a run that is listed as any other."""

from __future__ import annotations

import threading
from datetime import datetime

from django.utils.translation import gettext_noop

from diagnostics.probes.databases import HostUnavailable
from sessions_admin import planning
from sessions_admin.host_writer import WritingOff
from sessions_admin.models import HeldFile, Policy
from sessions_admin.policies.decide import actor_of, open_runs
from sessions_admin.policies.rounds import AGAIN, EVERY, begin, claim, hindrance_to_all, plan_by

NAME = "expiry"
REASON = gettext_noop("Held until the date that it was put aside with.")


def expire_due(now: datetime, stop: threading.Event) -> bool:
    """Begin a run over what is past its date; return whether there is one. Of two workers one does it."""
    if stop.is_set() or not claim(NAME, now, EVERY):
        return False
    if hindrance_to_all(now) or open_runs(NAME):
        _put_off(now + AGAIN)
        return False
    due = HeldFile.objects.filter(state=HeldFile.State.HELD, expires_at__lte=now).order_by("expires_at", "pk")
    keys = list(due.values_list("pk", flat=True)[: planning.MOST_ITEMS])
    if not keys:
        return False
    try:
        plan = plan_by(actor_of(NAME), "expire", keys, {"kind": NAME}, now)
    except (HostUnavailable, WritingOff):
        _put_off(now + AGAIN)
        return False
    return begin(plan, "", REASON, lambda: True, now) is not None


def _put_off(until: datetime) -> None:
    Policy.objects.filter(pk=NAME).update(due_at=until)
