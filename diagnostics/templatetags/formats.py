"""How values are written: times relative and exact, lengths, bytes, counts, long texts cut in the middle."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS = (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", 1))
# Up to so many hours the minutes are told too.
FINE_HOURS = 10
# Older than this a date says more than a number of days.
RELATIVE_DAYS = 30
UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
NOTHING = "–"


def moment(value: datetime | str | None) -> datetime | None:
    """Return an aware time from a model's field or from a snapshot's ISO text."""
    found = parse_datetime(value) if isinstance(value, str) and value else value
    return found if isinstance(found, datetime) else None


@register.simple_tag
def when(value: datetime | str | None, extra: str = "") -> SafeString:
    """Return a time as the distance from now, with the exact one on hover; the page's script keeps it current."""
    at = moment(value)
    if at is None:
        return format_html('<span class="text-body-secondary">{}</span>', NOTHING)
    return format_html(
        '<time class="{}" datetime="{}" title="{}" data-relative>{}</time>',
        extra,
        at.isoformat(timespec="seconds"),
        exact(at),
        relative(at, timezone.now()),
    )


@register.filter
def exact(value: datetime | str | None) -> str:
    """Return the time to the second in the viewer's zone, with the zone's name."""
    at = moment(value)
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %Z") if at else NOTHING


@register.filter
def clock(value: datetime | str | None) -> str:
    at = moment(value)
    return timezone.localtime(at).strftime("%H:%M:%S") if at else NOTHING


@register.filter
def hour(value: datetime | str | None) -> str:
    at = moment(value)
    return timezone.localtime(at).strftime("%H:%M") if at else NOTHING


def words() -> dict[str, str]:
    """Return the phrases of relative times; `{n}` is the number. Server and script share them."""
    return {
        "now": _("just now"),
        "s": _("{n} s ago"),
        "min": _("{n} min ago"),
        "h": _("{n} h ago"),
        "h_min": _("{n} h {m} min ago"),
        "d": _("{n} d ago"),
        "in_s": _("in {n} s"),
        "in_min": _("in {n} min"),
        "in_h": _("in {n} h"),
        "in_d": _("in {n} d"),
    }


@register.simple_tag
def time_words() -> str:
    return json.dumps(words(), ensure_ascii=False)


def relative(at: datetime, now: datetime) -> str:
    seconds = (now - at).total_seconds()
    whole = int(abs(seconds))
    if whole >= RELATIVE_DAYS * DAY:
        return timezone.localtime(at).strftime("%Y-%m-%d")
    if 0 <= seconds < 1:
        return words()["now"]
    if HOUR <= seconds < FINE_HOURS * HOUR and whole % HOUR >= MINUTE:
        return words()["h_min"].replace("{n}", str(whole // HOUR)).replace("{m}", str(whole % HOUR // MINUTE))
    unit, length = next(pair for pair in STEPS if whole >= pair[1] or pair[1] == 1)
    return words()[unit if seconds > 0 else f"in_{unit}"].replace("{n}", str(whole // length))


@register.filter
def duration(seconds: float | None) -> str:
    """Return a length as people say it: 0.8 s, 42 s, 3 min 20 s, 30 min, 2 h 05 min, 3 d 4 h."""
    if seconds is None:
        return NOTHING
    if seconds < 10 and seconds != int(seconds):
        return _("{n} s").replace("{n}", number_format(round(seconds, 1), 1))
    whole = round(seconds)
    if whole < MINUTE:
        return _("{n} s").replace("{n}", str(whole))
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        return _pair(_("{n} min"), minutes, _("{n} s"), rest)
    if whole < DAY:
        return _pair(_("{n} h"), whole // HOUR, _("{n} min"), whole % HOUR // MINUTE)
    return _pair(_("{n} d"), whole // DAY, _("{n} h"), whole % DAY // HOUR)


def _pair(large: str, number: int, small: str, rest: int) -> str:
    first = large.replace("{n}", str(number))
    return f"{first} {small.replace('{n}', str(rest))}" if rest else first


@register.filter
def size(value: float | None) -> str:
    """Return bytes in units of 1000, as file managers and disks are sold; three digits carry enough."""
    if value is None:
        return NOTHING
    number, unit = float(value), 0
    while abs(number) >= 1000 and unit < len(UNITS) - 1:
        number, unit = number / 1000, unit + 1
    digits = 0 if unit == 0 or abs(number) >= 100 else 1
    return f"{number_format(round(number, digits), digits)} {UNITS[unit]}"


@register.filter
def count(value: float | str | None) -> str:
    """Return a number of things, in groups of three digits; what is not known is not zero."""
    return NOTHING if value is None or value == "" else f"{int(value):,}"


@register.filter
def percent(part: float | None, whole: float | None) -> str:
    """Return the part of the whole in percent, rounded down: 99.96 % is not yet 100 %."""
    if part is None or not whole:
        return NOTHING
    return f"{number_format(int(part * 1000 / whole) / 10, 1)} %"


@register.filter
def middle(text: str, length: int = 48) -> str:
    """Return a long text cut in the middle: paths differ at their ends."""
    if len(text) <= length:
        return text
    head = (length - 1) // 3
    return f"{text[:head]}…{text[-(length - 1 - head) :]}"


@register.filter
def is_older_than(value: datetime | str | None, seconds: float) -> bool:
    at = moment(value)
    return at is not None and timezone.now() - at > timedelta(seconds=float(seconds))
