"""A time as this host writes it: in its zone, with its separator, its fraction and offset, or as a Unix time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

UNIX_SECONDS = re.compile(r"\d{9,11}(\.\d+)?")
UNIX_MILLISECONDS = re.compile(r"\d{12,14}")
DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?P<separator>[ T])\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?"
)
# An offset of nothing says that the host writes UTC, whatever its zone.
UTC_OFFSETS = ("Z", "+00", "+0000", "+00:00")


def written(at: datetime, zone: tzinfo, like: Iterable[str | None]) -> str:
    """Return an aware time in the form of the first example that is a time; without one, as SQLAlchemy writes it."""
    for example in like:
        form = _in_form_of((example or "").strip(), at, zone)
        if form:
            return form
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S.%f")


def _in_form_of(example: str, at: datetime, zone: tzinfo) -> str:
    if UNIX_SECONDS.fullmatch(example):
        return f"{at.timestamp():.6f}" if "." in example else str(int(at.timestamp()))
    if UNIX_MILLISECONDS.fullmatch(example):
        return str(int(at.timestamp() * 1000))
    found = DATE_TIME.fullmatch(example)
    return _date_time(at, zone, found) if found else ""


def _date_time(at: datetime, zone: tzinfo, example: re.Match[str]) -> str:
    offset, digits = example["offset"] or "", len(example["fraction"] or "") - 1
    local = at.astimezone(UTC if offset in UTC_OFFSETS else zone)
    text = local.strftime(f"%Y-%m-%d{example['separator']}%H:%M:%S")
    if digits > 0:
        # A server that drops closing zeros hides how many digits it keeps: only three and six are sure.
        text += "." + f"{local.microsecond:06d}"[: 3 if digits == 3 else 6]
    if offset == "Z":
        return text + "Z"
    named = local.strftime("%z")
    return text + (f"{named[:3]}:{named[3:]}" if ":" in offset or len(offset) == 3 else named) if offset else text
