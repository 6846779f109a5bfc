"""A database server of our own: up, stopped, held still, full, refusing the password, and up again."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from diagnostics.domain.parts import DATABASE
from diagnostics.probes.databases import connect
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.told import PartQuestion, PartTold
from tests.faults.hang import eventually, within
from tests.probes.parts.own_servers import MOST_CONNECTIONS, PASSWORD, OwnServer, own_server

pytestmark = pytest.mark.databases


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest) -> Iterator[OwnServer]:
    with own_server(request.param) as made:
        yield made


def asked(url: str, folder: Path, seconds: float = 3) -> PartTold:
    told = ask(PartQuestion(DATABASE, seconds, {"url": url}), locks=str(folder))
    assert not any(secret in str(told) for secret in (PASSWORD, "sesame", "open%40"))
    return told


def test_one_that_answers_is_up(server: OwnServer, tmp_path: Path) -> None:
    told = asked(server.url, tmp_path)
    assert (told.state, told.problem, told.detail) == ("up", "", "")
    assert told.values["max_connections"] == MOST_CONNECTIONS
    assert 0 < float(told.values["took_seconds"] or 0) < 3


def test_times_are_those_of_the_server_whichever_zone_its_sessions_have(server: OwnServer, tmp_path: Path) -> None:
    """MariaDB's own views keep to the machine's zone."""
    set_zone = {"mysql": "SET GLOBAL time_zone = {}", "postgres": "ALTER ROLE keeper SET TimeZone = {}"}[server.scheme]
    with connect(server.url, read_only=False, timeout_seconds=5) as connection:
        connection.change(set_zone.format("'-09:00'"))
        connection.change("CREATE TABLE zoned (x INTEGER)")
        with session_of(server) as working:
            working.execute("BEGIN")
            working.execute("INSERT INTO zoned VALUES (1)")
            assert eventually(lambda: asked(server.url, tmp_path).values["longest_transaction"] is not None)
            assert 0 <= float(asked(server.url, tmp_path).values["longest_transaction_seconds"] or 0) < 30
            working.execute("ROLLBACK")
        connection.change(set_zone.format("'+00:00'"))


def session_of(server: OwnServer) -> Any:
    """Return a cursor of a session of the host's."""
    if server.scheme == "postgres":
        return psycopg.connect(server.url, application_name="the-worker", autocommit=True).cursor()
    return connect(server.url, read_only=False, timeout_seconds=5).raw.cursor()


def test_one_that_refuses_the_password_is_down(server: OwnServer, tmp_path: Path) -> None:
    told = asked(server.url_with("wrong-sesame"), tmp_path)
    assert (told.state, told.problem) == ("down", "denied")
    assert "keeper" in told.detail


def test_one_that_is_full_is_down(server: OwnServer, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server.fill(stack)
        told = asked(server.url, tmp_path)
        assert (told.state, told.problem) == ("down", "too_many_connections")
    assert eventually(lambda: asked(server.url, tmp_path).state == "up")


def test_one_that_is_held_still_is_down_and_then_up(server: OwnServer, tmp_path: Path) -> None:
    server.send(signal.SIGSTOP)
    try:
        with within(5):
            told = asked(server.url, tmp_path, 1.5)
        assert (told.state, told.problem) == ("down", "timeout")
    finally:
        server.send(signal.SIGCONT)
    assert eventually(lambda: asked(server.url, tmp_path).state == "up")


def test_one_that_is_stopped_is_down_and_then_up(server: OwnServer, tmp_path: Path) -> None:
    server.stop()
    told = asked(server.url, tmp_path)
    assert (told.state, told.problem) == ("down", "refused")
    server.start()
    assert asked(server.url, tmp_path).state == "up"
