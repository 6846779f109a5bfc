"""Times as the engines store them: with and without a zone, with fractions, and those that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from diagnostics.domain.facts import Moment
from tests.host.conftest import TABLE, HostDatabase, Opener, columns

pytestmark = pytest.mark.databases
TEN = datetime(2026, 11, 1, 2, tzinfo=UTC)


def created(database: HostDatabase, opened: Opener, kind: str, written: object) -> Moment:
    database.create_table(columns(created_at=kind))
    if database.engine == "mysql":
        script = f"INSERT INTO {TABLE} (session_id, created_at) VALUES (1, ?)"
        with database.connected() as connection:
            connection.change("SET SESSION sql_mode = ''")
            connection.change(script.replace("?", "%s"), (written,))
    else:
        database.insert(1, created_at=written)
    table = opened()
    record = table.record(table.rows_of([1])[1])
    table.connection.close()
    return record.created


@pytest.fixture(autouse=True)
def host_in_shanghai(settings: Settings) -> None:
    settings.HOST_TIME_ZONE = "Asia/Shanghai"


CASES: dict[str, list[tuple[str, object, datetime | None]]] = {
    "sqlite": [
        ("DATETIME", "2026-11-01 10:00:00", TEN),
        ("DATETIME", "2026-11-01T10:00:00.000", TEN),
        ("DATETIME", "2026-11-01T02:00:00Z", TEN),
        ("DATETIME", "2026-11-01 04:00:00+02:00", TEN),
        ("DATETIME", " 2026-11-01 10:00:00 ", TEN),
        ("INTEGER", TEN.timestamp(), TEN),
        ("INTEGER", int(TEN.timestamp() * 1000), TEN),
        ("DATETIME", "yesterday", None),
        ("DATETIME", "2026-02-31 10:00:00", None),
        ("DATETIME", "0000-00-00 00:00:00", None),
        ("DATETIME", "0001-01-01 00:00:00", None),
        ("DATETIME", "9999-12-31 23:59:59.999999", None),
        ("DATETIME", "²²²²²²²²²²", None),
        ("DATETIME", "9" * 400, None),
        ("DATETIME", b"\xff\xfe\x00", None),
        ("DATETIME", "", None),
        ("DATETIME", -1, None),
    ],
    "postgresql": [
        ("TIMESTAMP", "2026-11-01 10:00:00", TEN),
        ("TIMESTAMP", "2026-11-01 10:00:00.25", TEN.replace(microsecond=250_000)),
        ("TIMESTAMPTZ", "2026-11-01 04:00:00+02", TEN),
        ("TIMESTAMPTZ", "2026-11-01 07:30:00+05:30", TEN),
        ("TEXT", "2026-11-01 10:00:00", TEN),
        ("DATE", "2026-11-01", TEN.replace(day=31, month=10, hour=16)),
        ("TIMESTAMP", "infinity", None),
        ("TIMESTAMP", "0044-03-15 00:00:00 BC", None),
        ("TIMESTAMP", "12026-01-01 00:00:00", None),
        ("TIMESTAMPTZ", None, None),
    ],
    "mysql": [
        ("DATETIME", "2026-11-01 10:00:00", TEN),
        ("DATETIME(6)", "2026-11-01 10:00:00.250000", TEN.replace(microsecond=250_000)),
        ("TIMESTAMP NULL", "2026-11-01 10:00:00", TEN),
        ("DATETIME", "0000-00-00 00:00:00", None),
        ("DATETIME", "2026-00-00 00:00:00", None),
        ("DATETIME", "9999-12-31 23:59:59", None),
        ("VARCHAR(40)", "2026-11-01T10:00:00", TEN),
        ("DATETIME", None, None),
    ],
}


def test_a_time_is_read_as_the_host_meant_it(host_on_each_engine: HostDatabase, opened: Opener) -> None:
    for kind, written, expected in CASES[host_on_each_engine.engine]:
        moment = created(host_on_each_engine, opened, kind, written)
        assert moment.at == expected, (kind, written)
        assert (moment.raw is None) == (written is None), (kind, written)


@pytest.mark.parametrize("host_on_each_engine", ["postgresql"], indirect=True)  # the only one with a DateStyle
def test_a_server_that_writes_dates_its_own_way_is_asked_for_ours(
    host_on_each_engine: HostDatabase, opened: Opener
) -> None:
    name = host_on_each_engine.url.rsplit("/", 1)[-1]
    host_on_each_engine.run(f"ALTER DATABASE {name} SET datestyle = 'German, DMY'")
    host_on_each_engine.run(f"ALTER DATABASE {name} SET timezone = 'Asia/Kolkata'")
    try:
        assert created(host_on_each_engine, opened, "TIMESTAMPTZ", "2026-11-01 02:00:00+00").at == TEN
    finally:
        host_on_each_engine.run(f"ALTER DATABASE {name} RESET datestyle")
        host_on_each_engine.run(f"ALTER DATABASE {name} RESET timezone")
