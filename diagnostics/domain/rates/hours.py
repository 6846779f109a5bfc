"""The hours, days, weeks and months of a time zone, as the edges between figures: DST days have 23 or 25 hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

HOUR = timedelta(hours=1)
EARLIEST_YEAR = 2000  # what is dated before it is no time of a piece, but a zero or a slip of the hand
Next = Callable[[datetime, tzinfo], datetime]


def hour_of(at: datetime, zone: tzinfo) -> datetime:
    """Return when the hour of the zone's clock that `at` lies in began, in UTC.

    Where clocks move by half an hour only (Lord Howe), the hour in which they do is cut in two at that moment.
    """
    local = at.astimezone(zone)
    begun = at.astimezone(UTC) - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    shift = _minutes(local)
    if _minutes(begun.astimezone(zone)) == shift:
        return begun
    low, high = begun, at.astimezone(UTC)  # the clock moved between the two
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if _minutes(middle.astimezone(zone)) == shift else (middle, high)
    return high.replace(microsecond=0)


def next_hour(at: datetime, zone: tzinfo) -> datetime:
    return hour_of(hour_of(at, zone) + HOUR, zone)


def day_of(at: datetime, zone: tzinfo) -> datetime:
    """Return when the zone's day that `at` lies in began, in UTC."""
    return midnight(at.astimezone(zone).date(), zone)


def next_day(at: datetime, zone: tzinfo) -> datetime:
    return midnight(at.astimezone(zone).date() + timedelta(days=1), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day of the zone begins, in UTC; where clocks skip midnight, that is the moment of it."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def next_quarter(at: datetime, zone: tzinfo) -> datetime:
    """The next of 0, 6, 12 and 18 o'clock."""
    local = at.astimezone(zone)
    hour = local.hour // 6 * 6 + 6
    if hour == 24:
        return next_day(at, zone)
    return datetime(local.year, local.month, local.day, hour, tzinfo=zone).astimezone(UTC)


def next_week(at: datetime, zone: tzinfo) -> datetime:
    """The next Monday."""
    day = at.astimezone(zone).date()
    return midnight(day + timedelta(days=7 - day.weekday()), zone)


def next_month(at: datetime, zone: tzinfo) -> datetime:
    day = at.astimezone(zone).date()
    return midnight((day.replace(day=1) + timedelta(days=32)).replace(day=1), zone)


def spans(since: datetime, until: datetime, following: Next, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield (from, to) of all parts between the two, the first and the last cut off where they do not fit."""
    while since < until:
        end = min(following(since, zone), until)
        yield since, end
        since = end


def local_shift(at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the same time of the zone's clock some days later, or earlier, in UTC."""
    return (at.astimezone(zone) + timedelta(days=days)).astimezone(UTC)


def _minutes(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None  # noqa: S101  it is aware
    return offset % HOUR
