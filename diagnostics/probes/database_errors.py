"""What a database's refusal means to an operator: one error with a named problem, and never the password."""

from __future__ import annotations

import re
import sqlite3
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql


class Problem(StrEnum):
    """Why the host's database did not do what was asked."""

    NO_FILE = "no_file"
    UNREACHABLE = "unreachable"
    CREDENTIALS = "credentials"
    LOCKED = "locked"
    TIMEOUT = "timeout"
    DENIED = "denied"
    NO_TABLE = "no_table"
    NO_COLUMN = "no_column"
    BAD_VALUE = "bad_value"
    DAMAGED = "damaged"
    FAILED = "failed"


SENTENCES = {
    Problem.NO_FILE: "The database file does not exist",
    Problem.UNREACHABLE: "The database cannot be reached, or the connection was lost",
    Problem.CREDENTIALS: "The database refuses this user, password or database name",
    Problem.LOCKED: "The database is locked by another writer",
    Problem.TIMEOUT: "The database did not answer in time",
    Problem.DENIED: "The database user may not do this",
    Problem.NO_TABLE: "The table does not exist",
    Problem.NO_COLUMN: "A column does not exist",
    Problem.BAD_VALUE: "The database does not take this value",
    Problem.DAMAGED: "The database file is damaged, or no database",
    Problem.FAILED: "The database reports an error",
}
# Result codes of SQLite (sqlite.org/rescode.html), without their extended bits.
SQLITE_CODES = {
    3: Problem.DENIED,
    5: Problem.LOCKED,
    6: Problem.LOCKED,
    8: Problem.DENIED,
    9: Problem.TIMEOUT,
    10: Problem.UNREACHABLE,
    11: Problem.DAMAGED,
    14: Problem.UNREACHABLE,
    20: Problem.BAD_VALUE,
    23: Problem.DENIED,
    26: Problem.DAMAGED,
}
# SQLSTATEs of PostgreSQL (its manual, appendix A); the longest beginning that fits counts.
SQLSTATES = {
    "08": Problem.UNREACHABLE,
    "22": Problem.BAD_VALUE,
    "25006": Problem.DENIED,
    "28": Problem.CREDENTIALS,
    "3D000": Problem.CREDENTIALS,
    "3F000": Problem.NO_TABLE,
    "40": Problem.LOCKED,
    "42501": Problem.DENIED,
    "42703": Problem.NO_COLUMN,
    "42P01": Problem.NO_TABLE,
    "53300": Problem.UNREACHABLE,
    "55P03": Problem.LOCKED,
    "57014": Problem.TIMEOUT,
    "57P": Problem.UNREACHABLE,
}
# Error numbers of MySQL and MariaDB (their manuals, "Error codes").
MYSQL_CODES = {
    1040: Problem.UNREACHABLE,
    1044: Problem.CREDENTIALS,
    1045: Problem.CREDENTIALS,
    1049: Problem.CREDENTIALS,
    1054: Problem.NO_COLUMN,
    1142: Problem.DENIED,
    1143: Problem.DENIED,
    1146: Problem.NO_TABLE,
    1205: Problem.LOCKED,
    1213: Problem.LOCKED,
    1227: Problem.DENIED,
    1264: Problem.BAD_VALUE,
    1290: Problem.DENIED,
    1292: Problem.BAD_VALUE,
    1366: Problem.BAD_VALUE,
    1698: Problem.CREDENTIALS,
    1792: Problem.DENIED,
    1969: Problem.TIMEOUT,
    2002: Problem.UNREACHABLE,
    2003: Problem.UNREACHABLE,
    2006: Problem.UNREACHABLE,
    2013: Problem.UNREACHABLE,
    3024: Problem.TIMEOUT,
}
# libpq gives no SQLSTATE where connecting failed: its sentences tell.
CREDENTIAL_WORDS = ("authentication failed", "no password supplied", "does not exist", "pg_hba.conf", "not permitted")
TIMEOUT_WORDS = ("timeout expired", "timed out")


class HostUnavailable(Exception):
    """The database did not do what was asked. `detail` is the driver's first line, without any secret."""

    def __init__(self, problem: Problem, where: str, detail: str = "") -> None:
        super().__init__(problem, where, detail)
        self.problem = problem
        self.where = where
        self.detail = detail

    def __str__(self) -> str:
        behind = f": {self.detail}" if self.detail else ""
        return f"{SENTENCES[self.problem]} ({self.where}{behind})"

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well succeed a moment later."""
        return self.problem in (Problem.LOCKED, Problem.TIMEOUT, Problem.UNREACHABLE)


def where(url: str) -> str:
    """Return what a person may see of a database's URL: no password, no options."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "sqlite":
            return unquote(parts.path[1:])
        user = f"{unquote(parts.username)}@" if parts.username else ""
        port = f":{parts.port}" if parts.port else ""
        return f"{user}{parts.hostname or 'localhost'}{port}{unquote(parts.path)}"
    except ValueError:
        return "an address that cannot be read"


def as_unavailable(error: Exception, url: str) -> HostUnavailable:
    """Return a driver's error as ours."""
    return HostUnavailable(_problem(error), where(url), _without_secrets(_first_line(error), url))


def _problem(error: Exception) -> Problem:
    if isinstance(error, sqlite3.Error):
        return _sqlite_problem(error)
    if isinstance(error, psycopg.Error):
        return _postgres_problem(error)
    if isinstance(error, pymysql.Error):
        return _mysql_problem(error)
    return Problem.UNREACHABLE if isinstance(error, OSError) else Problem.FAILED


def _sqlite_problem(error: sqlite3.Error) -> Problem:
    text = str(error)
    if text.startswith("no such table"):
        return Problem.NO_TABLE
    if text.startswith("no such column"):
        return Problem.NO_COLUMN
    return SQLITE_CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, Problem.FAILED)


def _postgres_problem(error: psycopg.Error) -> Problem:
    state, text = error.sqlstate or "", str(error)
    if state:
        return next((SQLSTATES[state[:n]] for n in (5, 3, 2) if state[:n] in SQLSTATES), Problem.FAILED)
    if isinstance(error, psycopg.DataError):
        return Problem.BAD_VALUE
    if any(words in text for words in CREDENTIAL_WORDS):
        return Problem.CREDENTIALS
    if any(words in text for words in TIMEOUT_WORDS):
        return Problem.TIMEOUT
    return Problem.UNREACHABLE if isinstance(error, psycopg.OperationalError) else Problem.FAILED


def _mysql_problem(error: pymysql.Error) -> Problem:
    number = error.args[0] if error.args else 0
    if isinstance(error, pymysql.DataError):
        return Problem.BAD_VALUE
    if number in (2003, 2013) and "timed out" in str(error):
        return Problem.TIMEOUT
    if isinstance(error, pymysql.InterfaceError):
        return Problem.UNREACHABLE
    return MYSQL_CODES.get(number, Problem.FAILED) if isinstance(number, int) else Problem.FAILED


def _first_line(error: Exception) -> str:
    text = str(error.args[1]) if isinstance(error, pymysql.Error) and len(error.args) > 1 else str(error)
    return " ".join(text.strip().partition("\n")[0].split())[:300]


def _without_secrets(text: str, url: str) -> str:
    """Return the text without the password, in whatever form a driver may have echoed it."""
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        password = ""
    for form in {password, unquote(password)} - {""}:
        text = text.replace(form, "***")
    return re.sub(r"(?<=://)([^\s:/@]*):[^\s@]*@", r"\1:***@", text)
