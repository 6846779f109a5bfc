"""Columns that are missing, extra, or named otherwise, and the table itself."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from diagnostics import host
from diagnostics.host import HostSchemaError
from diagnostics.probes.databases import HostUnavailable, Problem
from tests.host.conftest import TABLE, HostDatabase, Opener, columns

pytestmark = pytest.mark.databases


def test_optional_columns_may_be_missing(host_on_each_engine: HostDatabase, opened: Opener) -> None:
    host_on_each_engine.create_table(columns())
    host_on_each_engine.insert(1, status="completed", created_at="2026-11-01 10:00:00", final_file_path="a.wav")
    table = opened()
    record = table.record(table.rows_of([1])[1])
    table.connection.close()
    assert table.absent == set(host.OPTIONAL + host.RARE)
    assert table.missed == set(host.OPTIONAL)
    assert (record.path, record.size_bytes, record.absent) == ("a.wav", None, frozenset(host.OPTIONAL + host.RARE))


@pytest.mark.parametrize("name", host.NEEDED)
def test_a_missing_needed_column_is_named_with_the_setting_that_maps_it(
    host_on_each_engine: HostDatabase, opened: Opener, name: str
) -> None:
    host_on_each_engine.create_table(columns(**{name: None}, other="BIGINT"))
    with pytest.raises(HostSchemaError) as caught:
        opened()
    assert name in caught.value.missing
    assert "HOST_COLUMNS" in caught.value.advice


def test_columns_may_be_named_otherwise(host_on_each_engine: HostDatabase, opened: Opener, settings: Settings) -> None:
    settings.HOST_COLUMNS = {"session_id": "id", "final_file_path": "Path To", "final_file_size": 'a"`b'}
    quoted = (host_on_each_engine.engine == "mysql" and "`{}`") or '"{}"'
    size = quoted.format('a"``b' if host_on_each_engine.engine == "mysql" else 'a""`b')
    host_on_each_engine.create_table(
        columns(session_id=None, final_file_path=None)
        + f", id BIGINT PRIMARY KEY, {quoted.format('Path To')} VARCHAR(99), {size} BIGINT"
    )
    host_on_each_engine.run(f"INSERT INTO {TABLE} (id, status, {quoted.format('Path To')}) VALUES (8, 'x', 'a.wav')")
    table = opened()
    record = table.record(table.rows_of([8])[8])
    table.connection.close()
    assert (record.key, record.path, record.status) == (8, "a.wav", "x")
    assert "final_file_size" not in table.absent


def test_a_missing_table_is_named_with_its_setting(
    host_on_each_engine: HostDatabase, opened: Opener, settings: Settings
) -> None:
    settings.HOST_SESSION_TABLE = "no_such_table"
    with pytest.raises(HostSchemaError) as caught:
        opened()
    assert "no_such_table" in caught.value.missing
    assert "HOST_SESSION_TABLE" in caught.value.advice


def test_a_view_will_do(host_on_each_engine: HostDatabase, opened: Opener, settings: Settings) -> None:
    host_on_each_engine.insert_failed(5)
    host_on_each_engine.run("CREATE VIEW seen AS SELECT * FROM long_sequence_sessions")
    settings.HOST_SESSION_TABLE = "seen"
    table = opened()
    rows = [row for batch in table.batches() for row in batch]
    table.connection.close()
    host_on_each_engine.run("DROP VIEW seen")
    assert len(rows) == 1


def test_a_host_that_is_not_set_is_said(opened: Opener, settings: Settings) -> None:
    settings.HOST_DATABASE_URL = ""
    with pytest.raises(HostUnavailable) as caught:
        opened()
    assert caught.value.problem is Problem.UNREACHABLE
    assert "HOST_DATABASE_URL" in str(caught.value)
