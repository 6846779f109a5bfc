"""Telling by a Celery task: a real worker on a real broker takes the session; a broker that is away loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import Telling
from tests.servers.amqp_server import AmqpServer, amqp_server
from tests.servers.redis_server import PASSWORD, RedisServer, free_port, redis_server
from tests.servers.workers import celery_worker, until
from tests.sessions_admin.telling.conftest import told, told_later

pytestmark = pytest.mark.django_db


@pytest.fixture
def rabbit() -> Iterator[AmqpServer]:
    with amqp_server() as server:
        yield server


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(autouse=True)
def by_celery(settings: Settings) -> None:
    settings.HOST_PICKUP, settings.HOST_CELERY_TASK = "celery", "host.take"


def due(*sessions: str) -> None:
    now = timezone.now()
    for number, session in enumerate(sessions):
        Telling.objects.create(
            operation="a" * 32, number=number, session=session, action="reset", kind="celery", made_at=now, next_at=now
        )  # fmt: skip


def sent_to(url: str, queue: str, settings: Settings) -> None:
    settings.HOST_BROKER_URL, settings.HOST_CELERY_QUEUE = url, queue


def test_a_worker_on_redis_takes_them(redis: RedisServer, settings: Settings, tmp_path: Path) -> None:
    sent_to(redis.url, "sequences", settings)
    due("5", "a-b")
    assert told() == 2
    taken = tmp_path / "taken"
    with celery_worker(redis.url, "sequences", TAKEN=str(taken)):
        until(lambda: taken.read_text() if taken.exists() else "", lambda text: text.count("\n") == 2)
    assert sorted(taken.read_text().splitlines()) == ["'a-b'", "5"]
    assert Telling.objects.filter(told_at=None).count() == 0


def test_a_worker_on_rabbitmq_takes_them(rabbit: AmqpServer, settings: Settings, tmp_path: Path) -> None:
    queue = rabbit.name()
    sent_to(rabbit.url, queue, settings)
    due("5", "a-b")
    taken = tmp_path / "taken"
    assert told() == 0
    assert "NO_ROUTE" in Telling.objects.values_list("error", flat=True)[0]  # nobody made the queue yet
    with celery_worker(rabbit.url, queue, TAKEN=str(taken)):
        until(told_again, lambda open_ones: open_ones == 0)
        until(lambda: taken.read_text() if taken.exists() else "", lambda text: text.count("\n") == 2)
    assert sorted(taken.read_text().splitlines()) == ["'a-b'", "5"]


def told_again() -> int:
    Telling.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    told()
    return Telling.objects.filter(told_at=None).count()


def test_a_broker_that_is_away_loses_nothing(settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    for scheme in ("redis", "amqp"):
        sent_to(f"{scheme}://:{PASSWORD.replace('/', '%2F')}@127.0.0.1:{port}/", "sequences", settings)
        if scheme == "redis":
            due("5")
        one = told_later()
        assert one.is_over is False
        assert "refused" in one.error
        assert PASSWORD not in one.error
    with redis_server(tmp_path) as server:
        sent_to(server.url, "sequences", settings)
        assert told_later().told_at is not None
        assert server.client.llen("sequences") == 1


def test_a_broker_that_hangs_holds_the_lane_for_seconds_only(
    redis: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sessions_admin.telling.celery_task.REDIS", {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    )
    sent_to(redis.url, "sequences", settings)
    due("5")
    redis.freeze()
    try:
        one = told_later()
    finally:
        redis.thaw()
    assert "imeout" in one.error or "imed out" in one.error


def test_a_wrong_password_is_said_without_it(redis: RedisServer, settings: Settings) -> None:
    sent_to(f"redis://:wrong-GEHEIM@127.0.0.1:{redis.port}/0", "sequences", settings)
    due("5")
    error = told_later().error
    assert "GEHEIM" not in error
    assert "password" in error.lower()
