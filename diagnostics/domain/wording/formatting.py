"""Values into sentences: placeholders, sizes, lengths and times in both languages, and hostile text made harmless."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo

from diagnostics.domain.redaction import ends, hide_secrets

CHINESE = "zh-hans"
LONGEST = 200
UNKNOWN = {"en": "unknown", CHINESE: "未知"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BYTE_UNITS = ("KB", "MB", "GB", "TB", "PB")
MINUTE, HOUR, DAY = 60, 3600, 86_400
TIME_UNITS = {"en": ("d", "h", "min", "s"), CHINESE: ("天", "小时", "分", "秒")}
UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# {size_bytes}, {size_bytes:exact}, {seen_at..missed_at}
PLACEHOLDER = re.compile(r"\{(?P<name>[a-z_]+)(?:\.\.(?P<end>[a-z_]+))?(?::(?P<style>[a-z]+))?\}")
IDEOGRAPH = re.compile(r"[\u2e80-\u2fff\u3400-\u9fff]")
WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”‘’—…]")


def fill(template: str, values: Mapping[str, object], language: str, zone: tzinfo) -> str:
    """Return a sentence with its placeholders filled; what is missing is shown as unknown, and nothing here raises.

    Values are never read as templates: one may hold braces, control characters or a megabyte of text.
    """
    sentence, done = "", 0
    for match in PLACEHOLDER.finditer(template):
        sentence = _join(sentence, template[done : match.start()], language)
        sentence = _join(sentence, _filled(match, values, language, zone), language)
        done = match.end()
    return _join(sentence, template[done:], language)


def safe(value: object, longest: int = LONGEST) -> str:
    """Return any value as one printable line: secrets hidden, cut in the middle, control characters escaped."""
    whole = value if isinstance(value, str) else str(value)
    text = _cut(hide_secrets(" … ".join(part for part in ends(whole) if part)), longest)
    return _cut("".join(_printable(character) for character in text), longest)


def size(count: float, language: str, *, exact: bool = False) -> str:
    """Return bytes in units of 1000: "158.8 MB", or exactly: "158.8 MB (158,760,000 bytes)"."""
    whole = f"{int(count):,} {'字节' if language == CHINESE else 'byte' if int(count) == 1 else 'bytes'}"
    if abs(count) < 1000:
        return whole
    unit = min(int(math.log10(abs(count)) // 3), len(BYTE_UNITS))
    number = f"{count / 1000**unit:.1f}".removesuffix(".0")
    rounded = f"{number} {BYTE_UNITS[unit - 1]}"
    if not exact:
        return rounded
    return f"{rounded}（{whole}）" if language == CHINESE else f"{rounded} ({whole})"


def length(seconds: float, language: str) -> str:
    """Return a length of time in its two largest units: 0.8 s, 29 min 58 s, 2 h 5 min, 3 d 4 h."""
    days, hours, minutes, short = TIME_UNITS[language]
    if seconds < 0:
        return f"−{length(-seconds, language)}"
    if seconds < 10 and round(seconds, 1) != int(seconds):
        return f"{seconds:.1f} {short}"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} {short}"
    if whole < HOUR:
        alone = f"{minutes}钟" if language == CHINESE and not whole % MINUTE else minutes
        return _pair(whole // MINUTE, alone, whole % MINUTE, short)
    if whole < DAY:
        return _pair(whole // HOUR, hours, whole % HOUR // MINUTE, minutes)
    return _pair(whole // DAY, days, whole % DAY // HOUR, hours)


def at(time: datetime, language: str, zone: tzinfo) -> str:
    """Return a time to the minute with the zone's offset: "25 Aug 2025, 12:30 (UTC+8)"."""
    local = time.astimezone(zone)
    return _with_offset(f"{_date(local, language)}{_gap(language)}{local:%H:%M}", local, language)


def between(start: datetime, end: datetime, language: str, zone: tzinfo) -> str:
    """Return a span: one date where both lie on it, seconds where both lie in one minute, the offset once."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    shape = "%H:%M:%S" if f"{first:%Y%m%d%H%M}" == f"{last:%Y%m%d%H%M}" else "%H:%M"
    begin = f"{_date(first, language)}{_gap(language)}{first.strftime(shape)}"
    finish = last.strftime(shape)
    if first.date() != last.date():
        finish = f"{_date(last, language)}{_gap(language)}{finish}"
    word = " 至 " if language == CHINESE else " and "
    if first.utcoffset() != last.utcoffset():
        begin = _with_offset(begin, first, language)
    return _with_offset(f"{begin}{word}{finish}", last, language)


def percent(value: float) -> str:
    return f"{round(value, 1):g}%"


def offset(time: datetime) -> str:
    """Return a local time's distance from UTC: UTC, UTC+8, UTC+5:30, UTC−3."""
    delta = time.utcoffset()
    minutes = round(delta.total_seconds() / 60) if delta else 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02d}' if rest else ''}"


def as_time(value: object) -> datetime | None:
    """Return an aware time from one, or from its ISO text; anything else is None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _filled(match: re.Match[str], values: Mapping[str, object], language: str, zone: tzinfo) -> str:
    name, end = match["name"], match["end"]
    if end:
        first, last = as_time(values.get(name)), as_time(values.get(end))
        if first and last:
            return between(first, last, language, zone)
        word = " 至 " if language == CHINESE else " and "
        return word.join(_shown(part, values.get(part), language, zone) for part in (name, end))
    return _shown(name, values.get(name), language, zone, exact=match["style"] == "exact")


def _shown(name: str, value: object, language: str, zone: tzinfo, *, exact: bool = False) -> str:
    if value is None or value == "":
        return UNKNOWN[language]
    if name.endswith("_at"):
        time = as_time(value)
        return at(time, language, zone) if time else safe(value)
    number = as_number(value)
    if number is None:
        is_nothing = isinstance(value, float)
        return UNKNOWN[language] if is_nothing else safe(value)
    if name.endswith("_bytes"):
        return size(number, language, exact=exact)
    if name.endswith("_seconds"):
        return length(number, language)
    return percent(number) if name.endswith("_percent") else safe(value)


def _join(before: str, after: str, language: str) -> str:
    """In Chinese a space stands between an ideograph and Latin or digits, and nowhere else."""
    if language != CHINESE:
        return before + after
    if before.endswith(" ") and IDEOGRAPH.match(before[-2:-1]) and WIDE.match(after):
        return before[:-1] + after
    if after.startswith(" ") and WIDE.match(before[-1:]) and WIDE.match(after[1:2]):
        return before + after[1:]
    return before + after


def _printable(character: str) -> str:
    if character in SHORT_ESCAPES:
        return SHORT_ESCAPES[character]
    if unicodedata.category(character) not in UNPRINTABLE:
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of an invalid UTF-8 name, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = (longest - 1) // 2
    return f"{text[:head]}…{text[-(longest - 1 - head) :]}"


def _pair(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def _date(local: datetime, language: str) -> str:
    if language == CHINESE:
        return f"{local.year} 年 {local.month} 月 {local.day} 日"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def _gap(language: str) -> str:
    return " " if language == CHINESE else ", "


def _with_offset(text: str, local: datetime, language: str) -> str:
    return f"{text}（{offset(local)}）" if language == CHINESE else f"{text} ({offset(local)})"
