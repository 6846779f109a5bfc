"""Cache and broker asked as the worker asks them: by a helper process, through a pipe."""

from __future__ import annotations

from diagnostics.domain.parts import BROKER, CACHE
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.told import PartQuestion
from tests.servers.amqp_server import AmqpServer
from tests.servers.celery_app import SECRET, celery_at
from tests.servers.redis_server import PASSWORD, QUOTED, RedisServer
from tests.servers.rude_server import echo, rude_server


def test_cache_and_broker_tell_through_the_helper(redis: RedisServer) -> None:
    with celery_at(redis.url) as app:
        app.send_task("host.compose", kwargs={"token": SECRET})
    cache = ask(PartQuestion(CACHE, 5, {"url": redis.url}))
    assert (cache.state, cache.problem) == ("up", "")
    told = ask(PartQuestion(BROKER, 5, {"url": redis.url, "kind": "celery", "queues": []}))
    assert (told.state, told.problem, told.values["queue_length"]) == ("impaired", "no_consumers", 1)
    assert SECRET not in repr(told)


def test_a_queue_of_amqp_tells_through_the_helper(amqp: AmqpServer) -> None:
    name = amqp.make()
    told = ask(PartQuestion(BROKER, 5, {"url": amqp.url, "kind": "celery", "queues": [name]}))
    assert (told.state, told.values["queues"]) == ("up", f"{name}: 0")


def test_one_that_hangs_is_unknown_and_known_again_when_it_goes_on(redis: RedisServer) -> None:
    question = PartQuestion(CACHE, 1, {"url": redis.url})
    redis.freeze()
    told = ask(question)
    assert (told.state, told.problem) == ("unknown", "timeout")
    redis.thaw()
    assert ask(question).state == "up"


def test_no_password_comes_back_whatever_the_server_repeats() -> None:
    with rude_server(echo) as port:
        told = ask(PartQuestion(CACHE, 5, {"url": f"redis://probe:{QUOTED}@127.0.0.1:{port}/0"}))
    assert (told.state, told.problem) == ("impaired", "error")
    assert PASSWORD not in repr(told)
    assert QUOTED not in repr(told)
