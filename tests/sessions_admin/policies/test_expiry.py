"""Files that were put aside go for good on their date, by a run that is listed; not a second earlier, not while something stands."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from diagnostics.models import Condition
from sessions_admin.models import HeldFile, Policy, Run
from sessions_admin.policies.expiry import expire_due
from sessions_admin.runs.carry import work_on_runs
from tests.sessions_admin.policies.conftest import passed
from tests.sessions_admin.quarantine.conftest import Store, store

__all__ = ["store"]
pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def put_aside(store: Store, name: str, until: datetime, *, was_claimed: bool = False) -> None:
    store.put_aside(store.file(name), expires_at=until, was_claimed=was_claimed)


def work(now: datetime) -> bool:
    begun = expire_due(now, threading.Event())
    work_on_runs(now, threading.Event())
    return begun


def states() -> dict[str, str]:
    return dict(HeldFile.objects.values_list("shown_path", "state"))


def test_what_is_past_its_date_is_deleted_and_the_rest_stays(store: Store, eve: Client) -> None:
    now = timezone.now()
    passed(now)
    put_aside(store, "past.wav", now - SECOND, was_claimed=True)
    put_aside(store, "due.wav", now)
    put_aside(store, "held.wav", now + SECOND)
    assert work(now)
    assert states() == {"past.wav": "expired", "due.wav": "expired", "held.wav": "held"}
    run = Run.objects.get()
    assert (run.state, run.actor, run.plan.second_reason) == ("done", "policy expiry", "")
    assert "on its date" in eve.get("/runs/").content.decode()


def test_it_looks_once_an_hour_and_makes_no_plan_of_nothing(store: Store) -> None:
    now = timezone.now()
    passed(now)
    assert not work(now)
    put_aside(store, "past.wav", now - SECOND)
    assert not work(now + timedelta(minutes=1))
    assert Policy.objects.get(pk="expiry").due_at == now + timedelta(hours=1)
    passed(now + timedelta(hours=1))
    assert work(now + timedelta(hours=1))
    assert not work(now + timedelta(hours=2))
    assert Run.objects.count() == 1


def test_nothing_goes_while_a_condition_stands(store: Store) -> None:
    now = timezone.now()
    passed(now)
    put_aside(store, "past.wav", now - SECOND)
    Condition.objects.create(code="storage.mass_missing", opened_at=now, seen_at=now)
    assert not work(now)
    assert states() == {"past.wav": "held"}
    Condition.objects.update(resolved_at=now)
    assert work(now + timedelta(minutes=10))


def test_many_are_not_asked_for(store: Store, settings: object) -> None:
    settings.SECOND_PERSON_FILES = 1  # type: ignore[attr-defined]  # pytest-django's settings
    now = timezone.now()
    passed(now)
    for name in ("a.wav", "b.wav"):
        put_aside(store, name, now - SECOND)
    assert work(now)
    assert set(states().values()) == {"expired"}
