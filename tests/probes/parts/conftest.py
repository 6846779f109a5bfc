"""Servers of a test's own for the parts of a host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.amqp_server import AmqpServer, amqp_server
from tests.servers.redis_server import RedisServer, redis_server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def amqp() -> Iterator[AmqpServer]:
    with amqp_server() as server:
        yield server
