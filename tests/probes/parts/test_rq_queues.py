"""Queues of a real RQ on a real Redis: what waits, fails, is put off, and who works."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from rq import Queue

from diagnostics.probes.parts import broker
from diagnostics.probes.parts.told import PartTold
from tests.servers.redis_server import RedisServer
from tests.servers.rq_jobs import compose, fail
from tests.servers.workers import rq_worker, until

SECRET = "never-told-9"


def look(redis: RedisServer, *queues: str) -> PartTold:
    return broker.look({"url": redis.url, "kind": "rq", "queues": list(queues)}, 5)


def what(told: PartTold) -> tuple[str, str]:
    return told.state, told.problem


def test_an_empty_queue_is_up_whoever_works(redis: RedisServer) -> None:
    told = look(redis)
    assert what(told) == ("up", "")
    assert (told.values["queues"], told.values["failed_jobs"], told.values["consumers"]) == ("default: 0", 0, 0)


def test_a_job_without_a_worker_waits_and_its_age_is_known(redis: RedisServer) -> None:
    queue = Queue("songs", connection=redis.client)
    job = queue.enqueue(compose, SECRET, job_id="the-first")
    job.enqueued_at = datetime.now(UTC) - timedelta(seconds=90)
    job.save()
    queue.enqueue(compose, SECRET)
    told = look(redis, "songs", "mail")
    assert (*what(told), told.detail) == ("impaired", "no_consumers", "songs")
    assert told.values["oldest_seconds"] == pytest.approx(90, abs=5)
    assert (told.values["queue_length"], told.values["queues"]) == (2, "songs: 2, mail: 0")
    assert SECRET not in repr(told)
    assert "the-first" not in repr(told)
    assert look(redis, "songs").values["head"] == told.values["head"]
    job.delete()
    assert look(redis, "songs").values["head"] != told.values["head"]


def test_a_failed_job_is_counted_with_the_time_of_the_newest_and_not_its_words(redis: RedisServer) -> None:
    queue = Queue(connection=redis.client)
    queue.enqueue(fail, f"token={SECRET}")
    queue.enqueue(fail, f"token={SECRET}")
    with rq_worker(redis.url, "--burst", "default") as worker:
        assert worker.wait(60) == 0
    told = look(redis)
    assert what(told) == ("up", "")
    assert (told.values["queue_length"], told.values["failed_jobs"], told.values["consumers"]) == (0, 2, 0)
    assert 0 <= float(told.values["newest_failure_seconds"] or 0) < 30
    assert SECRET not in repr(told)


def test_jobs_that_are_put_off_or_wait_for_others_are_told_apart(redis: RedisServer) -> None:
    queue = Queue(connection=redis.client)
    first = queue.enqueue(compose)
    queue.enqueue(compose, depends_on=first)
    queue.enqueue_in(timedelta(hours=1), compose)
    values = look(redis).values
    assert (values["queue_length"], values["deferred_jobs"], values["scheduled_jobs"]) == (1, 1, 1)


def test_a_worker_is_counted_once_for_all_its_queues_while_its_heart_beats(redis: RedisServer) -> None:
    with rq_worker(redis.url, "default", "mail"):
        told = until(lambda: look(redis, "default", "mail"), lambda told: bool(told.values["consumers"]))
    assert (*what(told), told.values["consumers"]) == ("up", "", 1)
    assert 0 <= float(told.values["newest_heartbeat_seconds"] or 0) < 30
    (worker,) = redis.client.smembers("rq:workers:default")  # its name stays: it was killed
    redis.client.pexpire(worker, 1)
    Queue(connection=redis.client).enqueue(compose)
    gone = until(lambda: look(redis, "default", "mail"), lambda told: told.values["consumers"] == 0)
    assert (*what(gone), gone.detail) == ("impaired", "no_consumers", "default")


def test_a_job_that_is_worked_on_is_taken_and_not_done(redis: RedisServer) -> None:
    Queue(connection=redis.client).enqueue("time.sleep", 60)
    with rq_worker(redis.url, "default"):
        told = until(lambda: look(redis), lambda told: bool(told.values["unacknowledged"]))
    assert (*what(told), told.values["unacknowledged"], told.values["queue_length"]) == ("up", "", 1, 0)


def test_workers_that_are_suspended_are_told(redis: RedisServer) -> None:
    for command, problem in (("suspend", "suspended"), ("resume", "")):
        subprocess.run([sys.executable, "-m", "rq.cli", command, "-u", redis.url], check=True, capture_output=True)
        assert look(redis).problem == problem


def test_other_types_under_the_names_of_rq_are_told_and_the_rest_counted(redis: RedisServer) -> None:
    redis.client.set("rq:queue:default", SECRET)
    redis.client.mset({"rq:workers:mail": "a", "rq:failed:mail": "b", "rq:wip:mail": "c"})
    redis.client.rpush("rq:queue:mail", b"\xff\0no job")
    told = look(redis, "default", "mail")
    assert (*what(told), told.detail) == ("impaired", "wrong_type", "default")
    assert (told.values["queues"], told.values["oldest_seconds"]) == ("default: ?, mail: 1", None)
    values = look(redis, "mail").values
    assert (values["failed_jobs"], values["consumers"]) == (None, None)
    assert SECRET not in repr(told)


def test_a_queue_that_we_may_not_read_is_denied(redis: RedisServer) -> None:
    keys = ["rq:*:mail"]
    redis.client.acl_setuser("probe", enabled=True, nopass=True, keys=keys, commands=["+@all"])
    how = {"url": f"redis://probe:any@127.0.0.1:{redis.port}/0", "kind": "rq", "queues": ["default", "mail"]}
    told = broker.look(how, 5)
    assert (*what(told), told.detail) == ("impaired", "denied", "default")
    assert told.values["queues"] == "default: ?, mail: 0"


def test_whoever_may_not_look_at_the_workers_does_not_know_that_there_are_none(redis: RedisServer) -> None:
    Queue(connection=redis.client).enqueue(compose)
    redis.client.sadd("rq:workers:default", "rq:worker:a")
    redis.client.hset("rq:worker:a", "last_heartbeat", "2026-01-01T00:00:00Z")
    keys = ["rq:queue:*", "rq:workers:*", "rq:job:*"]
    redis.client.acl_setuser("probe", enabled=True, nopass=True, keys=keys, commands=["+@all"])
    told = broker.look({"url": f"redis://probe:any@127.0.0.1:{redis.port}/0", "kind": "rq", "queues": []}, 5)
    assert (*what(told), told.values["consumers"], told.values["queue_length"]) == ("up", "", None, 1)
