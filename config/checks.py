"""What each kind of setting allows: a check returns what is wrong and what to give instead, or nothing."""

from __future__ import annotations

import ipaddress
import math
import shlex
from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from config import databases
from diagnostics.host import FIELDS

HIGHEST_PORT = 65_535
SHORTEST_KEY = 50
SHORTEST_SECRET = 32


def key(value: str) -> str:
    return "" if len(value) >= SHORTEST_KEY else f"it has {len(value)} characters; use at least {SHORTEST_KEY}."


def secret(value: str) -> str:
    is_long = len(value) >= SHORTEST_SECRET
    return "" if is_long else f"it has {len(value)} characters; use at least {SHORTEST_SECRET} that nobody can guess."


def time_zone(value: str) -> str:
    known = value in available_timezones()
    return "" if known else f"{value!r} is no time zone; use a name such as Asia/Shanghai or UTC."


def database_url(value: str) -> str:
    try:
        databases.settings_of(value)
    except ValueError as error:
        return str(error)
    return ""


def web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in ("http", "https") and parts.hostname:
        return ""
    return f"{value!r} is no address; use https://host or http://host:port."


def web_origins(values: list[str]) -> str:
    return next((problem for value in values if (problem := web_url(value))), "")


def host_names(values: list[str]) -> str:
    wrong = [value for value in values if "/" in value or " " in value]
    return f"{', '.join(wrong)}: give names only, without http:// and paths." if wrong else ""


def networks(values: list[str]) -> str:
    wrong = [value for value in values if not _is_network(value)]
    return f"{', '.join(wrong)}: give networks such as 10.0.0.0/8." if wrong else ""


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return False
    return True


def command_line(value: str) -> str:
    try:
        return "" if shlex.split(value) else "it names no command."
    except ValueError as error:
        return f"it is no command line ({error}); quote it as for a shell."


def cache_url(value: str) -> str:
    return _address(value, ("redis", "rediss", "unix"))


def broker_url(value: str) -> str:
    return _address(value, ("redis", "rediss", "unix", "amqp", "amqps"))


def _address(value: str, schemes: tuple[str, ...]) -> str:
    """The value is not repeated: it may hold a password."""
    parts = urlsplit(value)
    try:
        is_one = parts.scheme in schemes and bool(parts.hostname or parts.scheme == "unix") and parts.port != 0
    except ValueError:
        is_one = False
    return "" if is_one else f"is no address; begin it with {' or '.join(f'{name}://' for name in schemes)}."


def one_of(*allowed: str) -> Callable[[str], str]:
    return lambda value: "" if value in allowed else f"{value!r} is not known; use {' or '.join(allowed)}."


def absolute_path(value: str) -> str:
    return "" if value.startswith("/") and "\0" not in value else f"{value!r} is no absolute path; begin it with /."


def file_path(value: str) -> str:
    if problem := absolute_path(value):
        return problem
    return f"{value!r} names a folder; name the file in it." if value.endswith("/") else ""


def absolute_paths(values: list[str]) -> str:
    return next((problem for value in values if (problem := absolute_path(value))), "")


def url_prefix(value: str) -> str:
    return "" if value.strip("/") else "the prefix must name at least one folder, such as /static/audio/."


def table_name(value: str) -> str:
    is_name = all(part.isidentifier() for part in value.split("."))
    return "" if is_name else f"{value!r} is no table's name; use name or schema.name."


def columns(value: dict[str, str]) -> str:
    unknown = sorted(set(value) - set(FIELDS))
    if unknown:
        return f"unknown name {', '.join(unknown)}; what can be mapped: {', '.join(FIELDS)}."
    wrong = [column for column in value.values() if not column.isidentifier()]
    return (
        f"{', '.join(wrong)}: a column's name holds letters, digits and _ only, as in session_id=id." if wrong else ""
    )


def at_least(lowest: float) -> Callable[[float], str]:
    def check(value: float) -> str:
        if math.isfinite(value) and value >= lowest:
            return ""
        return f"{value:g} is not allowed; the smallest is {lowest:g}."

    return check


def percent(value: float) -> str:
    return "" if 0 < value <= 100 else f"{value:g} is not allowed; it must be above 0 and at most 100."


def port(value: float) -> str:
    return "" if 1 <= value <= HIGHEST_PORT else f"{value:g} is no port; use 1 to {HIGHEST_PORT}."
