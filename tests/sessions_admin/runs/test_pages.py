"""The pages of plans and runs: from ticks or a filter to a plan, its confirmation, its run, and a way to stop it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Condition
from sessions_admin.models import ActionPlan, AuditEntry, Run
from sessions_admin.runs.carry import work_on_runs
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import fail_sessions, plan_of

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def host(host_database: HostDatabase) -> HostDatabase:
    fail_sessions(host_database, [1, 2, 3])
    return host_database


def planned(client: Client, **chosen: object) -> str:
    """Send the list's form, and return the address of the plan."""
    response = client.post("/plans/", {"action": "reset", **chosen})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def confirmed(client: Client, address: str, **given: object) -> str:
    response = client.post(address, {"reason": "after the outage", "at_once": "0", **given})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_ticked_sessions_become_a_plan_that_shows_them(eve: Client, host: HostDatabase) -> None:
    host.update(2, status="generating")
    page = text(eve, planned(eve, key=["1", "2"]))
    assert "Reset 1 session" in page
    assert "Session 2 is left alone: it is being generated now." in page
    assert host.row(1)["status"] == "failed"


def test_a_filter_becomes_the_plan_of_what_it_shows(eve: Client, host: HostDatabase) -> None:
    page = text(eve, planned(eve, query="status=failed"))
    assert "Reset 3 sessions" in page
    assert "/sessions/?status=failed" in page


def test_the_list_offers_it_to_whom_it_is_allowed_only(eve: Client, sam: Client, host: HostDatabase) -> None:
    offered, not_offered = text(eve, "/sessions/"), text(sam, "/sessions/")
    assert offered.count("data-tick ") == 3
    assert "/plans/" in offered
    assert "data-tick" not in not_offered
    assert "/plans/" not in not_offered


def test_a_confirmed_plan_becomes_a_run_that_the_worker_carries_out(eve: Client, host: HostDatabase) -> None:
    address = confirmed(eve, planned(eve, key=["1", "2"]))
    assert "Waiting for the worker" in text(eve, address)
    work_on_runs(timezone.now(), threading.Event())
    page = text(eve, address)
    assert "Session 1 is pending again." in page
    assert "Stop this run" not in page
    assert "after the outage" in text(eve, "/runs/")
    assert host.row(1)["status"] == "pending"


def test_its_living_part_is_asked_for_until_it_is_over(eve: Client, host: HostDatabase) -> None:
    address = confirmed(eve, planned(eve, key=["1"]))
    part = eve.get(address, headers=FRAGMENT)
    assert b"<html" not in part.content
    assert f'hx-get="{address}"'.encode() in part.content
    assert eve.get(address, headers={**FRAGMENT, "If-None-Match": part["ETag"]}).status_code == 204
    work_on_runs(timezone.now(), threading.Event())
    over = eve.get(address, headers={**FRAGMENT, "If-None-Match": part["ETag"]})
    assert over.status_code == 200
    assert b"hx-get" not in over.content


def test_each_count_opens_its_rows(eve: Client, host: HostDatabase) -> None:
    plan = planned(eve, key=["1", "2"])
    host.update(2, status="generating")
    address = confirmed(eve, plan)
    work_on_runs(timezone.now(), threading.Event())
    done, skipped = text(eve, f"{address}?show=done"), text(eve, f"{address}?show=skipped")
    assert "Session 1 is pending again." in done
    assert "Session 2 was left alone" not in done
    assert "Session 2 was left alone: it changed meanwhile (now generating)." in skipped
    assert "Session 1 is pending again." not in skipped


def test_what_is_missing_is_named_and_nothing_is_lost(eve: Client, host: HostDatabase) -> None:
    now = timezone.now()
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    address = planned(eve, key=["1"])
    refused = eve.post(address, {"reason": "because of the outage", "typed": "1", "at_once": "5"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Refused: acknowledge what stands above every page: storage.unavailable." in page
    assert "because of the outage" in page
    assert eve.post(address, {"reason": "", "at_once": "5"}).status_code == 422
    assert confirmed(eve, address, typed="1", acknowledged=["storage.unavailable"])


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, "Nothing was chosen"),
        ({"query": "user=nobody"}, "Nothing was chosen"),
        ({"key": ["1"], "action": "explode"}, "This action is not known."),
    ],
)
def test_a_choice_that_makes_no_plan_is_told(
    eve: Client, host: HostDatabase, chosen: dict[str, object], words: str
) -> None:
    refused = eve.post("/plans/", {"action": "reset", **chosen})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not ActionPlan.objects.exists()


def test_a_read_only_dashboard_and_a_silent_host_are_told(eve: Client, host: HostDatabase, settings: Settings) -> None:
    settings.HOST_WRITE_DATABASE_URL = "sqlite:////nowhere/host.sqlite3"
    assert eve.post("/plans/", {"action": "reset", "key": ["1"]}).status_code == 503
    settings.HOST_WRITE_DATABASE_URL = ""
    refused = eve.post("/plans/", {"action": "reset", "key": ["1"]})
    assert (refused.status_code, "read-only" in refused.content.decode()) == (422, True)


def test_somebody_else_may_stop_it(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = confirmed(eve, planned(eve, key=["1"]))
    assert ada.post(f"{address}abort/").status_code == 302
    work_on_runs(timezone.now(), threading.Event())
    assert "Stopped by ada" in text(eve, address) or "stopped by ada" in text(eve, address)
    assert host.row(1)["status"] == "failed"
    assert Run.objects.get().state == "aborted"
    assert AuditEntry.objects.get(action="run_abort").actor == "ada"


def test_the_same_form_sent_twice_leads_to_the_same_run(eve: Client, ada: Client, host: HostDatabase) -> None:
    address = planned(eve, key=["1"])
    assert confirmed(eve, address) == confirmed(ada, address)
    work_on_runs(timezone.now(), threading.Event())
    told = AuditEntry.objects.filter(outcome="done").order_by("seq").values_list("actor", "action")
    assert list(told) == [("eve", "run_begin"), ("eve", "reset")]


def test_an_old_plan_offers_no_confirmation(eve: Client, host: HostDatabase, cast: dict[str, User]) -> None:
    plan = plan_of([1], cast["eve"], timezone.now() - timedelta(minutes=11))
    page = text(eve, f"/plans/{plan.pk}/")
    assert "older than ten minutes" in page
    assert "Reset 1 session" not in page


def test_it_is_told_in_chinese(eve: Client, host: HostDatabase) -> None:
    eve.cookies["language"] = "zh-hans"
    address = planned(eve, key=["1"])
    assert "重置 1 个会话" in text(eve, address)
    assert "等待后台执行" in text(eve, confirmed(eve, address))
