"""Tells by a row what an interrupted change has done: nothing yet, all of it, or something that cannot be told any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from diagnostics.host_values import MOMENTS, moment
from sessions_admin.actions.trail import visible
from sessions_admin.host_writer import HostRow

Columns = Mapping[str, str | None]
# A server may round the time that it is given.
ROUNDING = timedelta(seconds=1)


def is_as_before(before: Columns, row: HostRow) -> bool:
    """Whether every column is as the audit kept it before the change."""
    return dict(before) == _visible(row)


def is_as_written(after: Columns, row: HostRow, zone: tzinfo) -> bool:
    """Whether every column that was to be changed is as it was to be; a server may write times and numbers its own way."""
    found = _visible(row)
    return bool(after) and all(_is_same(name, value, found.get(name), zone) for name, value in after.items())


def _visible(row: HostRow) -> dict[str, str | None]:
    return {name: None if value is None else visible(value) for name, value in row.values.items()}


def _is_same(name: str, wanted: str | None, found: str | None, zone: tzinfo) -> bool:
    if wanted is None or found is None or wanted == found:
        return wanted == found
    if name in MOMENTS:
        wanted_at, found_at = moment(wanted, zone).at, moment(found, zone).at
        return wanted_at is not None and found_at is not None and abs(found_at - wanted_at) <= ROUNDING
    return _is_same_number(wanted, found)


def _is_same_number(wanted: str, found: str) -> bool:
    try:
        return Decimal(wanted) == Decimal(found)
    except InvalidOperation:
        return False
