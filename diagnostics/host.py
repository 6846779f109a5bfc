"""The host's session table, read only: its columns as mapped, its rows raw and in batches, one row by its key."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from diagnostics import host_keys
from diagnostics.domain.facts import SessionKey, SessionRecord
from diagnostics.host_values import key_of, moment, path_text, record_of, text
from diagnostics.probes.databases import Connection, HostUnavailable, Problem, connect

NEEDED = ("session_id", "status", "created_at", "updated_at", "error_message", "final_file_path")
OPTIONAL = (
    "final_file_size",
    "user_id",
    "assessment_id",
    "total_duration_minutes",
    "duration_seconds",
    "segment_count",
    "progress_percentage",
    "generation_mode",
    "scene_id",
    "completed_at",
)
RARE = ("heartbeat_at",)  # read where a host has it; only one that HOST_COLUMNS names is missed
FIELDS = NEEDED + OPTIONAL + RARE
LENGTHS = frozenset(("total_duration_minutes", "duration_seconds"))
BATCH_ROWS = 2_000  # of rows with the longest errors: some 64 MB
KEYS_PER_QUERY = 200
ERROR_CHARACTERS = 16 * 1024
Row = tuple[object, ...]


class HostSchemaError(Exception):
    """The table, or a needed column of it, is not there. `missing` names what, `advice` the setting that maps it."""

    def __init__(self, missing: str, advice: str) -> None:
        super().__init__(f"{missing}: {advice}")
        self.missing = missing
        self.advice = advice


@dataclass(frozen=True, slots=True)
class HostSource:
    """Where the host's table is and how it is to be read."""

    url: str
    table: str
    columns: Mapping[str, str]
    zone: tzinfo
    timeout_seconds: float = 30.0
    total_seconds: float = math.inf  # of all statements on one connection together

    def column(self, name: str) -> str:
        return self.columns.get(name, name)


