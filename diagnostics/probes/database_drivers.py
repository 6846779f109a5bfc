"""How each engine is opened: read-only where it can be, with time limits, and without converters of values."""

from __future__ import annotations

import math
import select
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
import pymysql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import make_conninfo
from psycopg.pq import ConnStatus, PGconn, PollingStatus
from psycopg.types.string import TextLoader
from pymysql.constants import CLIENT, FIELD_TYPE

from diagnostics.probes.database_errors import HostUnavailable, Problem, where

STEPS_BETWEEN_LOOKS = 20_000  # of SQLite's virtual machine: a few milliseconds
TIMES = ("timestamp", "timestamptz", "date", "time", "timetz", "interval")
UNCONVERTED = (*TIMES, "json", "jsonb", "uuid", "numeric", "bytea")
TEXTUAL = ("text", "varchar", "bpchar", "name")
NUMBERS: dict[Any, Any] = {
    **dict.fromkeys((FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG), int),
    **dict.fromkeys((FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE), float),
}


GRACE_SECONDS = 0.2  # a server that keeps its own limit is given so much longer to say so


@dataclass(slots=True)
class Clock:
    """The time limit of each statement, kept on our side: SQLite has none, and a server may be silent.

    `gives_up_at` (monotonic) ends them all together.
    """

    limit_seconds: float
    gives_up_at: float = math.inf
    ends_at: float = math.inf

    def start(self) -> None:
        self.ends_at = min(time.monotonic() + self.limit_seconds, self.gives_up_at)

    def stop(self) -> None:
        self.ends_at = math.inf

    def is_over(self) -> bool:
        return time.monotonic() > self.ends_at

    @property
    def left_seconds(self) -> float:
        """What a wait on our side may still take, and never nothing."""
        ends_at = min(self.ends_at, time.monotonic() + self.limit_seconds, self.gives_up_at)
        grace = min(GRACE_SECONDS, self.gives_up_at - ends_at)
        return max(0.01, ends_at - time.monotonic() + grace)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a connection is wanted."""

    read_only: bool
    text_as_bytes: bool
    clock: Clock


def open_sqlite(url: str, manner: Manner) -> sqlite3.Connection:
    path = Path(unquote(urlsplit(url).path[1:])).absolute()
    if not path.exists():
        raise HostUnavailable(Problem.NO_FILE, where(url))
    raw = sqlite3.connect(
        f"{path.as_uri()}?mode={'ro' if manner.read_only else 'rw'}",
        uri=True,
        timeout=min(manner.clock.limit_seconds, manner.clock.left_seconds),
        isolation_level=None,
    )
    raw.text_factory = bytes if manner.text_as_bytes else _tolerant
    raw.set_progress_handler(manner.clock.is_over, STEPS_BETWEEN_LOOKS)
    raw.execute("PRAGMA schema_version")  # the first real reading: a file that is no database fails here
    if manner.read_only:
        raw.execute("PRAGMA query_only = ON")
    return raw


def _tolerant(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


class _AsBytes(Loader):
    """Text of a PostgreSQL database that promises no encoding."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class _Timed(psycopg.Connection[tuple[Any, ...]]):
    """A connection that waits for its server no longer than its clock says: a stopped server never answers."""

    clock: Clock

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        limit = self.clock.left_seconds
        try:
            return super().wait(gen, interval, limit if timeout is None else min(timeout, limit))
        except psycopg.OperationalError as error:
            if error.sqlstate or "wait timeout" not in str(error):
                raise
            self.pgconn.finish()  # its answer may still come, and must not be taken for that of another question
            raise psycopg.OperationalError("the server is silent: timed out") from None


