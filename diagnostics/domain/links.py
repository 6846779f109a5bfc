"""When a signed link ends, read from its query; the signature itself is never kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from diagnostics.domain.paths import ADDRESS

UNIX_TIMES = ("e", "expires", "x-expires", "deadline")
DATED = (("x-amz-date", "x-amz-expires"), ("x-oss-date", "x-oss-expires"), ("x-goog-date", "x-goog-expires"))


def link_expiry(url: str) -> datetime | None:
    """Return the end of a signed link (UTC), or None where the query names none that can be read."""
    query = url.partition("?")[2].partition("#")[0]
    values = {name.lower(): value for name, value in parse_qsl(query, max_num_fields=None)}
    for name in UNIX_TIMES:
        if name in values:
            return _unix(values[name])
    for begun, lasts in DATED:
        if begun in values and lasts in values:
            return _dated(values[begun], values[lasts])
    return None


def link_ends_at(raw: str) -> datetime | None:
    """Return when a row's path ends, where it is a signed link."""
    return link_expiry(raw) if ADDRESS.match(raw) else None


def _unix(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _dated(begun: str, lasts: str) -> datetime | None:
    try:
        return datetime.strptime(begun, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + timedelta(seconds=int(lasts))
    except (ValueError, OverflowError):
        return None
