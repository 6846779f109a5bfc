"""The band that says that nobody looks at the alert rules."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import AlertRound, RecurringTask
from tests.diagnostics.rows import complete_pass


def bands(client: Client) -> str:
    complete_pass()
    text = client.get("/").content.decode()
    return text.partition('id="conditions"')[2].partition("<main")[0]


def test_rounds_that_happen_are_not_spoken_of(sam: Client) -> None:
    at = timezone.now() - timedelta(seconds=150)
    AlertRound.objects.create(started_at=at, finished_at=at)
    assert "Nobody looks" not in bands(sam)


def test_it_says_when_they_were_last_looked_at_and_how_late_that_is(sam: Client, settings: Settings) -> None:
    settings.ALERT_INTERVAL_SECONDS = 60
    at = timezone.now() - timedelta(seconds=200)
    AlertRound.objects.create(started_at=at, finished_at=at)
    AlertRound.objects.create(started_at=timezone.now())  # begun, and never finished
    shown = bands(sam)
    assert f"Alerts were last looked at {timezone.localtime(at):%H:%M:%S} (UTC" in shown
    assert ", 3 rounds late." in shown


def test_it_is_told_where_no_round_was_ever_finished(sam: Client) -> None:
    now = timezone.now()
    RecurringTask.objects.create(name="alerts", next_at=now - timedelta(seconds=20))
    assert "Nobody looks" not in bands(sam)
    RecurringTask.objects.update(next_at=now - timedelta(minutes=9))
    assert "No round over them was ever finished." in bands(sam)


def test_it_is_told_in_chinese(sam: Client) -> None:
    at = timezone.now() - timedelta(hours=1)
    AlertRound.objects.create(started_at=at, finished_at=at)
    complete_pass()
    assert "已晚 60 轮" in sam.get("/", headers={"accept-language": "zh-hans"}).content.decode()
