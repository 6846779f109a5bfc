"""Raw connections: what comes through unconverted, what is refused, and how trouble is told, on each engine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from diagnostics.probes.database_errors import SENTENCES
from diagnostics.probes.databases import Connection, HostUnavailable, Problem, connect, engine_of, parameter_of, text_of
from tests.host_database import TABLE, HostDatabase

pytestmark = pytest.mark.databases
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
    "mysql": "SELECT SLEEP(30)",
}


def opened(host: HostDatabase, *, read_only: bool = True, seconds: float = 3, as_bytes: bool = False) -> Connection:
    return connect(host.url, read_only=read_only, timeout_seconds=seconds, text_as_bytes=as_bytes)


def as_text(value: object) -> str:
    return text_of(value) or ""


def test_it_reads_text_numbers_dates_and_null_unconverted(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5, error_message="错误", completed_at=None)
    for as_bytes in (True, False):
        with opened(host_on_each_engine, as_bytes=as_bytes) as connection:
            names = "session_id, progress_percentage, error_message, created_at, completed_at"
            ((key, progress, error, created, completed),) = connection.rows(f"SELECT {names} FROM {TABLE}")
        assert (key, progress, completed) == (5, 40, None)
        assert as_text(error) == "错误"
        assert as_text(created).startswith("2026-11-20 10:00:00.25")


@pytest.mark.parametrize("statement", ["UPDATE {} SET status = 'x'", "DELETE FROM {}", "DROP TABLE {}"])
def test_a_reading_connection_cannot_write(host_on_each_engine: HostDatabase, statement: str) -> None:
    host_on_each_engine.insert_failed(5)
    before = host_on_each_engine.rows()
    with opened(host_on_each_engine) as connection, pytest.raises(HostUnavailable) as caught:
        connection.change(statement.format(TABLE))
    assert caught.value.problem is Problem.DENIED
    assert host_on_each_engine.rows() == before


def test_it_streams_every_row_in_order(host_on_each_engine: HostDatabase) -> None:
    with host_on_each_engine.connected() as connection, connection.transaction():
        for start in range(0, 4500, 500):
            values = ", ".join(f"({number}, 'pending')" for number in range(start, start + 500))
            connection.change(f"INSERT INTO {TABLE} (session_id, status) VALUES {values}")
    with opened(host_on_each_engine) as connection:
        keys = [row[0] for row in connection.stream(f"SELECT session_id FROM {TABLE} ORDER BY session_id")]
        assert keys == list(range(4500))
        stream = connection.stream(f"SELECT session_id FROM {TABLE}")
        assert next(stream)
        stream.close()  # type: ignore[attr-defined]  # a generator closes
        assert len(connection.rows(f"SELECT session_id FROM {TABLE}")) == 4500


def test_it_counts_rows_that_a_statement_matched_not_those_it_made_different(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    with opened(host_on_each_engine, read_only=False) as connection:
        assert connection.change(f"UPDATE {TABLE} SET status = 'failed'") == 1


@pytest.mark.parametrize("value", ["failed", "Failed ", "错误 %s ? ' \"", "", None, "x" * 100_000])
def test_a_text_is_found_again_exactly_as_it_was_read(host_on_each_engine: HostDatabase, value: str | None) -> None:
    host_on_each_engine.insert_failed(5, error_message=value)
    host_on_each_engine.insert_failed(6, error_message="FAILED")
    host_on_each_engine.insert_failed(7, error_message=None if value is not None else "")
    with opened(host_on_each_engine) as connection:
        ((read,),) = connection.rows(f"SELECT {connection.as_text('error_message')} FROM {TABLE} WHERE session_id = 5")
        same = connection.is_same("error_message")
        found = connection.rows(
            f"SELECT session_id FROM {TABLE} WHERE {same}", [parameter_of(connection, text_of(read))]
        )
    assert text_of(read) == value
    assert found == [(5,)]


def test_any_column_is_compared_by_what_it_reads_as(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    with opened(host_on_each_engine) as connection:
        names = connection.columns(TABLE)
        (row,) = connection.rows(f"SELECT {', '.join(connection.as_text(name) for name in names)} FROM {TABLE}")
        same = " AND ".join(connection.is_same(name) for name in names)
        expected = [parameter_of(connection, text_of(value)) for value in row]
        assert connection.rows(f"SELECT COUNT(*) FROM {TABLE} WHERE {same}", expected) == [(1,)]


def test_a_transaction_is_all_or_nothing(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    with opened(host_on_each_engine, read_only=False) as connection, suppress(RuntimeError), connection.transaction():
        connection.change(f"UPDATE {TABLE} SET status = 'pending'")
        raise RuntimeError
    assert host_on_each_engine.row(5)["status"] == "failed"


def test_a_statement_that_takes_too_long_is_ended(host_on_each_engine: HostDatabase) -> None:
    with opened(host_on_each_engine, seconds=1) as connection:
        begun = time.monotonic()
        with pytest.raises(HostUnavailable) as caught:
            connection.rows(ENDLESS[connection.engine])
        assert caught.value.problem is Problem.TIMEOUT
        assert time.monotonic() - begun < 4
        assert connection.rows("SELECT 1") == [(1,)]


def test_a_lock_is_told_as_such(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    change = f"UPDATE {TABLE} SET status = 'a'"
    one = opened(host_on_each_engine, read_only=False, seconds=2)
    other = opened(host_on_each_engine, read_only=False, seconds=2)
    with one, other, one.transaction():
        one.change(change)
        with pytest.raises(HostUnavailable) as caught, other.transaction():
            other.change(change)
    assert caught.value.problem is Problem.LOCKED
    assert caught.value.is_passing


@pytest.mark.parametrize(
    ("sql", "problem"), [("SELECT * FROM nowhere", "no_table"), ("SELECT no_such_column FROM {}", "no_column")]
)
def test_what_is_missing_is_named(host_on_each_engine: HostDatabase, sql: str, problem: str) -> None:
    with opened(host_on_each_engine) as connection, pytest.raises(HostUnavailable) as caught:
        connection.rows(sql.format(TABLE))
    assert caught.value.problem.value == problem


def test_a_name_is_quoted(host_on_each_engine: HostDatabase) -> None:
    with opened(host_on_each_engine) as connection:
        mark = connection.quote("x")[0]
        assert connection.quote(f"a{mark}b.c") == f"{mark}a{mark}{mark}b{mark}.{mark}c{mark}"


class TestTrouble:
    """Addresses that lead nowhere: told in words, never with the password."""

    @pytest.mark.parametrize(
        ("url", "problem"),
        [
            ("postgres://who:s3cret-word@127.0.0.1:1/none", Problem.UNREACHABLE),
            ("mysql://who:s3cret-word@127.0.0.1:1/none", Problem.UNREACHABLE),
            ("mysql://who:s3cret-word@127.0.0.1:port/none", Problem.FAILED),
            ("postgres://who:s3cret%zzword@127.0.0.1/none", Problem.FAILED),
            ("postgres://who:s3cret-word@no-such-host.invalid/none", Problem.UNREACHABLE),
            ("oracle://who:s3cret-word@127.0.0.1/none", Problem.FAILED),
        ],
    )
    def test_it_is_told_without_the_password(self, url: str, problem: Problem) -> None:
        with pytest.raises(HostUnavailable) as caught:
            connect(url, read_only=True, timeout_seconds=2)
        assert caught.value.problem is problem
        assert "s3cret" not in f"{caught.value} {caught.value.args} {caught.value.__cause__}"
        assert str(caught.value).startswith(SENTENCES[problem])

    def test_wrong_credentials_are_told_as_such(self, host_on_each_server: HostDatabase) -> None:
        scheme, _, place = host_on_each_server.url.rpartition("@")
        url = f"{scheme.partition('://')[0]}://nobody-known:s3cret-word@{place}"
        with pytest.raises(HostUnavailable) as caught:
            connect(url, read_only=True, timeout_seconds=3)
        assert caught.value.problem is Problem.CREDENTIALS
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize("scheme", ["postgres", "mysql"])
    def test_a_server_that_accepts_and_says_nothing_is_given_up(self, scheme: str) -> None:
        with silent_server() as port:
            begun = time.monotonic()
            with pytest.raises(HostUnavailable) as caught:
                connect(f"{scheme}://who@127.0.0.1:{port}/none", read_only=True, timeout_seconds=2)
        assert caught.value.problem in (Problem.TIMEOUT, Problem.UNREACHABLE)
        assert time.monotonic() - begun < 9

    def test_every_problem_has_a_sentence(self) -> None:
        assert set(SENTENCES) == set(Problem)

    def test_the_engines_are_known_by_their_schemes(self) -> None:
        schemes = ("sqlite", "postgres", "postgresql", "mysql", "mariadb")
        engines = ["sqlite", "postgresql", "postgresql", "mysql", "mysql"]
        assert [engine_of(f"{scheme}://x/y") for scheme in schemes] == engines


class TestFiles:
    """SQLite: a file, and what can be wrong with it."""

    def refused(self, path: Path, *, read_only: bool = True) -> Problem:
        with pytest.raises(HostUnavailable) as caught:
            connect(f"sqlite:///{path}", read_only=read_only, timeout_seconds=1).rows("SELECT * FROM x")
        return caught.value.problem

    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_file_is_never_created(self, tmp_path: Path, read_only: bool) -> None:
        path = tmp_path / "none.sqlite3"
        assert self.refused(path, read_only=read_only) is Problem.NO_FILE
        assert not path.exists()

    def test_what_is_no_database_is_told_as_such(self, tmp_path: Path) -> None:
        path = tmp_path / "page.sqlite3"
        path.write_text("<html>no database</html>" * 100)
        assert self.refused(path) is Problem.DAMAGED

    def test_a_folder_is_no_database(self, tmp_path: Path) -> None:
        assert self.refused(tmp_path) is Problem.UNREACHABLE

    def test_bytes_that_are_no_text_come_through(self, host_database: HostDatabase) -> None:
        host_database.insert_failed(5)
        host_database.run(f"UPDATE {TABLE} SET error_message = CAST(X'66ff61' AS TEXT)")
        with opened(host_database, as_bytes=True) as connection:
            assert connection.rows(f"SELECT error_message FROM {TABLE}") == [(b"f\xffa",)]
        with opened(host_database) as connection:
            assert connection.rows(f"SELECT error_message FROM {TABLE}") == [("f\udcffa",)]
            same, value = connection.is_same("error_message"), parameter_of(connection, "f\udcffa")
            assert connection.rows(f"SELECT session_id FROM {TABLE} WHERE {same}", [value]) == [(5,)]

    def test_dates_that_do_not_parse_come_through(self, host_database: HostDatabase) -> None:
        for number, value in enumerate(("yesterday", "2025-02-31 10:00:00", 17, 1.5, b"\xff")):
            host_database.insert(number, created_at=value)
        with opened(host_database) as connection:
            rows = connection.rows(f"SELECT created_at FROM {TABLE} ORDER BY session_id")
        assert rows == [("yesterday",), ("2025-02-31 10:00:00",), (17,), (1.5,), (b"\xff",)]

    def test_a_strange_path_is_found(self, tmp_path: Path) -> None:
        path = tmp_path / "a b%?#ü.sqlite3"
        path.touch()
        url = f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F').replace('#', '%23')}"
        with connect(url, read_only=False, timeout_seconds=1) as connection:
            connection.change("CREATE TABLE x (y)")
        assert path.stat().st_size > 0


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on a port, accept, and say nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[socket.socket] = []
        over = threading.Event()

        def accept() -> None:
            server.settimeout(0.1)
            while not over.is_set():
                try:
                    accepted.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join()
        for each in accepted:
            each.close()
