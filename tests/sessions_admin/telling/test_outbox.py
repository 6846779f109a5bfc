"""The outbox: filled with exactly what was put back to pending, in one step with the outcomes, and by no other setting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from diagnostics import bulk
from sessions_admin.actions import settle_open_intents, trail
from sessions_admin.models import AuditEntry, Telling
from sessions_admin.telling.outbox import forget_old
from tests.host_database import HostDatabase
from tests.servers.hook_receiver import Receiver
from tests.sessions_admin.conftest import Door, planned
from tests.sessions_admin.runs.conftest import Begin, carried, fail_sessions, plan_of
from tests.sessions_admin.telling.conftest import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve_user(cast: dict[str, User]) -> User:
    return cast["eve"]


def test_a_single_reset_is_told_of(host_database: HostDatabase, door: Door, receiver: Receiver) -> None:
    host_database.insert_failed(5)
    outcome = door(planned())
    assert told() == 1
    (event,) = receiver.events
    assert event == {
        "event": "session.pending", "id": f"{outcome.operation}-0", "session_id": 5, "action": "reset",
        "at": Telling.objects.get().made_at.isoformat(timespec="seconds"),
    }  # fmt: skip
    assert (receiver.keys, receiver.forged) == ([event["id"]], 0)
    assert Telling.objects.get().told_at is not None
    assert told() == 0


def test_a_run_tells_of_those_that_it_put_back_and_no_others(
    host_database: HostDatabase, eve_user: User, begin: Begin, receiver: Receiver
) -> None:
    fail_sessions(host_database, range(1, 41))
    run = begin(plan_of(range(1, 41), eve_user))
    host_database.update(7, status="generating")
    carried(run)
    assert told() == 39
    assert sorted(event["session_id"] for event in receiver.events) == [key for key in range(1, 41) if key != 7]
    assert len(set(receiver.keys)) == 39


@pytest.mark.parametrize("key", ["a-b", "007", "0", "-3"])
def test_ids_keep_their_form(door: Door, receiver: Receiver, host_database: HostDatabase, key: str) -> None:
    host_database.run("DROP TABLE long_sequence_sessions")
    host_database.create_table("session_id TEXT, status TEXT, error_message TEXT, updated_at TEXT")
    host_database.insert(key, status="failed")
    door(planned(key))
    told()
    assert [event["session_id"] for event in receiver.events] == [{"0": 0, "-3": -3}.get(key, key)]


def test_what_was_left_alone_is_not_told(host_database: HostDatabase, door: Door, receiver: Receiver) -> None:
    host_database.insert_failed(5)
    plan = planned()
    host_database.update(5, status="generating")
    assert door(plan).kind == "skipped"
    assert Telling.objects.count() == 0


def test_a_host_that_polls_is_told_nothing(host_database: HostDatabase, door: Door) -> None:
    host_database.insert_failed(5)
    door(planned())
    assert Telling.objects.count() == 0
    assert told() == 0


def test_what_is_settled_after_a_crash_is_told(
    host_database: HostDatabase, door: Door, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_database.insert_failed(5)
    with monkeypatch.context() as broken:
        broken.setattr(trail, "add_outcomes", failing)
        assert door(planned()).kind == "unknown"
    assert Telling.objects.count() == 0
    assert settle_open_intents(timezone.now() + timedelta(minutes=3)) == 1
    assert told() == 1
    assert [event["session_id"] for event in receiver.events] == [5]


def test_one_that_is_pending_though_nobody_knows_by_whom_is_told(
    host_database: HostDatabase, door: Door, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_database.insert_failed(5)
    with monkeypatch.context() as broken:
        broken.setattr(trail, "add_outcomes", failing)
        door(planned())
    host_database.update(5, updated_at="2026-11-20 12:00:00")
    settle_open_intents(timezone.now() + timedelta(minutes=3))
    assert AuditEntry.objects.get(is_intent=False).outcome == "unknown"
    assert told() == 1


def test_outcome_and_telling_are_kept_together_or_not_at_all(
    host_database: HostDatabase, door: Door, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_database.insert_failed(5)
    with monkeypatch.context() as broken:
        broken.setattr(bulk, "insert", failing)
        assert door(planned()).kind == "unknown"
    assert AuditEntry.objects.filter(is_intent=False).count() == 0
    assert settle_open_intents(timezone.now() + timedelta(minutes=3)) == 1
    assert Telling.objects.count() == 1


def test_what_waits_when_the_host_polls_again_is_given_up(
    host_database: HostDatabase, door: Door, receiver: Receiver, settings: Settings
) -> None:
    host_database.insert_failed(5)
    door(planned())
    settings.HOST_PICKUP = "poll"
    assert told() == 0
    left = Telling.objects.get()
    assert (left.is_over, left.told_at, left.error) == (True, None, "HOST_PICKUP = poll")
    assert receiver.events == []


def test_old_ones_are_forgotten_but_never_those_that_wait(
    host_database: HostDatabase, door: Door, receiver: Receiver
) -> None:
    for key in (5, 6):
        host_database.insert_failed(key)
        door(planned(str(key)))
        if key == 5:
            told()
    forget_old(timezone.now() + timedelta(days=91))
    assert Telling.objects.get().session == "6"


def failing(*_arguments: object) -> None:
    raise DatabaseError("out of order")
