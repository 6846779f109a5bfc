"""The queues of RQ on Redis: what waits, who works, what failed, as RQ itself keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from diagnostics.probes.parts.queue_facts import QueueFacts, head_of, told_of
from diagnostics.probes.parts.redis_health import health
from diagnostics.probes.parts.redis_queues import age_since, queue_problem
from diagnostics.probes.parts.redis_talk import Talk
from diagnostics.probes.parts.told import PartTold

REGISTRIES = ("wip", "failed", "deferred", "scheduled")


@dataclass(frozen=True, slots=True)
class Found:
    """One queue's counts by registry, its workers' keys with the ages of their heartbeats, and that of its newest failure."""

    facts: QueueFacts
    counts: Sequence[int | None]  # as REGISTRIES
    heartbeats: Mapping[bytes, float | None] | None  # None where we may not know the workers
    newest_failure_seconds: float | None


def look(speaking: Talk, queues: Sequence[str]) -> PartTold:
    problem, values = health(speaking)
    (suspended,) = speaking.ask(("EXISTS", "rq:suspended"))
    found = [_found(speaking, name) for name in queues]
    started, failed, deferred, scheduled = (_sum(counts) for counts in zip(*(one.counts for one in found), strict=True))
    known = [one.heartbeats for one in found if one.heartbeats is not None]
    heartbeats = {key: age for ages in known for key, age in ages.items()}
    return told_of(
        [one.facts for one in found],
        problem or ("suspended" if suspended == 1 else ""),
        **values,
        consumers=len(heartbeats) if known else None,
        newest_heartbeat_seconds=_least(heartbeats.values()),
        unacknowledged=started,
        failed_jobs=failed,
        newest_failure_seconds=_least(one.newest_failure_seconds for one in found),
        deferred_jobs=deferred,
        scheduled_jobs=scheduled,
    )


def _found(speaking: Talk, queue: str) -> Found:
    length, head, workers, failure, *counts = speaking.ask(
        ("LLEN", f"rq:queue:{queue}"),
        ("LINDEX", f"rq:queue:{queue}", 0),
        ("SMEMBERS", f"rq:workers:{queue}"),
        ("ZREVRANGE", f"rq:failed:{queue}", 0, 0),
        *(("ZCARD", f"rq:{registry}:{queue}") for registry in REGISTRIES),
    )
    heartbeats = _heartbeats(speaking, workers) if isinstance(workers, list) else None
    newest = failure[0] if isinstance(failure, list) and failure else None
    return Found(
        facts=_facts(speaking, queue, length, head, None if heartbeats is None else len(heartbeats)),
        counts=[count if isinstance(count, int) else None for count in counts],
        heartbeats=heartbeats,
        newest_failure_seconds=_age_of_job(speaking, newest, "ended_at"),
    )


def _facts(speaking: Talk, queue: str, length: Any, head: Any, workers: int | None) -> QueueFacts:
    if isinstance(length, ResponseError):
        return QueueFacts(queue, problem=queue_problem(length))
    if not isinstance(head, bytes):
        return QueueFacts(queue, length, workers)
    age = _age_of_job(speaking, head, "enqueued_at")
    return QueueFacts(queue, length, workers, head=head_of(head), oldest_seconds=age)


def _heartbeats(speaking: Talk, workers: Sequence[bytes]) -> Mapping[bytes, float | None] | None:
    """Those of the workers that live: the key of one that does not renew it expires, while its name stays in the set."""
    if not workers:
        return {}
    replies = speaking.ask(
        *(command for key in workers for command in (("EXISTS", key), ("HGET", key, "last_heartbeat")))
    )
    if any(isinstance(reply, ResponseError) for reply in replies):
        return None
    pairs = zip(workers, replies[::2], replies[1::2], strict=True)
    return {worker: _age(heartbeat) for worker, exists, heartbeat in pairs if exists == 1}


def _age_of_job(speaking: Talk, job: bytes | None, moment: str) -> float | None:
    if job is None:
        return None
    (reply,) = speaking.ask(("HGET", b"rq:job:" + job, moment))
    return _age(reply)


def _age(reply: object) -> float | None:
    return age_since(reply) if isinstance(reply, bytes) else None


def _sum(counts: Iterable[int | None]) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def _least(ages: Iterable[float | None]) -> float | None:
    return min((age for age in ages if age is not None), default=None)
