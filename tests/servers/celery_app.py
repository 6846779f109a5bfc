"""A host's Celery: what its front end sends with, and what `celery worker` runs, over the broker that BROKER_URL names."""

from __future__ import annotations

import os
import time

from celery import Celery

SECRET = "never-told-9"


def celery_at(url: str) -> Celery:
    """The front end's side; our own Django is not its."""
    return Celery("host", broker=url, fixups=[], set_as_current=False, broker_connection_retry=False)


def compose(seconds: float = 0, **_secrets: str) -> None:
    time.sleep(seconds)


def take(session_id: int | str) -> None:
    """Write down which session a worker was told of, in the file that TAKEN names."""
    with open(os.environ["TAKEN"], "a") as file:
        file.write(f"{session_id!r}\n")


app = celery_at(os.environ.get("BROKER_URL", "memory://"))
app.task(compose, name="host.compose")
app.task(compose, name="host.compose_late", acks_late=True)
app.task(take, name="host.take")
