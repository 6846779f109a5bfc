"""Reads the environment and .env, and names every bad or missing value at once."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from environs import Env, EnvError
from marshmallow import ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql", "mysql", "mariadb")
HOST_COLUMN_NAMES = (
    "session_id",
    "status",
    "created_at",
    "updated_at",
    "error_message",
    "final_file_path",
    "final_file_size",
    "user_id",
    "assessment_id",
    "total_duration_minutes",
    "duration_seconds",
    "segment_count",
    "progress_percentage",
    "generation_mode",
    "scene_id",
    "completed_at",
)


def environment() -> Env:
    """Return a reader of the process's environment, with .env behind it.

    It collects every error; call `seal()` when all names were read.
    """
    reader = Env(eager=False)
    reader.read_env(os.environ.get("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)
    return reader


def sealed(reader: Env) -> None:
    """End the start with one readable message if any variable is bad or missing."""
    try:
        reader.seal()
    except EnvError as error:
        lines = [f"  {name}: {' '.join(str(text) for text in texts)}" for name, texts in _messages(error).items()]
        message = "Settings that need mending (in the environment or .env; see .env.example):\n" + "\n".join(lines)
        raise SystemExit(message) from None


def _messages(error: EnvError) -> dict[str, list[object]]:
    messages = getattr(error, "error_messages", None)
    return messages if isinstance(messages, dict) else {"environment": [error]}


def is_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f"{value!r} is no time zone; use a name such as Asia/Shanghai or UTC.")


def is_database_url(value: str) -> None:
    if value and urlsplit(value).scheme not in DATABASE_SCHEMES:
        raise ValidationError(
            "not a database URL; use sqlite:////path/file.sqlite3, postgres://user:password@host/name or mysql://…"
        )


def is_web_url(value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValidationError(f"{value!r} is no address; use https://host or http://host:port.")


def is_absolute_path(value: str) -> None:
    if value and not value.startswith("/"):
        raise ValidationError(f"{value!r} is not an absolute path.")


def is_url_prefix(value: str) -> None:
    if not value.strip("/"):
        raise ValidationError("the prefix must name at least one folder, such as /static/audio/.")


def is_table_name(value: str) -> None:
    if not value or any(not part.isidentifier() for part in value.split(".")):
        raise ValidationError(f"{value!r} is no table name; use name or schema.name.")


def are_columns(value: dict[str, str]) -> None:
    unknown = sorted(set(value) - set(HOST_COLUMN_NAMES))
    if unknown:
        raise ValidationError(f"unknown name {', '.join(unknown)}; it maps {', '.join(HOST_COLUMN_NAMES)}.")
    if any(not column.isidentifier() for column in value.values()):
        raise ValidationError("a column's name may hold letters, digits and _ only, as in session_id=id.")


def at_least(lowest: float) -> object:
    def check(value: float) -> None:
        if value < lowest:
            raise ValidationError(f"{value} is too small; the smallest is {lowest}.")

    return check


def percent(value: float) -> None:
    if not 0 < value <= 100:
        raise ValidationError(f"{value} is not between 0 and 100.")


def at_least_text(length: int) -> object:
    def check(value: str) -> None:
        if len(value) < length:
            raise ValidationError(f"too short; it needs at least {length} characters that nobody can guess.")

    return check


def own_database(parsed: dict[str, object]) -> dict[str, object]:
    """Return Django's settings of our own database: WAL and immediate transactions on SQLite, utf8mb4 on MariaDB."""
    engine = str(parsed.get("ENGINE", ""))
    options = dict(parsed.get("OPTIONS") or {})  # type: ignore[call-overload]
    if engine.endswith("sqlite3"):
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
        }
    if engine.endswith("mysql"):
        import pymysql

        pymysql.install_as_MySQLdb()
        options |= {"charset": "utf8mb4", "init_command": "SET collation_connection = 'utf8mb4_bin'"}
    return {**parsed, "OPTIONS": options}
