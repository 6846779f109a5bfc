"""A run in the worker: chunk by chunk, with four counts; aborted, halted, paced, taken up again; never a row twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Condition, SessionEntry
from sessions_admin.actions import ACTIONS, reset, results, rows
from sessions_admin.actions.action import Action
from sessions_admin.actions.execution import Numbered, execute
from sessions_admin.actions.results import Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs import carry
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.pickup import LOOK_AFTER, look_for_pickups
from sessions_admin.verification import verify
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import Begin, carried, ends, fail_sessions, plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def eve_user(cast: dict[str, User]) -> User:
    return cast["eve"]


def statuses(host: HostDatabase) -> dict[int, str]:
    with host.connected() as connection:
        rows = connection.rows("SELECT session_id, status FROM long_sequence_sessions")
    return {int(str(key)): str(status) for key, status in rows}


def test_it_resets_what_the_plan_shows_and_nothing_else(
    host_on_each_engine: HostDatabase, eve_user: User, begin: Begin
) -> None:
    host = host_on_each_engine
    fail_sessions(host, range(1, 251))
    run = carried(begin(plan_of(range(1, 241), eve_user)))
    assert run.state == "done"
    assert set(ends(run).values()) == {"done"}
    assert statuses(host) == {key: "pending" if key <= 240 else "failed" for key in range(1, 251)}
    assert AuditEntry.objects.filter(operation=run.pk, is_intent=True).count() == 240
    assert AuditEntry.objects.filter(operation=run.pk, outcome="done", actor="eve").count() == 240
    assert verify().broken is None
    assert SessionEntry.objects.filter(reset_at=None).count() == 10


def test_what_changed_since_the_plan_is_left_alone_and_named(
    host_on_each_engine: HostDatabase, eve_user: User, begin: Begin
) -> None:
    host = host_on_each_engine
    fail_sessions(host, range(1, 6))
    plan = plan_of([1, 2, 3, 4, 5, 99], eve_user)
    host.update(2, status="generating")
    host.update(3, error_message="another")
    host.run("DELETE FROM long_sequence_sessions WHERE session_id = 4")
    run = carried(begin(plan))
    told = {item.key: (item.outcome, item.message) for item in run.plan.items.all()}
    assert told == {
        "1": ("done", reset.WORDS.done),
        "2": ("skipped", rows.CHANGED),
        "3": ("skipped", rows.CHANGED),
        "4": ("skipped", rows.GONE),
        "5": ("done", reset.WORDS.done),
        "99": ("skipped", rows.GONE),
    }
    assert statuses(host) == {1: "pending", 2: "generating", 3: "failed", 5: "pending"}


def test_an_abort_leaves_the_rest_not_reached(
    host_database: HostDatabase, eve_user: User, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_sessions(host_database, range(1, 31))
    monkeypatch.setitem(ACTIONS, "reset", replace(ACTIONS["reset"], chunk=10))
    run = begin(plan_of(range(1, 31), eve_user))
    assert isinstance(run, Run)

    def abort_after_the_first(action: Action, attempt: Attempt, items: list[Numbered]) -> list[Result]:
        Run.objects.update(abort_asked_by="ada")
        return execute(action, attempt, items)

    monkeypatch.setattr(carry, "execute", abort_after_the_first)
    run = carried(run)
    assert (run.state, run.abort_asked_by) == ("aborted", "ada")
    assert list(ends(run).values()).count("done") == 10
    assert list(ends(run).values()).count("") == 20
    assert list(statuses(host_database).values()).count("pending") == 10


def test_a_condition_that_comes_stops_it_before_the_next_change(
    host_database: HostDatabase, eve_user: User, begin: Begin
) -> None:
    fail_sessions(host_database, [1, 2])
    run = begin(plan_of([1, 2], eve_user))
    now = timezone.now()
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    run = carried(run)
    assert (run.state, run.halted_by) == ("halted", "storage.unavailable")
    assert set(statuses(host_database).values()) == {"failed"}


def test_a_host_that_does_not_answer_stops_it(
    host_database: HostDatabase, eve_user: User, begin: Begin, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_sessions(host_database, range(1, 31))
    monkeypatch.setitem(ACTIONS, "reset", replace(ACTIONS["reset"], chunk=10))
    run = begin(plan_of(range(1, 31), eve_user))
    settings.HOST_WRITE_DATABASE_URL = "sqlite:////nowhere/host.sqlite3"
    run = carried(run)
    assert (run.state, run.halted_by) == ("halted", "host")
    assert list(ends(run).values()).count("failed") == 10
    assert list(ends(run).values()).count("") == 20
    assert run.plan.items.filter(message=results.UNREACHABLE).count() == 10


def test_it_lets_out_as_many_as_the_queue_has_room_for(
    host_database: HostDatabase, eve_user: User, begin: Begin
) -> None:
    fail_sessions(host_database, range(1, 8))
    run = carried(begin(plan_of(range(1, 8), eve_user), at_once=3))
    assert (run.state, run.waiting_for) == ("running", "queue")
    assert list(statuses(host_database).values()).count("pending") == 3
    host_database.update(1, status="generating")
    host_database.update(2, status="completed")
    run = carried(run)
    assert list(statuses(host_database).values()).count("pending") == 3
    host_database.run("UPDATE long_sequence_sessions SET status = 'generating' WHERE status = 'pending'")
    run = carried(run)
    assert (run.state, run.waiting_for) == ("done", "")


def test_a_worker_that_is_told_to_stop_leaves_it_for_the_next(
    host_database: HostDatabase, eve_user: User, begin: Begin
) -> None:
    fail_sessions(host_database, [1])
    begin(plan_of([1], eve_user))
    stop = threading.Event()
    stop.set()
    assert work_on_runs(timezone.now(), stop) == 0
    assert Run.objects.get().state == "queued"


def test_runs_are_done_one_after_the_other(host_database: HostDatabase, eve_user: User, begin: Begin) -> None:
    fail_sessions(host_database, [1, 2])
    for key in (1, 2):
        begin(plan_of([key], eve_user))
    assert work_on_runs(timezone.now(), threading.Event()) == 2
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.parametrize("taken", [0, 2, 3])
def test_two_minutes_later_it_says_how_many_were_picked_up(
    host_database: HostDatabase, eve_user: User, begin: Begin, taken: int
) -> None:
    fail_sessions(host_database, [1, 2, 3])
    run = carried(begin(plan_of([1, 2, 3], eve_user)))
    for key in range(1, taken + 1):
        host_database.update(key, status="generating")
    assert run.finished_at is not None
    assert look_for_pickups(run.finished_at + LOOK_AFTER - timedelta(seconds=1)) == 0
    assert look_for_pickups(run.finished_at + LOOK_AFTER) == 1
    assert Run.objects.get().picked_up == taken
    assert look_for_pickups(run.finished_at + LOOK_AFTER) == 0


def test_a_run_that_waits_reads_no_more_of_the_audit_the_longer_it_is(
    host_database: HostDatabase, eve_user: User, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at every second: what is done already is not read again each time."""
    monkeypatch.setitem(ACTIONS, "reset", replace(ACTIONS["reset"], chunk=10))
    fail_sessions(host_database, range(1, 61))
    run = carried(begin(plan_of(range(1, 61), eve_user), at_once=50))
    assert (run.waiting_for, list(ends(run).values()).count("done")) == ("queue", 50)
    loaded: list[int] = []

    def count(instance: AuditEntry, **_: object) -> None:
        loaded.append(instance.number)

    post_init.connect(count, sender=AuditEntry)
    try:
        carry.take_up(run)
    finally:
        post_init.disconnect(count, sender=AuditEntry)
    assert loaded == []
    with CaptureQueriesContext(connection) as asked:
        work_on_runs(timezone.now(), threading.Event())
    # The next chunk's numbers bound what is asked of the audit; all of its outcomes are searched for files alone.
    of_all = [query["sql"] for query in asked if results.NOT_REACHED in query["sql"] and " IN (" not in query["sql"]]
    assert of_all == []