@dataclass(slots=True)
class HostTable:
    """An open host table. Every read raises HostUnavailable where the database does not answer."""

    source: HostSource
    connection: Connection
    fields: tuple[str, ...] = ()
    found_columns: tuple[str, ...] = ()
    _selection: str = field(default="", repr=False)

    @property
    def absent(self) -> frozenset[str]:
        return frozenset(FIELDS) - frozenset(self.fields)

    @property
    def missed(self) -> frozenset[str]:
        """What is absent though it should be there: of the two lengths one is enough, and a rare column is no loss."""
        absent = self.absent - {name for name in RARE if name not in self.source.columns}
        return absent - LENGTHS if LENGTHS - absent else absent

    def count(self) -> int:
        rows = self.connection.rows(f"SELECT COUNT(*) FROM {self._table}")
        return int(str(text(rows[0][0])))

    def count_nameless(self) -> int:
        """Return how many rows have no key: nobody can ask for them."""
        where = f"WHERE {self._quoted('session_id')} IS NULL"
        rows = self.connection.rows(f"SELECT COUNT(*) FROM {self._table} {where}")
        return int(str(text(rows[0][0])))

    def batches(self) -> Iterator[list[Row]]:
        """Yield all rows in batches, in the order of the key; each batch is a query of its own, so that no lock is held."""
        key = self._quoted("session_id")
        if self.connection.engine != "sqlite":
            yield from self._batches_where(f"{key} IS NOT NULL")
            return
        yield from self._batches_where(f"{key} < x''")
        yield from self._batches_where(f"{key} >= x''", are_blobs=True)  # behind all else, and like nothing else

    def _batches_where(self, condition: str, *, are_blobs: bool = False) -> Iterator[list[Row]]:
        key = self._quoted("session_id")
        begin = ""
        values: list[object] = []
        while True:
            where = f"WHERE {condition}{begin} ORDER BY {key} LIMIT {BATCH_ROWS}"
            rows = self.connection.rows(f"SELECT {self._selection} FROM {self._table} {where}", values)
            if rows:
                yield rows
            if len(rows) < BATCH_ROWS:
                return
            mark, last = host_keys.after(self.connection, rows[-1][0], is_blob=are_blobs)
            begin, values = f" AND {key} > {mark}", [last]

    def rows_of(self, keys: Iterable[SessionKey]) -> dict[SessionKey, Row]:
        """Return the raw rows of these keys; what the table does not hold is left out."""
        found: dict[SessionKey, Row] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), KEYS_PER_QUERY):
            rows = self._rows_matching(wanted[start : start + KEYS_PER_QUERY])
            found |= {key_of(row[0]): row for row in rows}
        return {key: found[key] for key in wanted if key in found}

    def naming(self, name: str, limit: int = 50) -> list[tuple[SessionKey, str]]:
        """Return key and path of rows whose path ends in this file name, however they write the rest of it."""
        path = self._expression("final_file_path")
        term = host_keys.pattern(self.connection, f"%{_escaped(name)}%")
        if term is None:
            return []
        query = (
            f"SELECT {self._expression('session_id')}, {path} FROM {self._table} "
            f"WHERE {path} LIKE {term[0]} ESCAPE '!' LIMIT {limit}"
        )
        rows = self.connection.rows(query, (term[1],))
        return [(key_of(row[0]), path_text(row[1]) or "") for row in rows]

    def naming_any(self, names: Collection[str]) -> list[tuple[SessionKey, str, str]]:
        """Return key, path and status of rows whose path has one of these file names in it, or any escape."""
        patterns = [f"%{_escaped(name)}%" for name in sorted(names)] + ["%!%%"]
        terms = [term for each in patterns if (term := host_keys.pattern(self.connection, each))]
        path = self._expression("final_file_path")
        selection = ", ".join(map(self._expression, ("session_id", "final_file_path", "status")))
        where = " OR ".join(f"{path} LIKE {mark} ESCAPE '!'" for mark, _ in terms)
        rows = self.connection.rows(
            f"SELECT {selection} FROM {self._table} WHERE {where}", [value for _, value in terms]
        )
        return [(key_of(row[0]), path_text(row[1]) or "", text(row[2]) or "") for row in rows]

    def asked_by(self, user_id: str, assessment_id: str, limit: int) -> list[SessionRecord]:
        """Return who, when and which of the rows of a user and an assessment; the caller compares their text exactly."""
        asked = {"user_id": user_id, "assessment_id": assessment_id}
        terms = {name: list(host_keys.terms(self.connection, value)) for name, value in asked.items()}
        where = " AND ".join(
            f"{self._quoted(name)} IN ({', '.join(mark for mark, _ in found)})" for name, found in terms.items()
        )
        names = ("session_id", *asked, "created_at")
        selection = ", ".join(map(self._expression, names))
        values = [value for found in terms.values() for _, value in found]
        rows = self.connection.rows(f"SELECT {selection} FROM {self._table} WHERE {where} LIMIT {limit}", values)
        return [record_of(dict(zip(names, row, strict=True)), self.absent, self.source.zone) for row in rows]

    def find(self, wanted: str) -> Row | None:
        """Return the raw row whose key reads as this text, or None."""
        is_number = wanted.removeprefix("-").isdecimal() and len(wanted) < 20 and self.connection.engine == "sqlite"
        keys: list[SessionKey] = [int(wanted), wanted] if is_number else [wanted]
        try:
            found = [row for key in keys for row in self._rows_matching([key])]
        except HostUnavailable as error:
            if error.problem is Problem.BAD_VALUE:  # such as a word where the key is a number
                return None
            raise
        return next((row for row in found if str(key_of(row[0])) == wanted), None)

    def waiting_and_generating(self, limit: int = 5_000) -> list[Row]:
        """Return the rows that are pending or being generated: the queue."""
        status = self._quoted("status")
        query = f"SELECT {self._selection} FROM {self._table} WHERE {status} IN ('pending', 'generating') LIMIT {limit}"
        return self.connection.rows(query)

    def newest_picked_up(self, limit: int = 50) -> list[tuple[SessionKey, datetime]]:
        """Return key and creation (UTC) of the newest sessions that a worker has taken, newest first."""
        created = self._quoted("created_at")
        query = (
            f"SELECT {self._expression('session_id')}, {self._expression('created_at')} FROM {self._table} "
            f"WHERE {self._quoted('status')} IN ('generating', 'completed', 'failed') ORDER BY {created} DESC LIMIT {limit}"
        )
        times = [(key_of(row[0]), moment(row[1], self.source.zone).at) for row in self.connection.rows(query)]
        return [(key, at) for key, at in times if at is not None]

    def record(self, row: Row) -> SessionRecord:
        return record_of(self.as_mapping(row), self.absent, self.source.zone)

    def as_mapping(self, row: Row) -> dict[str, object]:
        return dict(zip(self.fields, row, strict=True))

    def error_size(self, row: Row) -> int:
        """Return how much of memory a row's error text takes: nothing else of a row is long."""
        error = row[self.fields.index("error_message")]
        return len(error) if isinstance(error, str | bytes) else 0

    def _rows_matching(self, keys: Sequence[SessionKey]) -> list[Row]:
        terms = [term for key in keys for term in host_keys.terms(self.connection, key)]
        marks = ", ".join(mark for mark, _ in terms)
        query = f"SELECT {self._selection} FROM {self._table} WHERE {self._quoted('session_id')} IN ({marks})"
        return self.connection.rows(query, [value for _, value in terms])

    @property
    def _table(self) -> str:
        return self.connection.quote(self.source.table)

    def _quoted(self, name: str) -> str:
        return self.connection.quote(self.source.column(name))

    def _expression(self, name: str) -> str:
        """A column as it is read: untouched by the driver's converters, a long error text cut to its two ends."""
        column = self._quoted(name)
        if name != "session_id" and self.connection.engine != "sqlite":
            column = f"CAST({column} AS {'CHAR' if self.connection.engine == 'mysql' else 'TEXT'})"
        if name != "error_message":
            return column
        return self._ends(column)

    def _ends(self, column: str) -> str:
        """A long text cut to its two ends. SQLite counts text only up to a NUL, so there it is cut as bytes."""
        head, tail = f"substr({column}, 1, {ERROR_CHARACTERS})", f"substr({column}, -{ERROR_CHARACTERS})"
        joined, size = f"concat({head}, {tail})", f"length({column})"
        if self.connection.engine == "postgresql":
            joined = f"left({column}, {ERROR_CHARACTERS}) || right({column}, {ERROR_CHARACTERS})"
        elif self.connection.engine == "sqlite":
            raw = f"CAST({column} AS BLOB)"
            head, tail = f"substr({raw}, 1, {ERROR_CHARACTERS})", f"substr({raw}, -{ERROR_CHARACTERS})"
            joined, size = f"CAST({head} || {tail} AS BLOB)", f"length({raw})"
        return f"CASE WHEN {size} > {2 * ERROR_CHARACTERS} THEN {joined} ELSE {column} END"


