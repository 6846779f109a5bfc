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


@pytest.mark.parametrize("who", ["sam", "eve", "max", "ada"])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("pattern", MATRIX)
def test_no_get_writes(
    pattern: str, variant: str, who: str, cast: dict[str, User], world: HostDatabase, tmp_path: Path
) -> None:
    client, before = signed_in(cast[who]), state_of(tmp_path)
    with writes_refused():
        client.get(MATRIX[pattern].address, headers=VARIANTS[variant])
        client.head(MATRIX[pattern].address, headers=VARIANTS[variant])
    assert state_of(tmp_path) == before


@pytest.mark.parametrize("address", ["/login/", "/language/", "/nowhere/", "/healthz", "/readyz", "/metrics"])
def test_no_open_page_writes(address: str, client: Client, db: None) -> None:
    with writes_refused():
        client.get(address)


@pytest.mark.parametrize("pattern", [pattern for pattern, row in MATRIX.items() if "GET" in row.answers])
def test_pages_live_with_a_host_that_cannot_be_written_to(
    pattern: str, cast: dict[str, User], world: HostDatabase, settings: Settings
) -> None:
    settings.HOST_WRITE_DATABASE_URL = ""
    assert signed_in(cast["ada"]).get(MATRIX[pattern].address).status_code < 400
