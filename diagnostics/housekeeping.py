"""Forgets what is too old to tell anything, a little at a time, so that no lock is held for long."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet

from diagnostics.models import (
    AlertRound,
    Condition,
    DeliveryAnswer,
    Episode,
    Finding,
    Flip,
    GeneratorSighting,
    Incident,
    Leaving,
    PartSample,
    Pass,
    ResourceSample,
    SessionEvent,
    WorkerLife,
)

SAMPLES_KEPT = timedelta(days=8)
EVENTS_KEPT = timedelta(days=90)
PASSES_KEPT = timedelta(days=90)
INCIDENTS_KEPT = timedelta(days=365)  # what comes back within a year is known again
ALERTS_KEPT = timedelta(days=400)  # a year can be compared with the one before
SLICE = 2000


def forget_old(now: datetime, stop: threading.Event) -> int:
    """Delete old samples, sightings, answers, events, passes, ended conditions, incidents and alerts; return how many rows went."""
    old: tuple[QuerySet[Any], ...] = (
        WorkerLife.objects.filter(seen_at__lt=now - SAMPLES_KEPT),
        ResourceSample.objects.filter(at__lt=now - SAMPLES_KEPT),
        PartSample.objects.filter(at__lt=now - SAMPLES_KEPT),
        GeneratorSighting.objects.filter(seen_at__lt=now - SAMPLES_KEPT),
        SessionEvent.objects.filter(at__lt=now - EVENTS_KEPT).order_by(),
        _old_answers(now),
        _old_passes(now),
        Condition.objects.filter(resolved_at__lt=now - PASSES_KEPT).order_by(),
        AlertRound.objects.filter(started_at__lt=now - SAMPLES_KEPT).order_by(),
        Flip.objects.filter(at__lt=now - ALERTS_KEPT).order_by(),
        Episode.objects.filter(ended_at__lt=now - ALERTS_KEPT).order_by(),
        Leaving.objects.filter(left_at__lt=now - INCIDENTS_KEPT).order_by(),
        Incident.objects.filter(resolved_at__lt=now - INCIDENTS_KEPT, sessions=0, is_changed=False).order_by(),
    )
    return sum(_delete(rows, stop) for rows in old)


def _old_answers(now: datetime) -> QuerySet[DeliveryAnswer]:
    """All but those that an open finding rests on: it stands until its server is asked again and found well."""
    open_findings = Finding.objects.filter(code__startswith="delivery.", resolved_at=None)
    old = DeliveryAnswer.objects.filter(asked_at__lt=now - SAMPLES_KEPT)
    return old.exclude(session_id__in=open_findings.values("session_id")).order_by()


def _old_passes(now: datetime) -> QuerySet[Pass]:
    """All but the first complete one that saw the files, which says since when they are watched, and the last such one."""
    watching = Pass.objects.filter(outcome=Pass.Outcome.COMPLETE, root_device__isnull=False).order_by()
    kept = [pk for pk in watching.aggregate(Min("pk"), Max("pk")).values() if pk is not None]
    return Pass.objects.filter(started_at__lt=now - PASSES_KEPT).exclude(pk__in=kept).order_by()


def _delete(rows: QuerySet[Any], stop: threading.Event) -> int:
    deleted = 0
    while not stop.is_set() and (keys := list(rows.values_list("pk", flat=True)[:SLICE])):
        deleted += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return deleted
