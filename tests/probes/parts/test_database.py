"""The host's database asked: who waits for whom, what is open too long, what a login may not see, where nobody answers."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from diagnostics.domain.parts import DATABASE
from diagnostics.probes.databases import connect
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.database import look
from diagnostics.probes.parts.told import PartQuestion, PartTold
from tests.faults.hang import eventually, within
from tests.host_database import TABLE, HostDatabase
from tests.probes.test_databases import silent_server

pytestmark = pytest.mark.databases
SECRET = "sesame-in-a-literal"


@dataclass(slots=True)
class Session:
    """A connection of the host's: `number` is the server's own for it. Close it, and who waits for it goes on."""

    raw: Any
    number: int
    threads: list[threading.Thread] = field(default_factory=list)

    def run(self, sql: str) -> None:
        with self.raw.cursor() as cursor:
            cursor.execute(sql)

    def run_aside(self, sql: str) -> None:
        self.threads.append(threading.Thread(target=self.run, args=(sql,)))
        self.threads[-1].start()


class Sessions:
    """The host at work: open as many sessions as a test needs; `close` ends the first one first."""

    def __init__(self, host: HostDatabase) -> None:
        self.host = host
        self.opened: list[Session] = []

    def open(self) -> Session:
        if self.host.engine == "postgresql":
            raw: Any = psycopg.connect(self.host.url, application_name="the-worker", autocommit=True)
            number = raw.info.backend_pid
        else:
            raw = connect(self.host.url, read_only=False, timeout_seconds=30).raw
            number = raw.thread_id()
        self.opened.append(Session(raw, number))
        return self.opened[-1]

    def close(self) -> None:
        for session in self.opened:
            for thread in session.threads:
                thread.join()
            session.raw.close()


@pytest.fixture
def sessions(host_on_each_server: HostDatabase) -> Iterator[Sessions]:
    for key in (1, 2, 3):
        host_on_each_server.insert_failed(key)
    made = Sessions(host_on_each_server)
    yield made
    made.close()


def seen(host: HostDatabase, **how: float) -> PartTold:
    return look({"url": host.url, **how}, 5)


def eventually_seen(is_so: Callable[[], bool]) -> bool:
    """Look again and again; InnoDB renews its views only where nobody has read them for a tenth of a second."""
    return eventually(is_so, 8.0, every=0.3)


def begin(session: Session, key: int = 1) -> None:
    session.run("BEGIN")
    session.run(f"UPDATE {TABLE} SET error_message = '{SECRET}' WHERE session_id = {key}")


def number(told: PartTold, name: str) -> float:
    value = told.values[name]
    assert isinstance(value, int | float)
    return value


def test_one_that_answers_is_up(sessions: Sessions) -> None:
    sessions.open()
    told = ask(PartQuestion(DATABASE, 5, {"url": sessions.host.url}))
    assert (told.state, told.problem, told.detail) == ("up", "", "")
    assert (number(told, "lock_waits"), number(told, "longest_wait_seconds")) == (0, 0)
    assert (number(told, "longest_transaction_seconds"), told.values["longest_transaction"]) == (0, None)
    assert 2 <= number(told, "connections") < number(told, "max_connections")
    assert 0 < number(told, "took_seconds") < 5


def test_who_waits_and_for_whom_is_told(sessions: Sessions) -> None:
    holder, *waiting = (sessions.open() for _ in range(3))
    begin(holder)
    for each in waiting:
        each.run_aside(f"UPDATE {TABLE} SET error_message = '{SECRET}' WHERE session_id = 1")
    assert eventually_seen(lambda: seen(sessions.host, locked_seconds=1).problem == "locked")
    told, patient = seen(sessions.host, locked_seconds=1), seen(sessions.host, locked_seconds=90)
    assert (told.state, number(told, "lock_waits")) == ("impaired", 2)
    assert 1 <= number(told, "longest_wait_seconds") < 8
    assert str(holder.number) in str(told.values["blocked_by"])
    assert "idle in transaction" in str(told.values["blocked_by"])
    assert str(told.values["blocked_by"]) in told.detail
    assert (patient.state, number(patient, "lock_waits")) == ("up", 2)
    assert not any(word in str(told) for word in ("sesame", "UPDATE", TABLE))
    holder.run("ROLLBACK")
    assert eventually_seen(lambda: seen(sessions.host, locked_seconds=1).values["lock_waits"] == 0)


def test_the_one_at_the_head_of_a_queue_is_told(sessions: Sessions) -> None:
    """The second waits for the first, the third for the second: the first is the one to look for."""
    first, second, third = (sessions.open() for _ in range(3))
    begin(second, 2)  # who waits may well have begun before
    begin(first, 1)
    second.run_aside(f"UPDATE {TABLE} SET status = 'x' WHERE session_id = 1")
    third.run_aside(f"UPDATE {TABLE} SET status = 'x' WHERE session_id = 2")
    assert eventually_seen(lambda: seen(sessions.host).values["lock_waits"] == 2)
    assert str(first.number) in str(seen(sessions.host).values["blocked_by"])
    first.run("ROLLBACK")
    second.threads[0].join()
    second.run("ROLLBACK")


def test_a_change_of_the_table_behind_an_open_transaction_waits_too(sessions: Sessions) -> None:
    holder, changing = sessions.open(), sessions.open()
    holder.run("BEGIN")
    holder.run(f"SELECT * FROM {TABLE}")
    changing.run_aside(f"ALTER TABLE {TABLE} ADD COLUMN more INTEGER")
    assert eventually_seen(lambda: seen(sessions.host, locked_seconds=1).problem == "locked")
    assert seen(sessions.host).values["lock_waits"] == 1
    holder.run("ROLLBACK")


def test_a_transaction_that_is_open_too_long_is_told(sessions: Sessions) -> None:
    holder = sessions.open()
    begin(holder)
    assert eventually_seen(lambda: seen(sessions.host, long_transaction_seconds=1).problem == "long_transaction")
    told = seen(sessions.host, long_transaction_seconds=1)
    assert told.state == "impaired"
    assert 1 <= number(told, "longest_transaction_seconds") < 8
    assert str(holder.number) in str(told.values["longest_transaction"])
    assert "idle in transaction" in told.detail
    assert "sesame" not in str(told)
    assert seen(sessions.host).state == "up"
    holder.run("ROLLBACK")
    assert eventually_seen(lambda: seen(sessions.host, long_transaction_seconds=1).state == "up")


def test_its_own_session_has_the_name_that_the_host_gave_it(database_on: Callable[[str], HostDatabase]) -> None:
    host = database_on("postgresql")
    with psycopg.connect(host.url, application_name="the-worker") as raw:
        raw.execute("SELECT 1")
        assert (
            seen(host).values["longest_transaction"] == f"pid {raw.info.backend_pid} (the-worker), idle in transaction"
        )


def test_what_the_dashboard_itself_reads_is_no_long_transaction(sessions: Sessions) -> None:
    with connect(sessions.host.url, read_only=True, timeout_seconds=5) as reading:
        rows = reading.stream(f"SELECT session_id FROM {TABLE}")
        next(rows)
        time.sleep(1.1)
        assert seen(sessions.host, long_transaction_seconds=1).state == "up"
        list(rows)


def test_locks_of_other_databases_are_not_ours(sessions: Sessions, database_on: Callable[[str], HostDatabase]) -> None:
    begin(sessions.open())
    waiting = sessions.open()
    waiting.run_aside(f"UPDATE {TABLE} SET status = 'x' WHERE session_id = 1")
    assert eventually_seen(lambda: seen(sessions.host).values["lock_waits"] == 1)
    elsewhere = HostDatabase(_beside(sessions.host), sessions.host.engine)
    told = seen(elsewhere, locked_seconds=0.5, long_transaction_seconds=0.5)
    assert (told.state, told.values["lock_waits"]) == ("up", 0)
    sessions.opened[0].run("ROLLBACK")


def _beside(host: HostDatabase) -> str:
    other = {"postgresql": "/template1", "mysql": "/information_schema"}[host.engine]
    return urlsplit(host.url)._replace(path=other).geturl()


def test_an_advisory_lock_may_be_meant_to_be_waited_for(sessions: Sessions) -> None:
    take = {"postgresql": "SELECT pg_advisory_lock(17)", "mysql": "SELECT GET_LOCK('seventeen', 20)"}
    free = {"postgresql": "SELECT pg_advisory_unlock(17)", "mysql": "SELECT RELEASE_LOCK('seventeen')"}
    holder, waiting = sessions.open(), sessions.open()
    holder.run(take[sessions.host.engine])
    waiting.run_aside(take[sessions.host.engine])
    time.sleep(1.2)
    told = seen(sessions.host, locked_seconds=0.5)
    assert (told.state, told.values["lock_waits"]) == ("up", 0)
    holder.run(free[sessions.host.engine])


@contextmanager
def weak_login(host: HostDatabase) -> Iterator[HostDatabase]:
    """A login that may read the host's table, and nothing of others' sessions."""
    name = f"weak_{uuid.uuid4().hex[:8]}"
    at = "@'%'" if host.engine == "mysql" else ""
    host.run(f"CREATE USER {name}{at} {'IDENTIFIED BY' if at else 'PASSWORD'} 'open-sesame'")
    host.run(f"GRANT SELECT ON {TABLE} TO {name}{at}")
    parts = urlsplit(host.url)
    place = parts.netloc.rpartition("@")[2]
    try:
        yield HostDatabase(parts._replace(netloc=f"{name}:open-sesame@{place}").geturl(), host.engine)
    finally:
        if not at:
            host.run(f"REVOKE ALL ON {TABLE} FROM {name}")
        host.run(f"DROP USER {name}{at}")


def test_what_a_login_may_not_see_is_not_told_and_which_right_it_lacks_is(sessions: Sessions) -> None:
    with weak_login(sessions.host) as weak:
        begin(sessions.open())
        waiting = sessions.open()
        waiting.run_aside(f"UPDATE {TABLE} SET status = 'x' WHERE session_id = 1")
        assert eventually_seen(lambda: seen(sessions.host).values["lock_waits"] == 1)
        told = ask(PartQuestion(DATABASE, 5, {"url": weak.url, "long_transaction_seconds": 0}))
        assert (told.state, told.problem) == ("up", "")
        assert told.values["longest_transaction_seconds"] is None
        assert told.values["lock_waits"] == {"postgresql": 1, "mysql": None}[sessions.host.engine]
        assert number(told, "connections") >= 2
        assert {"postgresql": "pg_read_all_stats", "mysql": "PROCESS"}[sessions.host.engine] in told.detail
        assert "sesame" not in str(told)
        sessions.opened[0].run("ROLLBACK")


def test_a_server_that_keeps_its_views_from_a_login_is_up(database_on: Callable[[str], HostDatabase]) -> None:
    host = database_on("postgresql")
    host.create_table()
    with weak_login(host) as weak:
        host.run("REVOKE SELECT ON pg_locks FROM PUBLIC")
        try:
            told = look({"url": weak.url}, 5)
        finally:
            host.run("GRANT SELECT ON pg_locks TO PUBLIC")
    assert (told.state, told.problem) == ("up", "")
    assert told.values["lock_waits"] is None
    assert "lacks the right to read the server's own views" in told.detail


SOMEBODY = "who:open-sesame@127.0.0.1"


class TestNobodyThere:
    @pytest.mark.parametrize("scheme", ["postgres", "mysql"])
    @pytest.mark.parametrize(("place", "problem"), [("127.0.0.1:1", "refused"), ("no-such-host.invalid", "no_name")])
    def test_it_is_down_and_why(self, scheme: str, place: str, problem: str) -> None:
        told = ask(PartQuestion(DATABASE, 3, {"url": f"{scheme}://who:open-sesame@{place}/none"}))
        assert (told.state, told.problem) == ("down", problem)
        assert told.detail
        assert "sesame" not in str(told)

    @pytest.mark.parametrize("scheme", ["postgres", "mysql"])
    def test_one_that_hangs_up_is_unreachable(self, scheme: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
            told = ask(PartQuestion(DATABASE, 3, {"url": f"{scheme}://{SOMEBODY}:{server.getsockname()[1]}/none"}))
        assert (told.state, told.problem) == ("down", "unreachable")

    @pytest.mark.parametrize("scheme", ["postgres", "mysql"])
    def test_one_that_listens_and_says_nothing_is_over_time(self, scheme: str) -> None:
        with silent_server() as port, within(6):
            told = ask(PartQuestion(DATABASE, 1.5, {"url": f"{scheme}://{SOMEBODY}:{port}/none"}))
        assert (told.state, told.problem) == ("unknown", "timeout")
        assert "sesame" not in str(told)

    def test_a_login_that_nobody_knows_is_denied(self, host_on_each_server: HostDatabase) -> None:
        parts = urlsplit(host_on_each_server.url)
        netloc = f"nobody-known:open-sesame@{parts.netloc.rpartition('@')[2]}"
        told = ask(PartQuestion(DATABASE, 3, {"url": parts._replace(netloc=netloc).geturl()}))
        assert (told.state, told.problem) == ("down", "denied")
        assert "sesame" not in str(told)

    def test_an_address_of_no_database_is_told(self) -> None:
        told = ask(PartQuestion(DATABASE, 3, {"url": f"oracle://{SOMEBODY}/none"}))
        assert (told.state, told.problem) == ("down", "failed")
