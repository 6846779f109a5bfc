"""The host told by a Celery task on its own broker: a message of Celery's protocol 2, put there by kombu."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from kombu.connection import Connection
from kombu.messaging import Producer

from diagnostics.domain.wording.formatting import safe
from diagnostics.probes.parts.server_address import NoAnswer, address_of
from sessions_admin.models import Telling
from sessions_admin.telling.reply import LONGEST_ERROR, Reply, told_id

SECONDS = 5
IDS = uuid.UUID("6a0a53c4-6b8c-4c0e-9a9e-2f6d7c1f5d10")
AMQP = {"confirm_publish": True, "read_timeout": SECONDS, "write_timeout": SECONDS}
REDIS = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS, "retry_on_timeout": False}
NOTHING_CHAINED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


def send(tellings: Sequence[Telling]) -> list[Reply]:
    """Put a task for each on the broker, over one connection; behind the first that fails all the others wait."""
    replies: list[Reply] = []
    try:
        with _producer() as producer:
            for telling in tellings:
                _publish(producer, telling)
                replies.append(Reply())
    except Exception as error:  # kombu lets through whatever redis-py, amqp and sockets raise
        failed = Reply(_words(error))
        return [*replies, *[failed] * (len(tellings) - len(replies))]
    return replies


@contextmanager
def _producer() -> Iterator[Producer]:
    url = settings.HOST_BROKER_URL
    options = AMQP if url.startswith("amqp") else REDIS
    if url.startswith("unix:"):
        url = url.replace("unix:", "redis+socket:", 1)
    with Connection(url, connect_timeout=SECONDS, transport_options=options) as connection:
        yield Producer(connection.channel())


def _publish(producer: Producer, telling: Telling) -> None:
    """To the queue itself. A broker that speaks AMQP confirms it, and refuses what no queue would take."""
    arguments = [told_id(telling.session)]
    task_id = str(uuid.uuid5(IDS, telling.key))
    headers = {
        "lang": "py", "task": settings.HOST_CELERY_TASK, "id": task_id, "root_id": task_id, "parent_id": None,
        "group": None, "retries": 0, "eta": None, "expires": None, "timelimit": [None, None],
        "argsrepr": repr(arguments), "kwargsrepr": "{}", "origin": "session-diagnostics", "ignore_result": True,
    }  # fmt: skip
    producer.publish(
        (arguments, {}, NOTHING_CHAINED), serializer="json", exchange="", routing_key=settings.HOST_CELERY_QUEUE,
        headers=headers, correlation_id=task_id, delivery_mode=2, mandatory=True, retry=False,
        **({"confirm_timeout": SECONDS} if settings.HOST_BROKER_URL.startswith("amqp") else {}),
    )  # fmt: skip


def _words(error: Exception) -> str:
    """What the broker said, without the password even where it is repeated."""
    said = f"{type(error).__name__}: {error}"
    try:
        said = address_of(settings.HOST_BROKER_URL).words(said)
    except NoAnswer:
        said = type(error).__name__
    return safe(said, LONGEST_ERROR)
