"""manage.py doctor: whether HOST_API_URL answers, of which session it asks, and what to do where it does not."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.doctor import run_checks
from diagnostics.doctor.check import Check, Result
from diagnostics.doctor.host_api import NAME, check_host_api
from diagnostics.models import SessionEntry
from tests.api_host import Reply, api_host, as_json, closed_port, told
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db


def the_check() -> Check:
    (check,) = check_host_api(timezone.now())
    return check


def with_reply(reply: Reply, settings: Settings) -> tuple[Check, list[str]]:
    with api_host(reply) as api:
        settings.HOST_API_URL = api.url
        return the_check(), api.asked


def test_without_an_address_there_is_nothing_to_check(settings: Settings) -> None:
    settings.HOST_API_URL = ""
    assert list(check_host_api(timezone.now())) == []


def test_an_api_that_answers_is_well(host_database: HostDatabase, settings: Settings) -> None:
    host_database.insert_failed(5)
    check, asked = with_reply(told(status="failed", error_message="boom"), settings)
    assert (check.name, check.result) == (NAME, Result.OK)
    assert check.value.startswith("answers for session 5 in ")
    assert check.value.endswith("ms, tells error_message, status")
    assert asked == ["/api/music/long_sequence_status/5"]


def test_it_asks_for_the_newest_session_that_was_picked_up(host_database: HostDatabase, settings: Settings) -> None:
    host_database.insert_failed(5, created_at="2026-11-20 10:00:00")
    host_database.insert_failed(4, created_at="2026-11-21 10:00:00")
    host_database.insert(9, status="pending", created_at="2026-11-22 10:00:00", updated_at="2026-11-22 10:00:00")
    assert with_reply(told(status="failed"), settings)[1] == ["/api/music/long_sequence_status/4"]


def test_it_asks_for_one_that_waits_where_there_is_no_other(host_database: HostDatabase, settings: Settings) -> None:
    host_database.insert(9, status="pending", created_at="2026-11-22 10:00:00", updated_at="2026-11-22 10:00:00")
    assert with_reply(told(status="pending"), settings)[1] == ["/api/music/long_sequence_status/9"]


def test_it_asks_for_one_of_the_index_where_the_table_does_not_answer(settings: Settings) -> None:
    now = timezone.now()
    for key, gone_at in (("7", None), ("8", now)):
        SessionEntry.objects.create(key=key, listed_at=now, first_seen_at=now, changed_at=now, gone_at=gone_at)
    assert with_reply(told(status="pending"), settings)[1] == ["/api/music/long_sequence_status/7"]


def test_without_any_session_it_says_that_it_could_not_try(host_database: HostDatabase, settings: Settings) -> None:
    check, asked = with_reply(told(status="failed"), settings)
    assert (check.result, asked) == (Result.UNKNOWN, [])
    assert "not tried" in check.value


@pytest.mark.parametrize(
    ("reply", "value", "advice"),
    [
        (as_json({"success": False, "error": "没有"}, 404), "session 5: HTTP 404 (没有)", "Set HOST_API_URL to where"),
        (Reply(status=301, headers={"Location": "https://x/y"}), "HTTP 301 (https://x/y)", "Set HOST_API_URL to where"),
        (Reply(b"", 401), "HTTP 401", "asks for a login"),
        (Reply(b"", 403), "HTTP 403", "refuses this machine"),
        (Reply(b"", 500), "HTTP 500", "read the host's log"),
        (Reply(b"<html>"), "not json", "Set HOST_API_URL to where"),
        (as_json({"success": False, "error": "token=GEHEIM1"}), "no success (token=[hidden])", "read the host's log"),
        (as_json({"success": True}), "no data", "should answer"),
    ],
)
def test_any_other_answer_is_an_error_with_advice(
    host_database: HostDatabase, settings: Settings, reply: Reply, value: str, advice: str
) -> None:
    host_database.insert_failed(5)
    check, _asked = with_reply(reply, settings)
    assert check.result is Result.ERROR
    assert check.value.endswith(value)
    assert advice in check.advice


def test_a_closed_port_is_an_error_with_advice(host_database: HostDatabase, settings: Settings) -> None:
    host_database.insert_failed(5)
    settings.HOST_API_URL = f"http://127.0.0.1:{closed_port()}"
    checks = {check.name: check for check in run_checks(timezone.now())}
    assert (checks[NAME].result, checks[NAME].value.startswith("session 5: refused")) == (Result.ERROR, True)
    assert "Nothing listens there" in checks[NAME].advice
