"""Looking changes nothing: no GET writes to a database, ours or the host's, and no page but an action's touches the host."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.conftest import signed_in
from tests.host_database import HostDatabase
from tests.test_roles import MATRIX, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db

READING = ("SELECT", "EXPLAIN", "PRAGMA", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN")
VARIANTS: dict[str, dict[str, str]] = {
    "page": {},
    "fragment": {"HX-Request": "true"},
    "restored": {"HX-Request": "true", "HX-History-Restore-Request": "true"},
}


@contextmanager
def writes_refused() -> Iterator[None]:
    """Fail on any statement to our database that could write."""

    def guard(execute: Any, sql: str, params: Sequence[object], many: bool, context: Any) -> Any:
        assert sql.lstrip(" (").upper().startswith(READING), f"a GET wrote: {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield


def state_of(folder: Path) -> dict[str, tuple[int, str]]:
    """Return time and digest of every file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (os.stat(path).st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}


@pytest.mark.parametrize("pattern", MATRIX)
def test_no_get_writes(pattern: str, cast: dict[str, User], world: HostDatabase, tmp_path: Path) -> None:
    address = MATRIX[pattern].address
    for who in cast:
        client, before = signed_in(cast[who]), state_of(tmp_path)
        with writes_refused():
            client.head(address)  # in each variant it is answered as a GET is
            for variant in VARIANTS.values():
                client.get(address, headers=variant)
        assert state_of(tmp_path) == before, who


def test_a_get_that_writes_would_be_found(cast: dict[str, User], client: Client) -> None:
    with pytest.raises(AssertionError, match="a GET wrote"), writes_refused():
        client.force_login(cast["sam"], backend="django.contrib.auth.backends.ModelBackend")


@pytest.mark.parametrize("address", ["/login/", "/language/", "/nowhere/", "/healthz", "/readyz", "/metrics"])
def test_no_open_page_writes(address: str, client: Client, db: None) -> None:
    with writes_refused():
        client.get(address)


def test_pages_live_with_a_host_that_cannot_be_written_to(
    cast: dict[str, User], world: HostDatabase, settings: Settings
) -> None:
    settings.HOST_WRITE_DATABASE_URL = ""
    client = signed_in(cast["ada"])
    pages = [row.address for row in MATRIX.values() if "GET" in row.answers]
    got = {address: client.get(address).status_code for address in pages}
    assert {address: status for address, status in got.items() if status >= 400} == {}
