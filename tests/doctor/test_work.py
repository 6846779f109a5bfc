"""What the doctor says of the worker and its passes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from diagnostics.doctor import Check, Result
from diagnostics.doctor.work import check_work
from diagnostics.models import Condition, Pass, RecurringTask
from diagnostics.notes import WORKER

pytestmark = pytest.mark.django_db


def work() -> dict[str, Check]:
    return {check.name: check for check in check_work(timezone.now())}


def test_a_worker_that_left_a_task_alone_is_silent() -> None:
    now = timezone.now()
    assert work()["worker"].value == "never ran"
    task = RecurringTask.objects.create(name="pass", next_at=now - timedelta(minutes=9))
    RecurringTask.objects.create(name="forget", next_at=now + timedelta(minutes=9))
    assert work()["worker"].value == "silent: pass overdue"
    RecurringTask.objects.filter(pk=task.pk).update(lease_until=now + timedelta(minutes=1))
    assert work()["worker"].result is Result.OK


def test_a_worker_is_told_by_the_sign_that_it_leaves() -> None:
    now = timezone.now()
    task = RecurringTask.objects.create(name="pass", next_at=now + timedelta(minutes=4))
    sign = RecurringTask.objects.create(
        name=WORKER, next_at=now, finished_at=now - timedelta(seconds=9), lease_until=now + timedelta(seconds=31)
    )
    assert work()["worker"].value == "alive"
    RecurringTask.objects.filter(pk=sign.pk).update(lease_until=now - timedelta(seconds=1))
    since = (now - timedelta(seconds=9)).isoformat(timespec="seconds")
    assert work()["worker"].value == f"none runs now, none was needed since {since}"
    RecurringTask.objects.filter(pk=task.pk).update(next_at=now - timedelta(minutes=9))
    assert work()["worker"].value == f"silent since {since}: pass overdue"


def test_old_and_failed_passes_and_conditions_are_told() -> None:
    long_ago, now = timezone.now() - timedelta(hours=5), timezone.now()
    Pass.objects.create(started_at=long_ago, heartbeat_at=long_ago, finished_at=long_ago, outcome=Pass.Outcome.COMPLETE)
    Pass.objects.create(started_at=now, heartbeat_at=now, finished_at=now, outcome=Pass.Outcome.FAILED, error="no root")
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    checks = work()
    told = [checks[name].result.value for name in ("pass.outcome", "pass.last", "pass.conditions")]
    assert told == ["error", "error", "warning"]
