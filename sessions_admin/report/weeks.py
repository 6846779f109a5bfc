"""Whole weeks, Monday to Monday in the dashboard's zone, named by their Monday; and when the report of one is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from diagnostics.domain.rates.hours import EARLIEST_YEAR, midnight
from diagnostics.domain.rates.periods import Period

WEEK = timedelta(days=7)
MORNING = time(7, 0)


def period_of(monday: date, zone: tzinfo) -> Period:
    return Period(midnight(monday, zone), midnight(monday + WEEK, zone))


def last_week(now: datetime, zone: tzinfo) -> date:
    """Return the Monday of the last week that is over."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday()) - WEEK


def due_at(monday: date, zone: tzinfo) -> datetime:
    """Return when the report of a week is due: at seven in the morning of the Monday after."""
    return datetime.combine(monday + WEEK, MORNING, zone).astimezone(UTC)


def week_due(now: datetime, zone: tzinfo) -> date | None:
    """Return the week whose report is due: the last one, and no older one. None: on a Monday before seven."""
    monday = last_week(now, zone)
    return monday if now >= due_at(monday, zone) else None


def week_named(text: str, now: datetime, zone: tzinfo) -> date | None:
    """Return the week that a day of it names, if it is over; '' names the last one."""
    if not text:
        return last_week(now, zone)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not EARLIEST_YEAR < day.year < 9999:
        return None
    monday = day - timedelta(days=day.weekday())
    return monday if monday <= last_week(now, zone) else None
