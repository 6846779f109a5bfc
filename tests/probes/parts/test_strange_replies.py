"""A server that speaks the language of Redis and answers anything to anything: the look tells, and never stumbles."""

from __future__ import annotations

import json
import random
import socket

import pytest

from diagnostics.probes.parts import broker, cache
from diagnostics.probes.parts.told import PartTold
from tests.servers.rude_server import rude_server

SECRET = "never-told-9"
TEXTS = (b"", b"PONG", b"role:slave\r\nmaxmemory:x\r\nused_memory:1e9\r\n:\r\n", b"db=0 cmd=brpop flags=b psub=", b"\xff\0",
         b'{"headers": {"timestamp": 1e300, "id": {"a": "' + SECRET.encode() + b'"}}}', b"inf", b"nan", SECRET.encode())  # fmt: skip


def reply(chance: random.Random, depth: int = 0) -> bytes:
    text = chance.choice(TEXTS)
    kinds = (
        lambda: b"+OK\r\n",
        lambda: b":%d\r\n" % chance.choice((0, 1, -1, 10**30)),
        lambda: b"$%d\r\n%b\r\n" % (len(text), text),
        lambda: b"$-1\r\n",
        lambda: chance.choice((b"-WRONGTYPE no\r\n", b"-NOPERM no\r\n", b"-ERR \r\n", b"-\r\n")),
        lambda: b"*%d\r\n" % 2 + b"".join(reply(chance, depth + 1) for _ in range(2)) if depth < 3 else b"*0\r\n",
    )
    return chance.choice(kinds)()


def look(seed: int, kind: str) -> PartTold:
    def answer(client: socket.socket) -> None:
        chance = random.Random(seed)
        client.sendall(b"+PONG\r\n" if chance.random() < 0.8 else b"+OK\r\n")
        while client.recv(65_536):
            client.sendall(b"".join(reply(chance) for _ in range(50)))

    with rude_server(answer) as port:
        url = f"redis://127.0.0.1:{port}/0"
        if kind == "cache":
            return cache.look({"url": url}, 2)
        return broker.look({"url": url, "kind": kind, "queues": ["a", "b"]}, 2)


@pytest.mark.parametrize("kind", ["cache", "celery", "rq"])
def test_whatever_it_answers_something_is_told_and_no_content(kind: str) -> None:
    states = set()
    for seed in range(80):
        told = look(seed, kind)
        states.add(told.state)
        assert bool(told.problem) == (told.state != "up"), (seed, told)
        assert all(isinstance(value, int | float | str | None) for value in told.values.values()), (seed, told)
        json.dumps(dict(told.values))
        assert SECRET not in repr(told), seed
    assert len(states) > 1
