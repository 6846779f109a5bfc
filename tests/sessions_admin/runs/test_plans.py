"""A plan for many: the exact items, each with what is expected; never a filter, never empty, never for too many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Condition, Incident, ResourceSample, SessionEntry
from sessions_admin import outlook, planning
from sessions_admin.actions import reset, rows
from sessions_admin.host_writer import WritingOff
from sessions_admin.planning import PlanRefused, keys_of_query, make_plan
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import fail_sessions, known, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve(cast: dict[str, User]) -> User:
    return cast["eve"]


def test_it_freezes_each_item_with_what_is_expected(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1, 2, 3, 4])
    host_database.update(2, status="generating")
    host_database.update(3, status="completed")
    plan = plan_of([1, 2, 3, 4, 99], eve)
    told = {item.key: (item.expectation, item.why) for item in plan.items.all()}
    assert told == {
        "1": ("do", ""),
        "2": ("skip", reset.GENERATING),
        "3": ("skip", reset.NOT_FAILED),
        "4": ("do", ""),
        "99": ("skip", rows.GONE),
    }
    assert (plan.to_do, plan.to_skip, plan.made_by) == (2, 3, "eve")
    assert plan.items.get(key="1").seen["error_message"] == "=OSError: [Errno 28] No space left on device"
    assert host_database.row(1)["status"] == "failed"


def test_every_reason_to_leave_one_alone_can_be_read(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1, 2])
    host_database.update(1, status="generating")
    sentences = {item.key: item.sentence for item in plan_of([1, 2], eve).items.all()}
    assert sentences == {"1": "Session 1 is left alone: it is being generated now.", "2": ""}


def test_a_session_whose_whole_file_is_there_is_left_alone(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1, 2])
    SessionEntry.objects.filter(key="1").update(cause="record.half_committed")
    assert plan_of([1, 2], eve).items.get(key="1").why == outlook.WHOLE_FILE


@pytest.mark.parametrize(("used", "is_left"), [(97.9, False), (98.0, True), (None, False)])
def test_a_disk_that_is_still_full_holds_its_victims_back(
    host_database: HostDatabase, eve: User, used: float | None, is_left: bool
) -> None:
    fail_sessions(host_database, [1, 2])
    SessionEntry.objects.filter(key="1").update(cause="generation.disk_full")
    ResourceSample.objects.create(at=timezone.now(), values={"audio_bytes_percent": used, "audio_free_bytes": 7e9})
    plan = plan_of([1, 2], eve)
    assert plan.items.get(key="1").why == (outlook.DISK_FULL if is_left else "")
    assert plan.items.get(key="2").expectation == "do"
    assert plan.bytes_free == 7_000_000_000


def test_it_tells_the_bytes_that_composing_will_take(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1, 2])
    assert plan_of([1, 2], eve).bytes_needed is None
    known("9", is_whole=True, file_size=600_000, duration_seconds=600.0, completed_at=timezone.now()).save()
    assert plan_of([1, 2], eve).bytes_needed == 2 * 1_800_000


def test_what_was_asked_for_twice_is_there_once(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1])
    assert plan_of([1, 1, 1], eve).items.count() == 1


def test_an_empty_choice_is_an_error(host_database: HostDatabase, eve: User) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan_of([], eve)
    assert refused.value.message == planning.EMPTY
    with pytest.raises(PlanRefused):
        keys_of_query("status=failed&user=nobody", timezone.now())


def test_too_many_are_an_error(host_database: HostDatabase, eve: User, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_sessions(host_database, [1, 2, 3])
    monkeypatch.setattr(planning, "MOST_ITEMS", 2)
    for choose in (lambda: plan_of([1, 2, 3], eve), lambda: keys_of_query("status=failed", timezone.now())):
        with pytest.raises(PlanRefused) as refused:
            choose()
        assert refused.value.values == {"most": 2}


def test_a_filter_gives_what_its_list_shows(host_database: HostDatabase, eve: User) -> None:
    for key, verdict, status in (("1", "broken", "failed"), ("2", "expired", "completed"), ("3", "broken", "failed")):
        known(key, verdict=verdict, status=status, listed_at=timezone.now() - timedelta(minutes=int(key))).save()
    known("4", gone_at=timezone.now()).save()
    assert keys_of_query("", timezone.now()) == ["1", "3"]
    assert keys_of_query("status=failed", timezone.now()) == ["1", "3"]
    assert keys_of_query("verdict=expired", timezone.now()) == ["2"]


def test_an_incident_gives_its_sessions(host_database: HostDatabase, eve: User) -> None:
    now = timezone.now()
    life = {"noted_at": now, "opened_at": now, "first_seen_at": now}
    incident = Incident.objects.create(
        shared_hash=77, kind="error", code="generation.unrecognised", verdict="broken", **life
    )
    known("1", shared_hash=77).save()
    known("2").save()
    assert keys_of_query(f"incident={incident.pk}", now) == ["1"]


def test_what_stands_above_every_page_stands_in_the_plan(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, [1])
    now = timezone.now()
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    Condition.objects.create(code="host.schema", opened_at=now, seen_at=now, resolved_at=now)
    assert plan_of([1], eve).conditions == ["storage.unavailable"]


def test_a_dashboard_that_may_only_read_makes_no_plan(
    host_database: HostDatabase, eve: User, settings: Settings
) -> None:
    settings.HOST_WRITE_DATABASE_URL = ""
    with pytest.raises(WritingOff):
        plan_of([1], eve)


@pytest.mark.parametrize("text", ["a\0b", "\udcff", "x" * 5_000, "内存 🙈", "%s", "'"])
def test_any_text_of_a_row_is_frozen(host_database: HostDatabase, eve: User, text: str) -> None:
    stored = text.encode("utf-8", "surrogateescape")
    host_database.insert_failed(1)
    host_database.run("UPDATE long_sequence_sessions SET error_message = CAST(? AS TEXT)", stored)
    plan = plan_of([1], eve)
    assert plan.to_do == 1
    assert plan.items.get().seen["error_message"][0] in "=#"


def test_it_asks_our_database_once_for_a_hundred_items(host_database: HostDatabase, eve: User) -> None:
    fail_sessions(host_database, range(1, 401))
    asked = []
    for count in (100, 400):
        with CaptureQueriesContext(connection) as queries:
            make_plan("reset", [str(key) for key in range(1, count + 1)], {}, eve, timezone.now())
        asked.append(len(queries))
    assert asked[1] - asked[0] <= 300 / 100
