"""The writable connection: exact ids, rights by column, and nothing done where a row is no longer as it was."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from diagnostics.probes.databases import HostUnavailable, Problem
from sessions_admin.actions import rows
from sessions_admin.host_writer import AmbiguousKey, WritingOff, open_preview, open_writer
from tests.host_database import TABLE, HostDatabase
from tests.sessions_admin.conftest import Door, planned

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

GRANTED = "status, error_message, updated_at"
PERSON = f"limited_{uuid.uuid4().hex[:12]}"
LOGINS = {
    "postgresql": ("ROLE", PERSON, "LOGIN PASSWORD 'only-tests'"),
    "mysql": ("USER", f"'{PERSON}'@'%'", "IDENTIFIED BY 'only-tests'"),
}


@pytest.fixture
def limited(host_on_each_server: HostDatabase, settings: Settings) -> Iterator[HostDatabase]:
    """A host whose write login may update the three needed columns only."""
    host = host_on_each_server
    database = urlsplit(host.url).path[1:]
    kind, who, password = LOGINS[host.engine]
    host.run(f"DROP {kind} IF EXISTS {who}")
    host.run(f"CREATE {kind} {who} {password}")
    host.run(f"GRANT SELECT ON {TABLE} TO {who}")
    host.run(f"GRANT UPDATE ({GRANTED}) ON {TABLE} TO {who}")
    parts = urlsplit(host.url)
    netloc = f"{PERSON}:only-tests@{parts.hostname}:{parts.port}"
    settings.HOST_WRITE_DATABASE_URL = parts._replace(netloc=netloc, path=f"/{database}").geturl()
    yield host
    if host.engine == "postgresql":
        host.run(f"DROP OWNED BY {who}")
    host.run(f"DROP {kind} {who}")


def test_it_knows_which_columns_it_may_change(limited: HostDatabase) -> None:
    for opened in (open_writer, open_preview):
        with opened() as writer:
            may = {name for name in writer.fields if writer.may_update(name)}
        assert may == {"status", "error_message", "updated_at"}


def test_a_reset_leaves_out_what_it_may_not_change(limited: HostDatabase, door: Door) -> None:
    limited.insert_failed(5)
    assert door(planned()).kind == "done"
    row = limited.row(5)
    assert (row["status"], row["progress_percentage"]) == ("pending", 40)


def test_without_a_needed_right_nothing_is_done(limited: HostDatabase, door: Door) -> None:
    _, who, _ = LOGINS[limited.engine]
    limited.insert_failed(5)
    plan = planned()
    limited.run(f"REVOKE UPDATE (error_message) ON {TABLE} FROM {who}")
    (result,) = door(plan).results
    assert (result.kind, result.message, result.values) == ("failed", rows.NOT_GRANTED, {"columns": "error_message"})
    assert limited.row(5)["status"] == "failed"


@pytest.mark.parametrize(
    "key", ["05", "5 ", "5x", "x", "5.0", "", "-5", "9" * 40, "\0", "5\0", "%", "' OR 1=1 --", "٥"]
)
def test_an_id_is_taken_exactly(host_on_each_engine: HostDatabase, key: str) -> None:
    host_on_each_engine.insert_failed(5)
    with open_writer() as writer:
        assert writer.read(key) is None
        assert writer.read("5") is not None


@pytest.mark.parametrize("key", ["AB-1", "a/b", "5", "ключ", "x" * 64, "a'b%s?"])
def test_an_id_may_be_a_text(host_on_each_engine: HostDatabase, door: Door, key: str) -> None:
    host_on_each_engine.create_table(
        "session_id VARCHAR(64) PRIMARY KEY, status VARCHAR(20), error_message {text}, "
        "final_file_path {text}, created_at {moment}, updated_at {moment}"
    )
    for name in {key, "other"}:
        host_on_each_engine.insert(name, status="failed", error_message="x", updated_at="2026-11-20 10:00:00")
    assert door(planned(key)).kind == "done"
    assert host_on_each_engine.row(key)["status"] == "pending"
    assert host_on_each_engine.row("other")["status"] == "failed"
    with open_writer() as writer:
        assert writer.read(key.swapcase() if key.swapcase() != key else "none") is None


def test_an_id_that_two_rows_have_is_not_touched(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.create_table(
        "session_id INTEGER, status VARCHAR(20), error_message {text}, updated_at {moment}"
    )
    for _ in range(2):
        host_on_each_engine.insert(5, status="failed")
    with open_writer() as writer, pytest.raises(AmbiguousKey):
        writer.read("5")


def test_mapped_columns_are_used(host_on_each_engine: HostDatabase, door: Door, settings: Settings) -> None:
    settings.HOST_COLUMNS = {"session_id": "id", "status": "state", "error_message": "select"}
    settings.HOST_SESSION_TABLE = "jobs"
    with host_on_each_engine.connected() as connection:
        quoted = connection.quote("select")
        connection.change("DROP TABLE IF EXISTS jobs")
        connection.change(
            f"CREATE TABLE jobs (id INTEGER PRIMARY KEY, state VARCHAR(9), {quoted} VARCHAR(99), updated_at VARCHAR(30))"
        )
        connection.change("INSERT INTO jobs VALUES (5, 'failed', 'x', '2026-11-20T10:00:00Z')")
        assert door(planned()).kind == "done"
        ((state, error, updated),) = connection.rows(f"SELECT state, {quoted}, updated_at FROM jobs")
        connection.change("DROP TABLE jobs")
    assert (state, error) == ("pending", None)
    assert updated.endswith("Z")
    assert "T" in updated


def test_without_an_address_it_is_off(db: None) -> None:
    with pytest.raises(WritingOff), open_writer():
        pass


def test_the_preview_cannot_write(host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    with open_preview() as writer:
        row = writer.read("5")
        assert row is not None
        with pytest.raises(HostUnavailable) as caught:
            writer.update(row, {"status": "pending"})
    assert caught.value.problem is Problem.DENIED
