"""manage.py doctor: whether whoever is told of a reset can be told, and what to do where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.doctor import CHECKS
from diagnostics.doctor.check import Check, Result
from diagnostics.doctor.pickup import check_pickup
from tests.api_host import closed_port
from tests.servers.hook_receiver import SECRET, hook_receiver
from tests.servers.redis_server import redis_server
from tests.servers.workers import celery_worker, until


def the_check() -> Check:
    (check,) = check_pickup(timezone.now())
    return check


def by_webhook(settings: Settings, url: str, secret: str = SECRET) -> Check:
    settings.HOST_PICKUP, settings.HOST_WEBHOOK_URL, settings.HOST_WEBHOOK_SECRET = "webhook", url, secret
    return the_check()


def test_of_a_host_that_polls_there_is_nothing_to_check() -> None:
    assert list(check_pickup(timezone.now())) == []
    assert check_pickup in CHECKS


@pytest.mark.parametrize(
    ("pickup", "missing"),
    [("webhook", "HOST_WEBHOOK_URL, HOST_WEBHOOK_SECRET"), ("celery", "HOST_CELERY_TASK, HOST_BROKER_URL")],
)
def test_it_names_what_is_missing(settings: Settings, pickup: str, missing: str) -> None:
    settings.HOST_PICKUP = pickup
    check = the_check()
    assert (check.result, check.value) == (Result.ERROR, f"{pickup}, without {missing}")


def test_a_receiver_that_answers_a_signed_ping_is_well(settings: Settings) -> None:
    with hook_receiver() as receiver:
        check = by_webhook(settings, receiver.url)
    assert check.result is Result.OK
    assert [event["event"] for event in receiver.events] == ["ping"]


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "the same HOST_WEBHOOK_SECRET"), (404, "whole address"), (500, "ping with 2xx")]
)
def test_any_other_answer_is_an_error_with_advice(settings: Settings, status: int, advice: str) -> None:
    with hook_receiver(status) as receiver:
        check = by_webhook(settings, receiver.url)
    assert (check.result, check.value) == (Result.ERROR, f"webhook: HTTP {status} for a ping")
    assert advice in check.advice


def test_a_closed_port_is_an_error_with_advice(settings: Settings) -> None:
    check = by_webhook(settings, f"http://127.0.0.1:{closed_port()}/")
    assert check.result is Result.ERROR
    assert "Nothing listens there" in check.advice


def test_a_broker_is_well_where_a_worker_waits(settings: Settings, tmp_path: Path) -> None:
    settings.HOST_PICKUP, settings.HOST_CELERY_TASK, settings.HOST_CELERY_QUEUE = "celery", "host.take", "sequences"
    with redis_server(tmp_path) as redis:
        settings.HOST_BROKER_URL = redis.url
        assert "no worker waits" in the_check().value
        with celery_worker(redis.url, "sequences", TAKEN=str(tmp_path / "taken")):
            until(lambda: the_check().result, lambda result: result is Result.OK)
    assert the_check().result in (Result.ERROR, Result.UNKNOWN)
