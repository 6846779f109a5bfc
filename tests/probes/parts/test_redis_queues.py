"""Queues of a real Celery on a real Redis: with and without workers, and where the server or its data are not as meant."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from redis import Redis

from diagnostics.probes.parts import broker
from diagnostics.probes.parts.told import PartTold
from tests.servers.celery_app import SECRET, celery_at
from tests.servers.redis_server import PASSWORD, QUOTED, RedisServer
from tests.servers.rude_server import MANNERS, Manner, rude_server
from tests.servers.tcp_proxy import tcp_proxy
from tests.servers.workers import celery_worker, until

SECONDS, LITTLE = 1.0, 3.0


def look(url: str, *queues: str, seconds: float = 5) -> PartTold:
    return broker.look({"url": url, "kind": "celery", "queues": list(queues)}, seconds)


def what(told: PartTold) -> tuple[str, str]:
    return told.state, told.problem


def longest(told: PartTold) -> float:
    return float(told.values["longest_unacknowledged_seconds"] or 0)


def send(redis: RedisServer, task: str = "host.compose", queue: str = "celery", **options: object) -> None:
    with celery_at(redis.url) as app:
        app.send_task(task, queue=queue, **options)


def test_an_empty_queue_is_up_whoever_consumes(redis: RedisServer) -> None:
    told = look(redis.url)
    assert what(told) == ("up", "")
    assert (told.values["queue_length"], told.values["queues"], told.values["head"]) == (0, "celery: 0", None)


def test_a_task_without_a_worker_waits_and_nobody_consumes(redis: RedisServer) -> None:
    send(redis, kwargs={"token": SECRET})
    send(redis, queue="mail", kwargs={"token": SECRET})
    told = look(redis.url, "celery", "mail", "empty")
    assert (*what(told), told.detail) == ("impaired", "no_consumers", "celery, mail")
    assert (told.values["queue_length"], told.values["consumers"], told.values["unacknowledged"]) == (2, 0, 0)
    assert told.values["queues"] == "celery: 1, mail: 1, empty: 0"
    assert SECRET not in repr(told)


def test_looking_takes_nothing_and_knows_the_message_that_is_taken_next(redis: RedisServer) -> None:
    send(redis, task_id="the-first")
    first = look(redis.url).values["head"]
    send(redis, task_id="the-second")
    assert look(redis.url).values["head"] == first
    assert "the-first" not in str(first)
    assert b"the-first" in (redis.client.rpop("celery") or b"")
    assert look(redis.url).values["head"] not in {first, None}


def test_the_oldest_message_has_an_age_where_it_tells_when_it_was_sent(redis: RedisServer) -> None:
    with celery_at(redis.url) as app, app.amqp.Producer(app.connection_for_write()) as producer:
        producer.publish({}, routing_key="timed", declare=[app.amqp.queues["timed"]], timestamp=int(time.time()) - 90)
    told = look(redis.url, "timed", "celery")
    assert told.values["oldest_seconds"] == pytest.approx(90, abs=5)
    send(redis)
    assert look(redis.url).values["oldest_seconds"] is None


@pytest.mark.parametrize(
    ("written", "age"),
    [
        (lambda now: now - 60, 60),
        (lambda now: (now - 60) * 1000, 60),
        (lambda now: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - 60)), 60),
        (lambda now: now + 900, 0),
        (lambda now: "soon", None),
        (lambda now: True, None),
        (lambda now: 10**400, None),
        (lambda now: float("nan"), None),
        (lambda now: -1, None),
        (lambda now: [now], None),
    ],
)
def test_a_time_of_sending_is_read_as_senders_write_it(
    redis: RedisServer, written: Callable[[float], object], age: float | None
) -> None:
    with celery_at(redis.url) as app:
        app.send_task("host.compose", headers={"timestamp": written(time.time())})
    found = look(redis.url).values["oldest_seconds"]
    assert found == (age if age is None else pytest.approx(age, abs=5))


def test_messages_of_all_priorities_are_counted(redis: RedisServer) -> None:
    for priority in (0, 3, 6, 9):
        send(redis, priority=priority)
    assert look(redis.url).values["queue_length"] == 4
    redis.client.delete("celery", "celery\x06\x163", "celery\x06\x166")
    told = look(redis.url)
    assert told.values["queue_length"] == 1
    assert told.values["head"] is not None
    redis.client.rename("celery\x06\x169", "celery:9")  # as with the separator of Celery's manual
    again = look(redis.url)
    assert (again.values["queue_length"], again.values["head"]) == (1, told.values["head"])


def test_a_worker_that_waits_is_seen_and_that_it_has_gone_too(redis: RedisServer) -> None:
    send(redis, queue="other")
    with celery_worker(redis.url, "celery"):
        told = until(lambda: look(redis.url), lambda told: bool(told.values["waiting_clients"]))
        assert what(told) == ("up", "")
        assert told.values["consumers"] is None
        assert what(look(redis.url.replace("/0", "/1"))) == ("up", "")
        assert look(redis.url.replace("/0", "/1")).values["waiting_clients"] == 0
    assert what(until(lambda: look(redis.url, "other"), lambda told: told.state != "up")) == (
        "impaired",
        "no_consumers",
    )


def test_a_worker_that_is_busy_holds_what_it_has_not_done(redis: RedisServer) -> None:
    send(redis, "host.compose_late", args=[60])
    send(redis, "host.compose_late", args=[60])
    with celery_worker(redis.url, "celery"):
        told = until(lambda: look(redis.url), lambda told: longest(told) > 0.5)
    assert what(told) == ("up", "")
    assert told.values["unacknowledged"] in {1, 2}
    assert longest(told) < 60
    send(redis)
    gone = until(lambda: look(redis.url), lambda told: told.state != "up")  # killed, it took none of them with it
    assert what(gone) == ("impaired", "no_consumers")
    assert gone.values["unacknowledged"] == told.values["unacknowledged"]


def test_whoever_took_a_message_and_is_busy_with_it_may_be_a_worker(redis: RedisServer) -> None:
    send(redis)
    redis.client.lpush("other", "a")
    with Redis(port=redis.port, password=PASSWORD, single_connection_client=True) as worker:
        worker.brpop(["other"])
        told = look(redis.url)
        assert (*what(told), told.values["consumers"], told.values["waiting_clients"]) == ("up", "", None, 0)
    assert what(until(lambda: look(redis.url), lambda told: told.state != "up")) == ("impaired", "no_consumers")


def test_whoever_listens_as_a_worker_does_may_be_one(redis: RedisServer) -> None:
    send(redis)
    with redis.client.pubsub() as listening:  # type: ignore[no-untyped-call]
        listening.psubscribe("/0.celery.pidbox")
        told = until(lambda: look(redis.url), lambda told: told.values["listening_clients"] == 1)
        assert (*what(told), told.values["consumers"]) == ("up", "", None)
    assert what(until(lambda: look(redis.url), lambda told: told.state != "up")) == ("impaired", "no_consumers")


def test_another_type_under_the_name_of_a_queue_is_told_and_the_others_counted(redis: RedisServer) -> None:
    redis.client.set("celery", SECRET)
    send(redis, queue="mail")
    told = look(redis.url, "celery", "mail")
    assert (*what(told), told.detail) == ("impaired", "wrong_type", "celery")
    assert (told.values["queue_length"], told.values["queues"]) == (1, "celery: ?, mail: 1")
    assert look(redis.url).values["queue_length"] is None
    assert SECRET not in repr(told)


def test_another_type_under_a_name_of_celery_itself_is_no_reason_to_fail(redis: RedisServer) -> None:
    redis.client.mset({"unacked": "a", "unacked_index": "b", "celery:3": "c"})
    told = look(redis.url)
    assert what(told) == ("up", "")
    assert told.values["unacknowledged"] is None


def test_messages_that_are_none_of_celery_are_counted_and_their_content_is_not_told(redis: RedisServer) -> None:
    strange = (f"token={SECRET}", "[1]", "[" * 200_000, '{"headers": 7, "properties": [1]}', "\0\udcff")
    for number, message in enumerate(text.encode(errors="surrogateescape") for text in strange):
        redis.client.lpush(f"queue {number}", message)
        told = look(redis.url, f"queue {number}")
        assert told.values["queue_length"] == 1
        assert told.values["head"] is not None
        assert told.values["oldest_seconds"] is None
        assert SECRET not in repr(told)


def test_a_huge_queue_takes_no_longer(redis: RedisServer) -> None:
    for _ in range(10):
        redis.client.lpush("celery", *["x"] * 100_000)
    begun = time.monotonic()
    assert look(redis.url).values["queue_length"] == 1_000_000
    assert time.monotonic() - begun < LITTLE


def test_a_huge_message_is_not_read_to_its_end_and_all_else_is_told(redis: RedisServer) -> None:
    redis.client.lpush("celery", b"x" * 20_000_000)
    told = look(redis.url)
    assert what(told) == ("impaired", "no_consumers")
    assert (told.values["queue_length"], told.values["head"]) == (1, None)


def test_whoever_may_not_list_the_clients_does_not_know_who_consumes(redis: RedisServer) -> None:
    send(redis)
    redis.client.acl_setuser("probe", enabled=True, nopass=True, keys=["*"], commands=["+@all", "-client"])
    told = look(f"redis://probe:any@127.0.0.1:{redis.port}/0")
    assert what(told) == ("up", "")
    assert (told.values["waiting_clients"], told.values["consumers"], told.values["queue_length"]) == (None, None, 1)


def test_a_queue_that_we_may_not_read_is_denied(redis: RedisServer) -> None:
    redis.client.acl_setuser("probe", enabled=True, nopass=True, keys=["mail*"], commands=["+@all"])
    told = look(f"redis://probe:any@127.0.0.1:{redis.port}/0", "celery", "mail")
    assert (*what(told), told.detail) == ("impaired", "denied", "celery")
    assert told.values["queues"] == "celery: ?, mail: 0"


def test_a_broker_that_takes_no_more_is_full_whoever_consumes(redis: RedisServer) -> None:
    send(redis)
    redis.client.config_set("maxmemory", 1)
    told = look(redis.url)
    assert what(told) == ("impaired", "full")
    assert told.values["queue_length"] == 1


def test_it_is_refused_where_it_is_stopped_and_denied_with_another_password(redis: RedisServer) -> None:
    assert what(look(redis.url.replace(QUOTED, "wrong"))) == ("down", "denied")
    redis.stop()
    assert what(look(redis.url)) == ("down", "refused")


@pytest.mark.parametrize("answers", [0, 1, 2, 3, 4])
def test_it_ends_in_time_where_the_server_hangs_in_the_middle(redis: RedisServer, answers: int) -> None:
    send(redis)
    with tcp_proxy(("127.0.0.1", redis.port)) as proxy:
        url = redis.url.replace(str(redis.port), str(proxy.port))
        proxy.freeze(after_answers=answers)
        begun = time.monotonic()
        assert what(look(url, seconds=SECONDS)) == ("unknown", "timeout")
        assert time.monotonic() - begun < SECONDS + LITTLE
        proxy.thaw()
        assert look(url).values["queue_length"] == 1


@pytest.mark.parametrize("kind", ["celery", "rq"])
@pytest.mark.parametrize("manner", MANNERS)
def test_it_ends_in_time_whatever_answers(manner: Manner, kind: str) -> None:
    with rude_server(manner) as port:
        begun = time.monotonic()
        told = broker.look({"url": f"redis://:{SECRET}@127.0.0.1:{port}/0", "kind": kind, "queues": []}, SECONDS)
        took = time.monotonic() - begun
    assert took < SECONDS + LITTLE
    assert told.state != "up"
    assert told.problem
    assert SECRET not in repr(told)