def open_host(source: HostSource) -> HostTable:
    """Open the host's table for reading. Raises HostUnavailable or HostSchemaError; the caller closes `.connection`."""
    if not source.url:
        raise HostUnavailable(Problem.UNREACHABLE, "HOST_DATABASE_URL", "it is not set")
    connection = connect(
        source.url,
        read_only=True,
        timeout_seconds=source.timeout_seconds,
        total_seconds=source.total_seconds,
        text_as_bytes=True,
    )
    try:
        table = HostTable(source, connection)
        table.found_columns = _columns(table)
        table.fields = _fields(source, table.found_columns)
        table._selection = ", ".join(table._expression(name) for name in table.fields)
    except BaseException:
        connection.close()
        raise
    return table


def _escaped(name: str) -> str:
    return name.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _columns(table: HostTable) -> tuple[str, ...]:
    try:
        return table.connection.columns(table.source.table)
    except HostUnavailable as error:
        if error.problem is not Problem.NO_TABLE:
            raise
        raise HostSchemaError(
            f"table {table.source.table}", "set HOST_SESSION_TABLE to the name of the host's session table"
        ) from error


def _fields(source: HostSource, columns: Sequence[str]) -> tuple[str, ...]:
    lowered = {column.lower() for column in columns}
    for name in NEEDED:
        if source.column(name).lower() not in lowered:
            advice = f"map it with HOST_COLUMNS, as in {name}=its_name_there"
            raise HostSchemaError(f"column {source.column(name)} of table {source.table}", advice)
    return tuple(name for name in FIELDS if source.column(name).lower() in lowered)
