"""Raw connections to the host's database, read-only wherever the engine can: SQLite, PostgreSQL, MariaDB and MySQL.

Values come as the server wrote them: integers and floats as numbers, dates and decimals as text, never converted, so
that no nonsense in a row can break a reader. Every failure is a `HostUnavailable`.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, Self

import psycopg
import pymysql
from pymysql.cursors import SSCursor

from diagnostics.probes.database_drivers import Clock, Manner, open_mysql, open_postgres, open_sqlite, tell_limit
from diagnostics.probes.database_errors import HostUnavailable, Problem, as_unavailable, where

__all__ = ["Connection", "HostUnavailable", "Problem", "connect", "engine_of"]

Row = tuple[Any, ...]
DRIVER_ERRORS = (sqlite3.Error, sqlite3.Warning, psycopg.Error, pymysql.Error, OSError, OverflowError, UnicodeError)
BATCH = 2000
ENGINES = {
    "sqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
OPENERS = {"sqlite": open_sqlite, "postgresql": open_postgres, "mysql": open_mysql}
QUOTES = {"sqlite": '"', "postgresql": '"', "mysql": "`"}
PLACEHOLDERS = {"sqlite": "?", "postgresql": "%s", "mysql": "%s"}
BEGINNINGS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN", "mysql": "START TRANSACTION"}
# A column as text and comparable byte by byte, whatever its type, affinity or collation.
AS_TEXT = {
    "sqlite": "CAST({} AS TEXT)",
    "postgresql": "CAST({} AS TEXT)",
    "mysql": "CAST(CONVERT({} USING utf8mb4) AS BINARY)",
}
IS_SAME = {
    "sqlite": "{} IS CAST(? AS TEXT)",
    "postgresql": "{} IS NOT DISTINCT FROM CAST(%s AS TEXT)",
    "mysql": "{} <=> %s",
}


@dataclass(slots=True)
class Connection:
    """One open connection, in autocommit: `engine` is sqlite, postgresql or mysql. For one thread; close it."""

    engine: str
    url: str
    raw: Any
    clock: Clock
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def placeholder(self) -> str:
        return PLACEHOLDERS[self.engine]

    @property
    def promises_no_encoding(self) -> bool:
        """Whether this is a PostgreSQL database of encoding SQL_ASCII: its text is whatever bytes were written."""
        return self.engine == "postgresql" and self.raw.info.parameter_status("server_encoding") == "SQL_ASCII"

    def quote(self, name: str) -> str:
        """Return a table's or column's name quoted; a dot parts a schema from its table."""
        mark = QUOTES[self.engine]
        return ".".join(mark + part.replace(mark, mark * 2) + mark for part in name.split("."))

    def as_text(self, column: str) -> str:
        """Return the expression that reads a column (unquoted name) as text; decode it with `text_of`."""
        return AS_TEXT[self.engine].format(self.quote(column))

    def is_same(self, column: str) -> str:
        """Return the condition that a column is, byte for byte, the parameter (`parameter_of` its text) or NULL as it."""
        return IS_SAME[self.engine].format(self.as_text(column))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        with self._translated():
            cursor = self.raw.cursor()
            cursor.execute(sql, parameters or _none(self.engine))
            found = [tuple(row) for row in cursor.fetchall()]
            cursor.close()
            return found

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Yield rows without holding them all; each batch has the time limit to itself (MySQL: the whole reading)."""
        with self._translated(), self._streaming_cursor() as cursor:
            cursor.execute(sql, parameters or _none(self.engine))
            while batch := cursor.fetchmany(BATCH):
                yield from batch
                self.clock.start()

    def change(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it matched (not: how many it made different)."""
        with self._translated():
            cursor = self.raw.cursor()
            cursor.execute(sql, parameters or _none(self.engine))
            matched = int(cursor.rowcount)
            cursor.close()
            return matched

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the names of a table's columns; the connection must be allowed to read all of them."""
        with self._translated():
            cursor = self.raw.cursor()
            cursor.execute(f"SELECT * FROM {self.quote(table)} WHERE 1 = 0")  # noqa: S608  the name is quoted
            names = tuple(str(column[0]) for column in cursor.description or ())
            cursor.close()
            return names

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what happens inside, or none of it; on SQLite the lock is taken at the beginning."""
        self.change(BEGINNINGS[self.engine])
        try:
            yield
            self.change("COMMIT")
        except BaseException:
            with suppress(HostUnavailable):
                self.change("ROLLBACK")
            raise

    def close(self) -> None:
        with suppress(*DRIVER_ERRORS):
            self.raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        self.clock.start()
        try:
            tell_limit(self.engine, self.raw, self.clock)
            yield
        except DRIVER_ERRORS as error:
            raise as_unavailable(error, self.url) from None
        finally:
            self.clock.stop()

    @contextmanager
    def _streaming_cursor(self) -> Iterator[Any]:
        if self.engine == "postgresql":
            with self.raw.transaction(), self.raw.cursor(name=f"reading_{next(self._numbers)}") as cursor:
                yield cursor
            return
        cursor = self.raw.cursor(SSCursor) if self.engine == "mysql" else self.raw.cursor()
        try:
            yield cursor
        finally:
            cursor.close()


def engine_of(url: str) -> str:
    """Return sqlite, postgresql or mysql. Raises HostUnavailable for an address that is none of these."""
    scheme = url.partition(":")[0]
    if scheme not in ENGINES:
        raise HostUnavailable(Problem.FAILED, where(url), "not a sqlite, postgres or mysql address")
    return ENGINES[scheme]


def connect(
    url: str,
    *,
    read_only: bool,
    timeout_seconds: float,
    total_seconds: float = math.inf,
    text_as_bytes: bool = False,
) -> Connection:
    """Open a connection; nothing is ever created. Connecting and each statement may take `timeout_seconds`.

    All together, from now on, may take `total_seconds`.

    With `text_as_bytes`, text of SQLite and MySQL comes as bytes, undecoded (the fast way to read much). Else it is
    decoded, with bad bytes as surrogates. Raises HostUnavailable.
    """
    engine = engine_of(url)
    opener: Callable[[str, Manner], Any] = OPENERS[engine]
    manner = Manner(
        read_only=read_only, text_as_bytes=text_as_bytes, clock=Clock(timeout_seconds, time.monotonic() + total_seconds)
    )
    try:
        raw = opener(url, manner)
    except (*DRIVER_ERRORS, ValueError, RuntimeError) as error:
        raise as_unavailable(error, url) from None
    return Connection(engine, url, raw, manner.clock)


def text_of(value: object) -> str | None:
    """Return what `as_text` read as text (bad bytes as surrogates), and NULL as None."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "surrogateescape")
    return None if value is None else str(value)


def parameter_of(connection: Connection, text: str | None) -> object:
    """Return a text of `text_of` as the parameter that `is_same` compares."""
    if text is None or connection.engine == "postgresql":
        return text
    return text.encode("utf-8", "surrogateescape")


def _none(engine: str) -> Any:
    """Return what means "no parameters, leave % alone"."""
    return () if engine == "sqlite" else None
