"""The machine's broker that speaks AMQP, with queues of a test's own names on it that are gone afterwards."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from amqp import Connection
from amqp.basic_message import Message

URL = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")


@dataclass(frozen=True, slots=True)
class AmqpServer:
    """`url` is as a host's settings would hold it; the queues that `make` makes belong to one test."""

    url: str
    connection: Connection
    made: list[str] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 5672

    def at(self, port: int) -> str:
        """The same broker's address behind another port of this machine."""
        return self.url.replace(f"{self.place[0]}:{self.place[1]}", f"127.0.0.1:{port}")

    def name(self) -> str:
        """The name of a queue that is deleted after the test, whoever makes it."""
        self.made.append(f"queue_of_tests_{uuid.uuid4().hex[:12]}")
        return self.made[-1]

    def make(self, messages: int = 0) -> str:
        name = self.name()
        channel = self.connection.channel()
        channel.queue_declare(name, auto_delete=False)
        for _ in range(messages):
            channel.basic_publish(Message("a body with token=never-told-9"), routing_key=name)
        channel.close()
        return name


@contextmanager
def amqp_server() -> Iterator[AmqpServer]:
    """Connect to the broker; skip where none answers (CI: fail)."""
    server = AmqpServer(URL, _connection())
    try:
        yield server
    finally:
        for name in server.made:
            channel = server.connection.channel()
            channel.queue_delete(name)
            channel.exchange_delete(name)  # Celery makes one of the queue's name
        server.connection.close()


def _connection() -> Connection:
    parts = urlsplit(URL)
    try:
        connection = Connection(
            f"{parts.hostname}:{parts.port or 5672}", parts.username or "guest", parts.password or "guest",
            virtual_host=parts.path[1:] or "/", connect_timeout=10,
        )  # fmt: skip
        connection.connect()
    except OSError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must start a broker: {error}")
        pytest.skip(f"no broker answers: {error}")
    return connection
