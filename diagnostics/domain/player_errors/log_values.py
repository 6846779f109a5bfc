"""Single values as clients log them: `key: value` of JSON, of a JavaScript object, or of a line with a label."""

from __future__ import annotations

import re

# `null` of JSON, `undefined` of JavaScript, and what people and consoles write for nothing.
_NOTHING = frozenset(
    {"", "null", "(null)", "undefined", "none", "nil", "nan", "n/a", "-", "空", "无", "暂无", "[]", "{}"}
)
_SOURCE_BEHIND = re.compile(
    r"\s{1,40}[\w./-]{1,100}\.(?:js|ts|vue|html|wxml)(?:\?[^\s:]{0,60})?:\d{1,6}(?::\d{1,6})?\Z|\s{1,40}VM\d{1,6}:\d{1,6}\Z"
)
_LONGEST = 2000
_VALUE = rf"(?:\"(?P<double>[^\"\n]{{0,{_LONGEST}}})\"|'(?P<single>[^'\n]{{0,{_LONGEST}}})'|(?P<bare>[^\n\"'{{}}]{{0,{_LONGEST}}}))"
_SIZE = re.compile(
    r"\s{0,3}[\"']?(?P<number>\d{1,3}(?:[,，_' \u00a0\u202f]\d{3}){1,5}(?!\d)|\d{1,18}(?:\.\d{1,9})?)\s{0,2}"
    r"(?P<unit>bytes?|字节|[KMG]i?B?\b|B\b)?",
    re.IGNORECASE,
)
_UNITS = {"k": 1000, "m": 1000**2, "g": 1000**3}
_BINARY_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


def labelled(*names: str) -> re.Pattern[str]:
    """A pattern of `name: value`; the value is read by `value_of`."""
    return re.compile(rf"(?<![\w])(?:{'|'.join(names)})[\"']?\s{{0,3}}[:=：][ \t]{{0,3}}{_VALUE}", re.IGNORECASE)


def value_of(match: re.Match[str]) -> str:
    """Return a value without quotes, '' for what stands for nothing. A bare value ends with its line."""
    quoted = next((match[name] for name in ("double", "single") if match[name] is not None), None)
    value = _bare(match["bare"] or "") if quoted is None else quoted.strip()
    return "" if is_nothing(value) else value


def is_nothing(value: str) -> bool:
    return value.strip().lower() in _NOTHING


def size_of(text: str) -> tuple[int, bool] | None:
    """Return a size in bytes, and whether it was rounded for reading; None where the text is no size."""
    match = _SIZE.match(text)
    if match is None:
        return None
    number = re.sub(r"[,，_' \u00a0\u202f]", "", match["number"])
    unit = (match["unit"] or "").lower()
    if unit[:1] not in _UNITS:
        return (int(number), False) if number.isdecimal() else None
    factor = (_BINARY_UNITS if "i" in unit else _UNITS)[unit[0]]
    return round(float(number) * factor), True


def _bare(value: str) -> str:
    return _SOURCE_BEHIND.sub("", value.strip()).rstrip(",;，； \t")
