"""The one writable connection to the host's table: reads a row as text, and changes it only where it is still as read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.conf import settings

from diagnostics.doctor.rights import may_update
from diagnostics.host import FIELDS, HostSource
from diagnostics.probes.databases import Connection, HostUnavailable, Problem, connect, engine_of, parameter_of, text_of
from diagnostics.sources import host_source

# Somebody waits in front of the page: rather "try again" than a long silence.
LONGEST_WAIT_SECONDS = 10.0
KEYS_PER_QUERY = 500


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
        found = self.read_many([key]).get(key)
        if isinstance(found, AmbiguousKey):
            raise found
        return found

    def read_many(self, keys: Iterable[str]) -> dict[str, HostRow | AmbiguousKey]:
        """Return the rows with exactly these ids; what the table does not hold is left out."""
        found: dict[str, HostRow | AmbiguousKey] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), KEYS_PER_QUERY):
            part = wanted[start : start + KEYS_PER_QUERY]
            for key, values in self._rows_of(part):
                found[key] = AmbiguousKey(key) if key in found else HostRow(key, values)
        return {key: found[key] for key in wanted if key in found}

    def count_pending(self) -> int:
        """Return how many sessions wait for the host's worker."""
        status = self.connection.quote(self.source.column("status"))
        query = f"SELECT COUNT(*) FROM {self._table} WHERE {status} = 'pending'"  # noqa: S608 - all names are quoted
        return int(str(text_of(self.connection.rows(query)[0][0])))

    def update(self, row: HostRow, changes: Mapping[str, str | None]) -> bool:
        """Change the row if every column is still as it was read; return whether it was.

        Raises AmbiguousKey (nothing was changed) and ChangeUncertain.
        """
        return self.update_many([(row, changes)])[0]

    def update_many(self, pairs: Sequence[tuple[HostRow, Mapping[str, str | None]]]) -> list[bool]:
        """Change each row that is still, in every column, as it was read; return which were. All in one transaction.

        Raises AmbiguousKey and HostUnavailable, nothing was changed then, and ChangeUncertain.
        """
        is_committing = False
        try:
            with self.connection.transaction():
                matched = [self._change(row, changes) for row, changes in pairs]
                for (row, _changes), number in zip(pairs, matched, strict=True):
                    if number > 1:
                        raise AmbiguousKey(row.key)
                is_committing = True
        except HostUnavailable as error:
            if is_committing and error.problem is not Problem.LOCKED:
                raise ChangeUncertain from error
            raise
        return [number == 1 for number in matched]

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

    def _rows_of(self, keys: Sequence[str]) -> Iterator[tuple[str, dict[str, str | None]]]:
        """Yield id and values of all rows that the database takes for one of these keys; the exact ones are told later."""
        condition, parameters = self._may_have_keys(keys)
        expressions = ", ".join(
            self.connection.as_text(self.source.column(name)) for name in ("session_id", *self.fields)
        )
        query = f"SELECT {expressions} FROM {self._table} WHERE {condition}"  # noqa: S608 - all names are quoted
        try:
            rows = self.connection.rows(query, parameters)
        except HostUnavailable as error:
            if error.problem is not Problem.BAD_VALUE:
                raise
            if len(keys) > 1:  # a word where the ids are numbers: the others are found by themselves
                for key in keys:
                    yield from self._rows_of([key])
            return
        for row in rows:
            found, *values = map(text_of, row)
            yield found or "", dict(zip(self.fields, values, strict=True))

    def _has_key(self, key: str) -> tuple[str, list[object]]:
        """Return a condition that an index can serve, and that is exact whatever the column's type and collation."""
        condition, candidates = self._may_have_keys([key])
        exact = self.connection.is_same(self.source.column("session_id"))
        return f"{condition} AND {exact}", [*candidates, parameter_of(self.connection, key)]

    def _may_have_keys(self, keys: Sequence[str]) -> tuple[str, list[object]]:
        candidates: list[object] = list(keys)
        if self.connection.engine == "sqlite":
            candidates += [int(key) for key in keys if key.lstrip("-").isdecimal() and len(key) <= 18]
        marks = ", ".join([self.connection.placeholder] * len(candidates))
        return f"{self.connection.quote(self.source.column('session_id'))} IN ({marks})", candidates

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
