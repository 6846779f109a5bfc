"""The weekly report in the outbox: on Monday from seven, once for each who wants it, whatever dies or is doubled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from pytest_django import Settings

from config.schedule import SCHEDULE
from diagnostics.models import Pass
from sessions_admin.models import Notification, ReportSubscription
from sessions_admin.report import weekly
from sessions_admin.report.weekly import queue_reports
from tests.sessions_admin.report.week import MONDAY, SEVEN, SINCE, UNTIL, counted

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def wanted(user: User, made_at: datetime = SINCE, **told: object) -> ReportSubscription:
    values = {"address": f"{user.username}@example.com", "made_at": made_at, **told}
    return ReportSubscription.objects.create(user=user, **values)


@pytest.fixture
def max_wants_it(cast: dict[str, User]) -> ReportSubscription:
    counted(UNTIL)
    return wanted(cast["max"], language="zh-hans")


def test_it_is_put_in_the_outbox_once(max_wants_it: ReportSubscription) -> None:
    assert queue_reports(SEVEN) == 1
    row = Notification.objects.get()
    assert (row.kind, row.key) == ("report", f"report:2026-11-16:{max_wants_it.pk}")
    assert (row.address, row.language, row.content) == ("max@example.com", "zh-hans", {"week": "2026-11-16"})
    assert (row.made_at, row.next_at, row.channel, row.sent_at) == (SEVEN, SEVEN, None, None)
    for later in (HOUR, 24 * HOUR, WEEK - 8 * HOUR):
        assert queue_reports(SEVEN + later) == 0
    assert Notification.objects.count() == 1


def test_it_is_not_sent_before_seven(max_wants_it: ReportSubscription) -> None:
    assert queue_reports(SEVEN - timedelta(seconds=1)) == 0


def test_the_next_week_has_a_report_of_its_own(max_wants_it: ReportSubscription) -> None:
    queue_reports(SEVEN)
    counted(UNTIL + WEEK)
    assert queue_reports(SEVEN + WEEK) == 1
    assert {row.content["week"] for row in Notification.objects.all()} == {"2026-11-16", "2026-11-23"}


def test_a_worker_that_was_off_sends_the_last_week_and_no_older_one(max_wants_it: ReportSubscription) -> None:
    late = UNTIL + 3 * WEEK + timedelta(days=2)
    counted(late)
    assert queue_reports(late) == 1
    assert Notification.objects.get().content == {"week": "2026-12-07"}


def test_a_clock_that_went_back_sends_nothing_twice(max_wants_it: ReportSubscription) -> None:
    counted(UNTIL + WEEK)
    queue_reports(SEVEN + WEEK)
    assert queue_reports(SEVEN) == queue_reports(SEVEN + WEEK) == 0


def test_of_two_workers_that_read_the_same_one_sends(max_wants_it: ReportSubscription) -> None:
    first, second = (ReportSubscription.objects.select_related("user").get() for _ in range(2))
    assert [weekly._queue(each, MONDAY, SEVEN) for each in (first, second)] == [True, False]
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("dying", ["UPDATE", "INSERT"])
def test_one_that_dies_on_the_way_leaves_all_to_the_next(max_wants_it: ReportSubscription, dying: str) -> None:
    def fail(execute: Any, sql: str, params: Sequence[object], many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith(dying):
            raise DatabaseError
        return result

    with connection.execute_wrapper(fail), pytest.raises(DatabaseError):
        queue_reports(SEVEN)
    assert (ReportSubscription.objects.get().sent_for, Notification.objects.count()) == (None, 0)
    assert queue_reports(SEVEN) == 1


def test_who_subscribed_after_it_was_due_begins_with_the_next(cast: dict[str, User]) -> None:
    counted(UNTIL)
    wanted(cast["max"], made_at=SEVEN)
    wanted(cast["sam"], made_at=SEVEN - timedelta(seconds=1))
    assert queue_reports(SEVEN + HOUR) == 1
    counted(UNTIL + WEEK)
    assert queue_reports(SEVEN + WEEK) == 2


def test_who_unsubscribed_and_subscribed_again_gets_it_once(max_wants_it: ReportSubscription) -> None:
    queue_reports(SEVEN)
    ReportSubscription.objects.update(sent_for=None)
    assert queue_reports(SEVEN + HOUR) == 0
    assert ReportSubscription.objects.get().sent_for == MONDAY


def test_who_has_left_or_may_not_see_figures_gets_none(cast: dict[str, User]) -> None:
    counted(UNTIL)
    for user in (cast["max"], User.objects.create_user("newcomer")):
        wanted(user)
    User.objects.filter(username="max").update(is_active=False)
    assert queue_reports(SEVEN) == 0


def test_without_a_mail_server_it_waits_for_one(max_wants_it: ReportSubscription, settings: Settings) -> None:
    settings.SMTP_URL = ""
    assert queue_reports(SEVEN) == 0
    settings.SMTP_URL = "smtp://127.0.0.1:25"
    assert queue_reports(SEVEN + 30 * HOUR) == 1


def test_it_waits_until_the_week_is_counted(cast: dict[str, User]) -> None:
    wanted(cast["max"])
    assert queue_reports(SEVEN) == 0
    counted(UNTIL - timedelta(seconds=1))
    assert queue_reports(SEVEN + 2 * HOUR) == 0
    counted(UNTIL)
    assert queue_reports(SEVEN + 2 * HOUR) == 1


def test_after_a_day_of_passes_that_fail_it_is_sent_as_it_is(cast: dict[str, User]) -> None:
    wanted(cast["max"])
    tuesday = SEVEN + 24 * HOUR
    told = {"started_at": tuesday, "heartbeat_at": tuesday, "outcome": Pass.Outcome.FAILED}
    assert queue_reports(tuesday) == 0, "the worker is just back: its first pass may tell"
    Pass.objects.create(finished_at=tuesday - timedelta(minutes=5), **told)
    assert queue_reports(tuesday - timedelta(seconds=1)) == 0
    assert queue_reports(tuesday) == 1


def test_the_worker_looks_every_hour() -> None:
    task = next(task for task in SCHEDULE if task.name == "weekly_report")
    assert (task.function, task.every_seconds) == ("sessions_admin.report.weekly.queue_reports", 3600)
