"""A host's table on each engine, with columns of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from diagnostics import sources
from diagnostics.host import HostTable, open_host
from tests.host_database import TABLE, HostDatabase

Opener = Callable[[], HostTable]
COLUMNS = {
    "session_id": "BIGINT PRIMARY KEY",
    "status": "VARCHAR(20)",
    "created_at": "{moment}",
    "updated_at": "{moment}",
    "error_message": "{text}",
    "final_file_path": "VARCHAR(500)",
}


def columns(**changed: str | None) -> str:
    """The needed columns, some of them of another type; None leaves one out, a new name adds one."""
    wanted = {**COLUMNS, **changed}
    return ", ".join(f"{name} {kind}" for name, kind in wanted.items() if kind is not None)


@pytest.fixture
def opened(settings: Settings) -> Opener:
    """Open the host's table as the settings say now."""
    return lambda: open_host(sources.host_source(timeout_seconds=5))


__all__ = ["TABLE", "HostDatabase", "Opener", "columns"]
