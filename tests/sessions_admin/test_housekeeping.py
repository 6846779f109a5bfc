"""What is forgotten, and what is kept whatever its age."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session

from diagnostics.housekeeping import ALERTS_KEPT, EVENTS_KEPT, INCIDENTS_KEPT, PASSES_KEPT, SAMPLES_KEPT, forget_old
from diagnostics.models import (
    AlertRound,
    Episode,
    Flip,
    Incident,
    Leaving,
    Pass,
    ResourceSample,
    SessionEntry,
    SessionEvent,
    WorkerLife,
)
from sessions_admin.housekeeping import KEPT, forget_old_logins
from tests.diagnostics.rows import incident

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_it_forgets_what_is_old_and_nothing_else() -> None:
    entry = SessionEntry.objects.create(
        key="5", listed_at=NOW, first_seen_at=NOW, changed_at=NOW, verdict="broken", state="failed"
    )
    for kept in (SAMPLES_KEPT, EVENTS_KEPT):
        for age in (kept - timedelta(minutes=1), kept + timedelta(minutes=1)):
            ResourceSample.objects.create(at=NOW - age)
            SessionEvent.objects.create(session=entry, at=NOW - age)
    for number, left_at in enumerate((NOW - INCIDENTS_KEPT - timedelta(minutes=1), NOW - INCIDENTS_KEPT)):
        Leaving.objects.create(shared_hash=number, session=entry, left_at=left_at)
    WorkerLife.objects.create(holder="old:1:a", started_at=NOW, seen_at=NOW - SAMPLES_KEPT - timedelta(minutes=1))
    WorkerLife.objects.create(holder="new:2:b", started_at=NOW, seen_at=NOW - SAMPLES_KEPT + timedelta(minutes=1))
    forget_old(NOW, threading.Event())
    assert [sample.at > NOW - SAMPLES_KEPT for sample in ResourceSample.objects.all()] == [True]
    assert all(event.at > NOW - EVENTS_KEPT for event in SessionEvent.objects.all())
    assert SessionEvent.objects.count() == 3
    assert list(Leaving.objects.values_list("shared_hash", flat=True)) == [1]
    assert list(WorkerLife.objects.values_list("holder", flat=True)) == ["new:2:b"]


def test_rounds_are_forgotten_after_a_week_and_alerts_after_a_year_but_never_one_that_lasts() -> None:
    for age in (SAMPLES_KEPT - timedelta(minutes=1), SAMPLES_KEPT + timedelta(minutes=1)):
        AlertRound.objects.create(started_at=NOW - age)
    for age in (ALERTS_KEPT - timedelta(minutes=1), ALERTS_KEPT + timedelta(minutes=1)):
        at = NOW - age
        over = Episode.objects.create(rule="failures", begun_at=at, fired_at=at, ended_at=at)
        Flip.objects.create(rule="failures", at=at, old="ok", new="firing", episode=over)
    lasting = Episode.objects.create(rule="disk_used", begun_at=at, fired_at=at)
    forget_old(NOW, threading.Event())
    assert AlertRound.objects.count() == 1
    assert Flip.objects.count() == 1
    assert set(Episode.objects.values_list("ended_at", flat=True)) == {NOW - ALERTS_KEPT + timedelta(minutes=1), None}
    assert Episode.objects.filter(pk=lasting.pk).exists()


def test_an_incident_is_forgotten_long_after_its_last_session_was_mended() -> None:
    old, late = NOW - INCIDENTS_KEPT - timedelta(days=1), NOW - INCIDENTS_KEPT + timedelta(days=1)
    incident(sessions=0, resolved_at=old)
    kept = [incident(sessions=0, resolved_at=late), incident(sessions=2, resolved_at=old), incident()]
    forget_old(NOW, threading.Event())
    assert list(Incident.objects.order_by("pk")) == kept


def test_it_keeps_the_pass_that_says_since_when_the_files_are_watched() -> None:
    def passed(days: int, **values: Any) -> Pass:
        at = NOW - PASSES_KEPT - timedelta(days=days)
        return Pass.objects.create(
            started_at=at, heartbeat_at=at, **{"outcome": "complete", "root_device": 1, **values}
        )

    blind, first = passed(9, root_device=None), passed(8)
    old, failed, last = passed(7), passed(6, outcome="failed"), passed(5)
    forget_old(NOW, threading.Event())
    assert set(Pass.objects.all()) == {first, last}
    assert {blind, old, failed}.isdisjoint(Pass.objects.all())


def test_ended_logins_and_old_attempts_go() -> None:
    for days in (-1, 1):
        Session.objects.create(session_key=f"key{days}", session_data="", expire_date=NOW + timedelta(days=days))
        attempt = AccessAttempt.objects.create(username=f"sam{days}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - KEPT + timedelta(days=days))
    forget_old_logins(NOW)
    assert [session.session_key for session in Session.objects.all()] == ["key1"]
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["sam1"]


def test_it_ends_early_when_told_to() -> None:
    ResourceSample.objects.create(at=NOW - SAMPLES_KEPT * 2)
    stop = threading.Event()
    stop.set()
    assert forget_old(NOW, stop) == 0
    assert ResourceSample.objects.count() == 1