def open_postgres(url: str, manner: Manner) -> psycopg.Connection[tuple[Any, ...]]:
    limit = math.ceil(manner.clock.limit_seconds * 1000)
    theirs = dict(parse_qsl(urlsplit(url).query)).get("options", "")
    options = f"{theirs} -c statement_timeout={limit} -c lock_timeout={limit * 4 // 5} -c datestyle=ISO".strip()
    information = make_conninfo(
        url,
        client_encoding="utf8",
        tcp_user_timeout=limit + 1000,
        application_name="session-diagnostics",
        options=options + (" -c default_transaction_read_only=on" if manner.read_only else ""),
    )
    raw = _Timed(_connected(information, manner.clock))
    raw.clock = manner.clock
    raw.autocommit, raw.prepare_threshold = True, None
    for name in UNCONVERTED:
        raw.adapters.register_loader(name, TextLoader)
    if raw.info.parameter_status("server_encoding") == "SQL_ASCII":
        for name in TEXTUAL:
            raw.adapters.register_loader(name, _AsBytes)
    return raw


def _connected(information: str, clock: Clock) -> Any:
    """Connect step by step, as libpq's manual tells (PQconnectPoll), and not a moment longer than the clock says."""
    until = time.monotonic() + clock.left_seconds
    raw = PGconn.connect_start(information.encode())
    status = PollingStatus.WRITING if raw.status != ConnStatus.BAD else PollingStatus.FAILED
    while status in (PollingStatus.READING, PollingStatus.WRITING):
        watch = select.poll()
        watch.register(raw.socket, select.POLLIN if status == PollingStatus.READING else select.POLLOUT)
        if not watch.poll(max(0.0, until - time.monotonic()) * 1000):
            raw.finish()
            raise psycopg.OperationalError("connection timeout expired")
        status = PollingStatus(raw.connect_poll())
    if status != PollingStatus.OK:
        message = raw.get_error_message() if hasattr(raw, "get_error_message") else raw.error_message.decode()
        raw.finish()
        raise psycopg.OperationalError(f"connection failed: {message}")
    raw.nonblocking = 1
    return raw


def open_mysql(url: str, manner: Manner) -> Any:
    parts = urlsplit(url)
    seconds = manner.clock.limit_seconds
    limit = math.ceil(seconds)
    raw = pymysql.connect(
        host=parts.hostname or "localhost",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path[1:]),
        charset="utf8mb4",
        use_unicode=not manner.text_as_bytes,
        conv={**pymysql.converters.encoders, **NUMBERS},
        client_flag=CLIENT.FOUND_ROWS,
        autocommit=True,
        connect_timeout=manner.clock.left_seconds,
        read_timeout=manner.clock.left_seconds,
        write_timeout=manner.clock.left_seconds,
        **_mysql_options(parts.query),
    )
    is_mariadb = "mariadb" in str(raw.get_server_info()).lower()
    with raw.cursor() as cursor:
        cursor.execute(
            f"SET SESSION net_write_timeout = 600, innodb_lock_wait_timeout = {max(1, limit - 1)}, lock_wait_timeout = {limit}, "
            + (f"max_statement_time = {seconds}" if is_mariadb else f"max_execution_time = {math.ceil(seconds * 1000)}")
        )
        if manner.read_only:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
    return raw


def _mysql_options(query: str) -> dict[str, str]:
    """Return the options of a MySQL address that PyMySQL knows: its socket, and how TLS is checked."""
    names = {"unix_socket": "unix_socket", "ssl-ca": "ssl_ca", "ssl_ca": "ssl_ca"}
    names |= {"ssl-cert": "ssl_cert", "ssl_cert": "ssl_cert", "ssl-key": "ssl_key", "ssl_key": "ssl_key"}
    return {names[name]: value for name, value in parse_qsl(query) if name in names}


def tell_limit(engine: str, raw: Any, clock: Clock) -> None:
    """Let the next statement wait no longer than the clock says, where less is left than its own limit."""
    if clock.gives_up_at == math.inf:
        return
    if engine == "mysql":
        raw._read_timeout = raw._write_timeout = clock.left_seconds
    elif engine == "sqlite":
        wait = max(0.0, min(clock.ends_at, clock.gives_up_at) - time.monotonic())
        raw.execute(f"PRAGMA busy_timeout = {math.ceil(wait * 1000)}")
