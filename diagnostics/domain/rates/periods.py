"""The periods that figures are asked for: of whole hours, the running one included, in the dashboard's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from diagnostics.domain.rates import hours

NAMED = {"24h": 1, "7d": 7, "30d": 30, "90d": 90}  # days, the last of them up to now
ANY = "any"
DEFAULT = "7d"
MOST_DAYS = 5 * 366
# The longest period, in days, that has bars of a kind; an hour more where clocks are set back.
WIDTHS: tuple[tuple[int, hours.Next], ...] = (
    (3, hours.next_hour),
    (14, hours.next_quarter),
    (92, hours.next_day),
    (731, hours.next_week),
)


@dataclass(frozen=True, slots=True)
class Period:
    """[since, until), in UTC, both at full hours of the zone; `name` is one of NAMED, or ANY."""

    since: datetime
    until: datetime
    name: str = ANY


class Problem(StrEnum):
    """Why parameters name no period."""

    UNKNOWN = "unknown_period"
    FROM_MISSING = "from_missing"
    BAD_FROM = "bad_from"
    BAD_TO = "bad_to"
    REVERSED = "reversed"
    IN_FUTURE = "in_future"
    TOO_LONG = "too_long"


def read_period(parameters: Mapping[str, str], now: datetime, zone: tzinfo) -> Period | Problem:
    """Return the period that `period`, or `from` and `to`, name; without any of them DEFAULT.

    `from` and `to` are days or times of the zone as ISO 8601 has them (one with an offset of its own keeps it). A day
    in `to` is included; without it the period ends with the running hour, as does one that would end later.
    """
    name = (parameters.get("period") or "").strip()
    begin, end = ((parameters.get(key) or "").strip() for key in ("from", "to"))
    if name in NAMED:
        return named(name, now, zone)
    if name not in ("", ANY):
        return Problem.UNKNOWN
    if not begin:
        return Problem.FROM_MISSING if end or name else named(DEFAULT, now, zone)
    return _any(begin, end, now, zone)


def named(name: str, now: datetime, zone: tzinfo) -> Period:
    """Return one of NAMED: so many days of the zone's calendar up to the end of the running hour; 24h is 24 hours."""
    until = hours.next_hour(now, zone)
    if name == "24h":
        return Period(hours.hour_of(until - timedelta(days=1), zone), until, name)
    return Period(hours.hour_of(hours.local_shift(until, -NAMED[name], zone), zone), until, name)


def before(period: Period, zone: tzinfo) -> Period:
    """Return the period of the same length directly before; whole days are counted by the zone's calendar."""
    since, until = (moment.astimezone(zone) for moment in (period.since, period.until))
    length = until.replace(tzinfo=None) - since.replace(tzinfo=None)
    if length % timedelta(days=1) or period.name == "24h":
        begin = period.since - (period.until - period.since)
    else:
        begin = hours.local_shift(period.since, -length.days, zone)
    return Period(hours.hour_of(begin, zone), period.since)


def bars(period: Period, zone: tzinfo) -> tuple[tuple[datetime, datetime], ...]:
    """Cut a period into its bars: hours up to 3 days, 6 hours up to 14, days up to 92, weeks up to 2 years, else months."""
    length = period.until - period.since - hours.HOUR
    following = next((width for days, width in WIDTHS if length <= timedelta(days=days)), hours.next_month)
    return tuple(hours.spans(period.since, period.until, following, zone))


def _any(begin: str, end: str, now: datetime, zone: tzinfo) -> Period | Problem:
    running = hours.next_hour(now, zone)
    since = _moment(begin, zone)
    if since is None:
        return Problem.BAD_FROM
    until = _moment(end, zone, is_end=True) if end else running
    if until is None:
        return Problem.BAD_TO
    if since >= running:
        return Problem.IN_FUTURE
    if since >= until:
        return Problem.REVERSED
    since, until = hours.hour_of(since, zone), min(_ceiling(until, zone), running)
    return Problem.TOO_LONG if until - since > timedelta(days=MOST_DAYS) else Period(since, until)


def _moment(text: str, zone: tzinfo, *, is_end: bool = False) -> datetime | None:
    """Understand a day or a time; of a day that is the end, the midnight that ends it. None: it is neither."""
    try:
        if len(text) <= len("2025-08-25"):
            day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            return hours.midnight(day, zone) if hours.EARLIEST_YEAR <= day.year < 9999 else None
        moment = datetime.fromisoformat(text)
        if not hours.EARLIEST_YEAR <= moment.year < 9999:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _ceiling(at: datetime, zone: tzinfo) -> datetime:
    begun = hours.hour_of(at, zone)
    return begun if begun == at else hours.next_hour(at, zone)
