"""The one writable connection to the host's table: reads a row as text, and changes it only where it is still as read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.conf import settings

from diagnostics.doctor.rights import may_update
from diagnostics.host import FIELDS, HostSource
from diagnostics.probes.databases import Connection, HostUnavailable, Problem, connect, engine_of, parameter_of, text_of
from diagnostics.sources import host_source

# Somebody waits in front of the page: rather "try again" than a long silence.
LONGEST_WAIT_SECONDS = 10.0


class WritingOff(Exception):
    """No writable connection to the host is configured: the dashboard is read-only."""


class AmbiguousKey(Exception):
    """More than one row has this id."""


class ChangeUncertain(Exception):
    """The connection was lost while a change was being committed: it may have happened."""


@dataclass(frozen=True, slots=True)
class HostRow:
    """A row as the database writes it: field name -> text (bad bytes as surrogates) or None."""

    key: str
    values: Mapping[str, str | None]

    @property
    def status(self) -> str:
        return self.values.get("status") or ""


@dataclass(frozen=True, slots=True)
class HostWriter:
    """An open connection. Every call raises HostUnavailable where the database does not do what is asked."""

    source: HostSource
    connection: Connection
    fields: tuple[str, ...]

    def read(self, key: str) -> HostRow | None:
        """Return the row with exactly this id, or None. Raises AmbiguousKey."""
        expressions = ", ".join(self.connection.as_text(self.source.column(name)) for name in self.fields)
        condition, parameters = self._has_key(key)
        try:
            query = f"SELECT {expressions} FROM {self._table} WHERE {condition}"  # noqa: S608 - all names are quoted
            found = self.connection.rows(query, parameters)
        except HostUnavailable as error:
            if error.problem is Problem.BAD_VALUE:  # a word where the ids are numbers
                return None
            raise
        if len(found) > 1:
            raise AmbiguousKey(key)
        values = (dict(zip(self.fields, map(text_of, row), strict=True)) for row in found)
        return next((HostRow(key, row) for row in values), None)

    def update(self, row: HostRow, changes: Mapping[str, str | None]) -> bool:
        """Change the row if every column is still as it was read; return whether it was.

        Raises AmbiguousKey (nothing was changed) and ChangeUncertain.
        """
        is_committing = False
        try:
            with self.connection.transaction():
                matched = self._change(row, changes)
                if matched > 1:
                    raise AmbiguousKey(row.key)
                is_committing = True
        except HostUnavailable as error:
            if is_committing and error.problem is not Problem.LOCKED:
                raise ChangeUncertain from error
            raise
        return matched == 1

    def may_update(self, name: str) -> bool:
        """Return whether a field exists and this connection may change it; nothing is written to find out."""
        return name in self.fields and may_update(self.connection, self.source, name)

    def _change(self, row: HostRow, changes: Mapping[str, str | None]) -> int:
        mark = self.connection.placeholder
        assignments = ", ".join(f"{self.connection.quote(self.source.column(name))} = {mark}" for name in changes)
        condition, parameters = self._has_key(row.key)
        same = " AND ".join(self.connection.is_same(self.source.column(name)) for name in row.values)
        expected = [parameter_of(self.connection, value) for value in row.values.values()]
        query = f"UPDATE {self._table} SET {assignments} WHERE {condition} AND {same}"  # noqa: S608 - as above
        return self.connection.change(query, [*changes.values(), *parameters, *expected])

    def _has_key(self, key: str) -> tuple[str, list[object]]:
        """Return a condition that an index can serve, and that is exact whatever the column's type and collation."""
        column = self.source.column("session_id")
        candidates: list[object] = [key]
        if self.connection.engine == "sqlite" and key.lstrip("-").isdecimal() and len(key) <= 18:
            candidates.append(int(key))
        marks = ", ".join([self.connection.placeholder] * len(candidates))
        condition = f"{self.connection.quote(column)} IN ({marks}) AND {self.connection.is_same(column)}"
        return condition, [*candidates, parameter_of(self.connection, key)]

    @property
    def _table(self) -> str:
        return self.connection.quote(self.source.table)


def open_writer() -> AbstractContextManager[HostWriter]:
    """Open the host's table for changes. Raises WritingOff or HostUnavailable."""
    return _opened(read_only=False)


def open_preview() -> AbstractContextManager[HostWriter]:
    """Open it with the same rights, for looking only. (MariaDB shows a user's rights only where it could write.)"""
    return _opened(read_only=engine_of(writing_source().url) != "mysql")


@contextmanager
def _opened(*, read_only: bool) -> Iterator[HostWriter]:
    source = writing_source()
    with connect(source.url, read_only=read_only, timeout_seconds=source.timeout_seconds) as connection:
        found = {column.lower() for column in connection.columns(source.table)}
        yield HostWriter(source, connection, tuple(name for name in FIELDS if source.column(name).lower() in found))


def writing_source() -> HostSource:
    if not settings.HOST_WRITE_DATABASE_URL:
        raise WritingOff
    reading = host_source()
    return HostSource(
        url=settings.HOST_WRITE_DATABASE_URL,
        table=reading.table,
        columns=reading.columns,
        zone=reading.zone,
        timeout_seconds=min(reading.timeout_seconds, LONGEST_WAIT_SECONDS),
    )
