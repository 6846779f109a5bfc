"""Queues on a real broker that speaks AMQP: with and without consumers, missing, refused, stopped and hung."""

from __future__ import annotations

import ssl
import time
from pathlib import Path

import pytest

from diagnostics.probes.parts import broker
from diagnostics.probes.parts.told import PartTold
from tests.servers.amqp_server import AmqpServer
from tests.servers.celery_app import SECRET, celery_at
from tests.servers.certificates import made_in
from tests.servers.redis_server import free_port
from tests.servers.rude_server import MANNERS, Manner, banner, rude_server, web_page
from tests.servers.tcp_proxy import tcp_proxy
from tests.servers.workers import celery_worker, until

SECONDS, LITTLE = 1.0, 3.0


def look(url: str, *queues: str, seconds: float = 10) -> PartTold:
    return broker.look({"url": url, "kind": "celery", "queues": list(queues)}, seconds)


def what(told: PartTold) -> tuple[str, str]:
    return told.state, told.problem


def test_messages_that_wait_for_nobody_are_counted_and_left_as_they_are(amqp: AmqpServer) -> None:
    first, empty = amqp.make(messages=3), amqp.make()
    until(lambda: look(amqp.url, first), lambda told: told.values["queue_length"] == 3)
    told = look(amqp.url, first, empty)
    assert (*what(told), told.detail) == ("impaired", "no_consumers", first)
    assert told.values == {
        "queue_length": 3,
        "queues": f"{first}: 3, {empty}: 0",
        "head": None,
        "oldest_seconds": None,
        "consumers": 0,
        "unacknowledged": None,
        "failed_jobs": None,
    }
    message = amqp.connection.channel().basic_get(first)
    assert (message.delivery_info["message_count"], message.delivery_info["redelivered"]) == (2, False)
    assert SECRET in message.body
    assert SECRET not in repr(told)


def test_a_queue_with_a_consumer_is_up(amqp: AmqpServer) -> None:
    name = amqp.make()
    with amqp.connection.channel() as channel:
        channel.basic_consume(name)
        told = look(amqp.url, name)
    assert (*what(told), told.values["consumers"]) == ("up", "", 1)


def test_a_queue_that_does_not_exist_is_told_not_made_and_the_others_counted(amqp: AmqpServer) -> None:
    missing, there = amqp.name(), amqp.make(messages=1)
    until(lambda: look(amqp.url, there), lambda told: told.values["queue_length"] == 1)
    for _ in range(2):
        told = look(amqp.url, missing, there)
        assert (*what(told), told.detail) == ("impaired", "no_queue", missing)
        assert told.values["queues"] == f"{missing}: ?, {there}: 1"
    assert look(amqp.url, missing).values["queue_length"] is None


def test_a_queue_that_another_keeps_to_itself_is_locked(amqp: AmqpServer) -> None:
    name = amqp.name()
    amqp.connection.channel().queue_declare(name, exclusive=True)
    assert what(look(amqp.url, name)) == ("impaired", "locked")


def test_tasks_of_celery_wait_until_its_worker_comes(amqp: AmqpServer) -> None:
    name = amqp.name()
    with celery_at(amqp.url) as app:
        app.send_task("host.compose", kwargs={"token": SECRET}, queue=name)
    waits = until(lambda: look(amqp.url, name), lambda told: told.values["queue_length"] == 1)
    assert what(waits) == ("impaired", "no_consumers")
    assert SECRET not in repr(waits)
    with celery_worker(amqp.url, name):
        told = until(lambda: look(amqp.url, name), lambda told: told.values["queue_length"] == 0)
        assert (*what(told), told.values["consumers"]) == ("up", "", 1)


@pytest.mark.parametrize("login", ["guest:never-told-9", "nobody:never-told-9"])
def test_it_is_denied_with_another_password(amqp: AmqpServer, login: str) -> None:
    host, port = amqp.place
    told = look(f"amqp://{login}@{host}:{port}/")
    assert what(told) == ("down", "denied")
    assert SECRET not in repr(told)


def test_it_is_denied_at_a_virtual_host_that_is_not_there(amqp: AmqpServer) -> None:
    assert what(look(f"{amqp.url.rstrip('/')}/nobody%2Fs")) == ("down", "denied")


def test_the_usual_virtual_host_has_three_spellings(amqp: AmqpServer) -> None:
    name, base = amqp.make(), amqp.url.rstrip("/")
    assert [what(look(f"{base}{path}", name)) for path in ("", "/", "/%2F")] == [("up", "")] * 3


def test_it_is_refused_where_nobody_listens() -> None:
    assert what(look(f"amqp://guest:guest@127.0.0.1:{free_port()}/")) == ("down", "refused")


def test_a_name_that_nobody_has_is_told_apart() -> None:
    assert what(look("amqp://guest:guest@nobody.invalid/")) == ("down", "no_name")


def test_it_speaks_tls_and_checks_who_answers(amqp: AmqpServer, tmp_path: Path) -> None:
    name, certificate = amqp.make(), made_in(tmp_path)
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate.path, certificate.key)
    with tcp_proxy(amqp.place, secured) as proxy:
        url = amqp.at(proxy.port).replace("amqp:", "amqps:").replace("127.0.0.1", "localhost")
        assert what(look(f"{url}?ssl_ca_certs={certificate.path}", name)) == ("up", "")
        assert what(look(f"{url}?ssl_cert_reqs=CERT_NONE", name)) == ("up", "")
        told = look(url, name)
    assert (*what(told), told.detail) == ("down", "tls", "self-signed certificate")


def test_a_broker_that_speaks_no_tls_is_told_apart(amqp: AmqpServer) -> None:
    assert what(look(amqp.url.replace("amqp:", "amqps:"))) == ("down", "tls")


@pytest.mark.parametrize("manner", [banner, web_page])
def test_what_speaks_another_protocol_is_told_apart(manner: Manner) -> None:
    with rude_server(manner) as port:
        assert what(look(f"amqp://127.0.0.1:{port}/")) == ("down", "protocol")


@pytest.mark.parametrize("answers", range(8))
def test_it_ends_in_time_wherever_the_broker_hangs(amqp: AmqpServer, answers: int) -> None:
    """Seven answers come: start, tune, open, and for the queue a channel and its counts; the last two are goodbyes."""
    name = amqp.make()
    with tcp_proxy(amqp.place) as proxy:
        proxy.freeze(after_answers=answers)
        begun = time.monotonic()
        told = look(amqp.at(proxy.port), name, seconds=SECONDS)
        assert time.monotonic() - begun < SECONDS + LITTLE
        assert what(told) == (("up", "") if answers >= 5 else ("unknown", "timeout"))
        proxy.thaw()
        assert what(look(amqp.at(proxy.port), name)) == ("up", "")


@pytest.mark.parametrize("scheme", ["amqp", "amqps"])
@pytest.mark.parametrize("manner", MANNERS)
def test_it_ends_in_time_whatever_answers(manner: Manner, scheme: str) -> None:
    with rude_server(manner) as port:
        begun = time.monotonic()
        told = look(f"{scheme}://guest:{SECRET}@127.0.0.1:{port}/", seconds=SECONDS)
        took = time.monotonic() - begun
    assert took < SECONDS + LITTLE
    assert told.state in {"down", "unknown"}
    assert told.problem
    assert SECRET not in repr(told)
