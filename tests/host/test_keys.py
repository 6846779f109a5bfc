"""Keys of every kind: each row of the host is read once, named, and found again by its name."""

from __future__ import annotations

import pytest

from diagnostics import host
from diagnostics.domain.facts import SessionKey
from diagnostics.host_values import key_of
from tests.host.conftest import TABLE, HostDatabase, Opener, columns

NEW = "2026-11-01 10:00:00"


def insert(database: HostDatabase, key: object) -> None:
    values = "?, 'failed', '2026-11-01 10:00:00', '2026-11-01 10:00:00', 'MemoryError', NULL"
    database.run(f"INSERT INTO {TABLE} (session_id, {', '.join(NAMES)}) VALUES ({values})", key)


NAMES = ("status", "created_at", "updated_at", "error_message", "final_file_path")


def keys_of(opened: Opener) -> list[SessionKey]:
    table = opened()
    keys: list[SessionKey] = [key_of(row[0]) for batch in table.batches() for row in batch]
    assert sorted(map(str, table.rows_of(keys))) == sorted(map(str, keys))
    for key in keys:
        row = table.find(str(key))
        assert row is not None, key
        assert key_of(row[0]) == key
    table.connection.close()
    return keys


@pytest.mark.parametrize("batch", [2, 5_000])
@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("BIGINT PRIMARY KEY", [-5, 0, 7, 10, 2**53 + 1, 2**63 - 1]),
        ("VARCHAR(64) PRIMARY KEY", ["", "007", "7", "7.0", "a/b?c#d", "é中文😀", "x' OR 1=1 --", "%s", "a\\xffb"]),
        ("DOUBLE PRECISION PRIMARY KEY", [0.5, 1.0, 2.25, 1e300]),
        ("DECIMAL(20, 2) PRIMARY KEY", ["1.50", "2.00", "12345678901234567.25"]),
    ],
)
def test_each_key_is_read_once_and_found_again(
    host_on_each_engine: HostDatabase,
    opened: Opener,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    keys: list[object],
    batch: int,
) -> None:
    monkeypatch.setattr(host, "BATCH_ROWS", batch)
    host_on_each_engine.create_table(columns(session_id=kind))
    for key in keys:
        insert(host_on_each_engine, key)
    found = keys_of(opened)
    assert len(found) == len(set(found)) == len(keys)


@pytest.mark.parametrize("batch", [1, 2, 5_000])
def test_sqlite_may_hold_keys_of_all_kinds_in_one_column(
    host_database: HostDatabase, opened: Opener, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(host, "BATCH_ROWS", batch)
    host_database.create_table(columns(session_id=""))
    kinds = [3, 4.5, "four", "five", b"blob", b"\xff\xfe", b"", float("inf")]
    for key in kinds:
        insert(host_database, key)
    host_database.run(f"INSERT INTO {TABLE} (session_id, status) VALUES (CAST(x'c328' AS TEXT), 'failed')")
    found = keys_of(opened)
    assert len(found) == len(kinds) + 1
    assert {3, "4.5", "four", "five", "blob", "\\xff\\xfe", "inf", "\\xc3("} <= set(found)


def test_rows_without_a_key_are_counted(host_database: HostDatabase, opened: Opener) -> None:
    host_database.create_table(columns(session_id="VARCHAR(20) PRIMARY KEY"))
    for key in (None, None, "a"):
        insert(host_database, key)
    table = opened()
    assert table.count_nameless() == 2
    assert [key_of(row[0]) for batch in table.batches() for row in batch] == ["a"]
    table.connection.close()


@pytest.mark.databases
@pytest.mark.parametrize("host_on_each_engine", ["postgresql"], indirect=True)  # the only one that stores them
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_keys_as_well(host_on_each_engine: HostDatabase, opened: Opener, value: str) -> None:
    host_on_each_engine.create_table(columns(session_id="DOUBLE PRECISION PRIMARY KEY"))
    insert(host_on_each_engine, value)
    assert len(keys_of(opened)) == 1


@pytest.mark.databases
def test_a_server_that_tells_keys_apart_by_case_alone_in_no_way_confuses_us(
    host_on_each_engine: HostDatabase, opened: Opener
) -> None:
    kind = "VARCHAR(64)" if host_on_each_engine.engine != "mysql" else "VARCHAR(64) COLLATE utf8mb4_bin"
    host_on_each_engine.create_table(columns(session_id=f"{kind} PRIMARY KEY"))
    for key in ("aB", "AB", "ab"):
        insert(host_on_each_engine, key)
    assert set(keys_of(opened)) == {"aB", "AB", "ab"}


@pytest.mark.databases
def test_a_key_that_is_no_utf8_is_read(host_on_each_engine: HostDatabase, opened: Opener) -> None:
    kinds = {"sqlite": "TEXT", "postgresql": "BYTEA", "mysql": "VARBINARY(64)"}
    host_on_each_engine.create_table(columns(session_id=f"{kinds[host_on_each_engine.engine]} PRIMARY KEY"))
    insert(host_on_each_engine, b"a\xffb")
    insert(host_on_each_engine, b"plain")
    written = {"a\\xffb", "plain"} if host_on_each_engine.engine != "postgresql" else {"\\x61ff62", "\\x706c61696e"}
    assert set(keys_of(opened)) == written
