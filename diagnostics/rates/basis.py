"""What the figures are counted by, beside the endings: the time zone and the form of a tally. Another one counts all anew."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from diagnostics import bulk
from diagnostics.domain.rates.hours import HOUR, hour_of
from diagnostics.domain.rates.tally import FORM
from diagnostics.models import RateFigures, Snapshot, StaleHour

NAME = "figures"
ALMOST = HOUR - timedelta(microseconds=1)


def keep_up(now: datetime) -> None:
    """Where the zone or the form is another than the figures were counted by, forget them and mark all hours stale."""
    basis = {"zone": settings.TIME_ZONE, "form": FORM}
    if Snapshot.objects.filter(name=NAME).values_list("content", flat=True).first() == basis:
        return
    Snapshot.objects.get_or_create(name=NAME, defaults={"made_at": now, "version": ""})
    with transaction.atomic():
        kept = Snapshot.objects.select_for_update().get(name=NAME)
        if kept.content != basis:  # no other worker was faster
            _count_all_anew()
            Snapshot.objects.filter(name=NAME).update(content=basis, made_at=now)


def _count_all_anew() -> None:
    """An hour of the old zone may lie in two of the new one."""
    zone, mark = timezone.get_default_timezone(), time.time_ns()
    known = set(StaleHour.objects.values_list("at", flat=True))
    known |= set(RateFigures.objects.filter(grain=RateFigures.Grain.HOUR).values_list("at", flat=True))
    stale = {hour_of(moment, zone) for at in known for moment in (at, at + ALMOST)}
    RateFigures.objects.all().delete()
    for at in sorted(known - stale):
        StaleHour.objects.filter(at=at).delete()
    bulk.upsert([StaleHour(at=at, mark=mark) for at in sorted(stale)], unique=("at",), renew=("mark",))
