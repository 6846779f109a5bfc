"""A database's address, and how Django opens our own: SQLite, PostgreSQL or MariaDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

SCHEMES = ("sqlite", "postgres", "postgresql", "mysql", "mariadb")
EXAMPLES = "use sqlite:////folder/file.sqlite3, postgres://user:password@host/name or mysql://user:password@host/name."


def settings_of(url: str) -> dict[str, Any]:
    """Return Django's settings for an address; raise ValueError with what is allowed where it is none."""
    scheme, _colon, rest = url.partition("://")
    if scheme not in SCHEMES:
        raise ValueError(f"its scheme is none of {', '.join(SCHEMES)}; {EXAMPLES}")
    if scheme == "sqlite" and not rest.startswith("//"):
        raise ValueError(f"the file's path must be absolute, with four slashes; {EXAMPLES}")
    try:
        parts = urlsplit(url)
        parsed = dict(dj_database_url.parse(url.replace("mariadb://", "mysql://", 1), conn_max_age=60))
    except ValueError:
        # The address may hold a password: it is not repeated.
        raise ValueError(f"it cannot be read as an address; {EXAMPLES}") from None
    if not parsed.get("NAME") or (scheme != "sqlite" and not parts.hostname and "host=" not in parts.query):
        raise ValueError(f"the server's or the database's name is missing; {EXAMPLES}")
    return parsed


def own_database(url: str) -> dict[str, Any]:
    """Return Django's settings of our own database: WAL and immediate transactions on SQLite, utf8mb4 on MariaDB."""
    parsed = settings_of(url)
    options = dict(parsed.get("OPTIONS") or {})
    if parsed["ENGINE"].endswith("sqlite3"):
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
            "PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-32000;",
        }
    if parsed["ENGINE"].endswith("mysql"):
        import pymysql

        pymysql.install_as_MySQLdb()
        options |= {"charset": "utf8mb4", "init_command": "SET collation_connection = 'utf8mb4_bin'"}
    return {**parsed, "OPTIONS": options}


def make_folder_of(parsed: dict[str, Any]) -> None:
    """Make the folder of an SQLite file, so that a first start finds it; end the start in one line where it cannot be."""
    if not parsed["ENGINE"].endswith("sqlite3"):
        return
    folder = Path(parsed["NAME"]).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"DATABASE_URL: the folder {folder} cannot be made ({error.strerror}).") from None
