"""What the doctor says of the alert rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.doctor import Check, Result
from diagnostics.doctor.alerts import check_alerts
from diagnostics.models import AlertRound, AlertState

pytestmark = pytest.mark.django_db


def alerts() -> dict[str, Check]:
    return {check.name: check for check in check_alerts(timezone.now())}


def test_rounds_that_happen_are_well_and_late_ones_are_an_error() -> None:
    assert alerts()["alerts.rounds"].result is Result.WARNING
    at = timezone.now() - timedelta(seconds=20)
    row = AlertRound.objects.create(started_at=at, finished_at=at, rules=12, seconds=0.25)
    assert alerts()["alerts.rounds"].value == "12 rules looked at 20 s ago, in 0.25 s"
    row.finished_at = at - timedelta(hours=1)
    row.save()
    assert alerts()["alerts.rounds"].result is Result.ERROR


def test_a_rule_that_cannot_be_evaluated_is_named() -> None:
    now = timezone.now()
    AlertState.objects.create(
        rule="disk_used", subject="audio", state="error", problem="stale", since=now, evaluated_at=now
    )
    assert "disk_used audio (stale)" in alerts()["alerts.rules"].value


def test_nobody_who_would_hear_is_a_warning_and_no_secret_is_told(settings: Settings) -> None:
    settings.ALERT_PING_URL = settings.SMTP_URL = ""
    assert {alerts()[name].result for name in ("alerts.ping", "alerts.mail")} == {Result.WARNING}
    settings.ALERT_PING_URL = "https://watch.example.com/secret-of-ours"
    settings.SMTP_URL = "smtps://us:secret-of-ours@mail.example.com"
    assert {alerts()[name].result for name in ("alerts.ping", "alerts.mail")} == {Result.OK}
    AlertRound.objects.create(started_at=timezone.now(), finished_at=timezone.now(), ping_error="HTTP 404")
    assert alerts()["alerts.ping"].value == "the last round could not be told: HTTP 404"
    assert "secret-of-ours" not in str(alerts())
