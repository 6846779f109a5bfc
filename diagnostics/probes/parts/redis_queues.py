"""The queues of Celery on Redis, as kombu keeps them: a list a queue and priority, and what is taken but not done."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from redis.exceptions import RedisError, ResponseError

from diagnostics.probes.parts.queue_facts import QueueFacts, head_of, told_of
from diagnostics.probes.parts.redis_health import health
from diagnostics.probes.parts.redis_talk import Talk, meaning_of
from diagnostics.probes.parts.server_address import NoAnswer
from diagnostics.probes.parts.told import PartTold

# kombu's own, and the one that Celery's manual sets for priorities.
SEPARATORS = ("\x06\x16", ":")
PRIORITIES = range(1, 10)  # 0 is the queue's plain name, and is taken first
MILLISECONDS = 100_000_000_000  # a time that is larger is not in seconds
LATEST = 1000 * MILLISECONDS  # what is larger still is no time


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients of this database by what they do; None where the server does not tell us."""

    taking: int | None = None  # from lists: that was the last that they asked for, as a worker's does while it is busy
    waiting: int | None = None  # of those, for a message to come
    listening: int | None = None  # for calls to all workers, as each worker of Celery does


def look(speaking: Talk, queues: Sequence[str]) -> PartTold:
    """Redis does not know who consumes for Celery: that nobody does is told where there is no sign of anybody."""
    problem, values = health(speaking)
    counted = {name: _lists(speaking, name) for name in queues}
    unacknowledged, longest = _unacknowledged(speaking)
    clients = _clients(speaking)
    consumers = 0 if (clients.taking, clients.listening) == (0, 0) else None
    facts = [replace(_facts(name, lists), consumers=consumers) for name, lists in counted.items()]
    with suppress(NoAnswer, RedisError):  # last, since a message can be larger than we read
        facts = [_with_head(speaking, queue, counted[queue.name]) for queue in facts]
    return told_of(
        facts,
        problem,
        **values,
        consumers=consumers,
        unacknowledged=unacknowledged,
        longest_unacknowledged_seconds=longest,
        waiting_clients=clients.waiting,
        listening_clients=clients.listening,
        failed_jobs=None,
    )


def _lists(speaking: Talk, queue: str) -> Mapping[str, Any]:
    """The replies to LLEN by name of the list, the plain one first, then the priorities in their order."""
    names = [queue, *(f"{queue}{mark}{priority}" for priority in PRIORITIES for mark in SEPARATORS)]
    return dict(zip(names, speaking.ask(*(("LLEN", name) for name in names)), strict=True))


def _facts(queue: str, lists: Mapping[str, Any]) -> QueueFacts:
    refusal = lists[queue]
    if isinstance(refusal, ResponseError):
        return QueueFacts(queue, problem=queue_problem(refusal))
    return QueueFacts(queue, sum(length for length in lists.values() if isinstance(length, int)))


def queue_problem(refusal: ResponseError) -> str:
    """Why there is nothing to count under the name of a queue."""
    return "wrong_type" if str(refusal).startswith("WRONGTYPE") else meaning_of(refusal)[1]


def _with_head(speaking: Talk, queue: QueueFacts, lists: Mapping[str, Any]) -> QueueFacts:
    filled = next((name for name, length in lists.items() if isinstance(length, int) and length), None)
    if queue.problem or filled is None:
        return queue
    message = speaking.ask_one("LINDEX", filled, -1)  # put in at the left, taken at the right
    if message is None:  # taken meanwhile
        return queue
    told = _told_in(message)
    return replace(queue, head=head_of(_identity(told) or message), oldest_seconds=_age(told))


def _told_in(message: bytes) -> Mapping[str, Any]:
    """Headers and properties of a message; its body is not looked at."""
    try:
        envelope = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    parts = [envelope.get(name) for name in ("properties", "headers")] if isinstance(envelope, dict) else []
    return {name: value for part in parts if isinstance(part, dict) for name, value in part.items()}


def _identity(told: Mapping[str, Any]) -> str:
    return str(told.get("id") or told.get("correlation_id") or "")


def _age(told: Mapping[str, Any]) -> float | None:
    """Seconds since a message was sent, where whoever sent it says so; Celery itself does not."""
    sent = told.get("timestamp")
    if isinstance(sent, str):
        return age_since(sent)
    if not isinstance(sent, int | float) or isinstance(sent, bool) or not 0 < sent < LATEST:
        return None
    return max(0.0, time.time() - (sent / 1000 if sent > MILLISECONDS else sent))


def age_since(moment: bytes | str | None) -> float | None:
    """Seconds since a moment as ISO 8601 writes it, in UTC where it does not say; None for anything else."""
    text = moment.decode(errors="replace") if isinstance(moment, bytes) else moment
    try:
        then = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (datetime.now(UTC) - then).total_seconds())


def _unacknowledged(speaking: Talk) -> tuple[int | None, float | None]:
    """How many messages of this database are taken but not done, and since how many seconds the first of them is."""
    count, first = speaking.ask(("HLEN", "unacked"), ("ZRANGE", "unacked_index", 0, 0, "WITHSCORES"))
    taken_at = float(first[1]) if isinstance(first, list) and len(first) == 2 else None
    longest = None if taken_at is None else max(0.0, time.time() - taken_at)
    return (count, longest) if isinstance(count, int) else (None, None)


def _clients(speaking: Talk) -> Clients:
    (reply,) = speaking.ask(("CLIENT", "LIST"))
    if not isinstance(reply, bytes):
        return Clients()
    lines = reply.decode(errors="replace").splitlines()
    clients = [dict(pair.partition("=")[::2] for pair in line.split()) for line in lines]
    ours = [client for client in clients if client.get("db") == str(speaking.database)]
    taking = [client for client in ours if client.get("cmd") == "brpop"]
    return Clients(
        taking=len(taking),
        waiting=sum("b" in client.get("flags", "") for client in taking),
        listening=sum(client.get("psub", "0") != "0" for client in ours),
    )
