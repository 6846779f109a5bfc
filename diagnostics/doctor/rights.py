"""What a login may do to a column, without doing it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from diagnostics.host import HostSource
from diagnostics.probes.databases import Connection, HostUnavailable, Problem


def may_update(connection: Connection, source: HostSource, name: str) -> bool:
    """Return whether the connection may change a column. The server is asked for a plan; nothing is executed."""
    if connection.engine == "sqlite":
        path = Path(unquote(urlsplit(connection.url).path[1:]))
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    column, table = connection.quote(source.column(name)), connection.quote(source.table)
    try:
        connection.rows(f"EXPLAIN UPDATE {table} SET {column} = {column} WHERE 1 = 0")  # noqa: S608 - names are quoted
    except HostUnavailable as problem:
        if problem.problem is Problem.DENIED:
            return False
        raise
    return True
