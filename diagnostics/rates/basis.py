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
    kept = Snapshot.objects.filter(name=NAME).values_list("content", flat=True).first()
    if kept == basis:
        return
    with transaction.atomic():
        Snapshot.objects.update_or_create(name=NAME, defaults={"content": basis, "made_at": now, "version": ""})
        _count_all_anew()


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
