"""What a login may do to a column, and a user to a folder, without doing it."""

from __future__ import annotations

import grp
import os
import pwd
import stat
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


def may(user: str, path: Path, wanted: str) -> bool:
    """Return whether a user (name or number) may do `wanted` (letters of rwx) to one path, by its owner and mode alone.

    Raises OSError for a path that cannot be looked at, KeyError for a user that this machine does not know.
    """
    number = int(user) if user.isdecimal() else pwd.getpwnam(user).pw_uid
    if number == 0:
        return True
    found = path.stat()
    shift = 6 if found.st_uid == number else 3 if found.st_gid in _groups(number) else 0
    bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in wanted)
    return stat.S_IMODE(found.st_mode) >> shift & bits == bits


def _groups(number: int) -> set[int]:
    try:
        known = pwd.getpwuid(number)
    except KeyError:
        return set()
    return {known.pw_gid, *(group.gr_gid for group in grp.getgrall() if known.pw_name in group.gr_mem)}


def blocking_folder(user: str, path: Path) -> Path | None:
    """Return the first folder above a path that does not let a user through, or None."""
    return next((folder for folder in reversed(path.parents) if not may(user, folder, "x")), None)
