"""Which error messages are the same one: numbers, ids, paths and times taken out."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from diagnostics.domain.error_texts import FRAMES, read_part
from diagnostics.domain.redaction import hide_secrets

# What stands before the exception that a traceback ends with. In a text without one, every line counts.
HEADERS = re.compile(r"^[ \t]*Traceback\b.*(?:\n[ \t]+[^\s|+].*)*", re.MULTILINE)
_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"\d{1,2}[:：时点]\d{1,2}(?:[:：分]\d{1,2}秒?)?分?(?:[.,]\d+)?(?:\s?[AP]M\b)?(?:\s?Z\b|\s?[+-]\d{2}:?\d{2}\b|\s?UTC\b)?"
_MONTHS = r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_PART = r"[A-Za-z0-9_.@+-]"  # of a path; Chinese right behind one belongs to the sentence
_OWNERS = r"session|task|job|user|assessment|request|trace|worker|会话|任务|用户|评测|请求|编号"

PLACEHOLDERS = ("<url>", "<path>", "<value>", "<file>", "<id>", "<time>", "<n>")
# In this order: what is whole first, then its parts.
VARIABLE = (
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>，。；）]+", re.IGNORECASE | re.ASCII), "<url>"),
    # A quoted path, which may hold blanks; a quoted value of several words or with a number. One quoted word names
    # what is wrong: a key, a module. An apostrophe is no quote.
    (re.compile(r"(?<![A-Za-z])(['\"])[^'\"\n/\\]{0,300}[/\\][^'\"\n]{0,300}\1(?![A-Za-z])"), "<path>"),
    (re.compile(r"(?<![A-Za-z])(['\"])(?=[^'\"\n\d\s]{0,300}[\d\s])[^'\"\n]{1,300}\1(?![A-Za-z])"), "<value>"),
    (
        re.compile(
            r"[“‘「『](?=[^“”‘’「」『』\n\d\s/]{0,300}[\d\s/])[^“”‘’「」『』\n]{1,300}[”’」』]|《[^《》\n]{0,300}》"
        ),
        "<value>",
    ),
    (re.compile(rf"(?:\b[A-Za-z]:)?[/\\](?:[\w.@+-]++[/\\])+{_PART}*"), "<path>"),
    (re.compile(rf"(?<!{_PART}){_PART}++(?:[/\\]{_PART}++){{2,}}"), "<path>"),
    (re.compile(rf"(?<!{_PART}){_PART}++[/\\]{_PART}+\.[A-Za-z]\w{{0,4}}\b", re.ASCII), "<path>"),
    (re.compile(r"(?<![\w.-])[\w.-]+\.(?:wav|tmp|part|mp3|m4a|flac|ogg|aac)\b", re.ASCII), "<file>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE | re.ASCII), "<id>"),
    (re.compile(rf"{_DAY}(?:[T\s]*{_CLOCK})?|(?<!\d){_CLOCK}", re.IGNORECASE), "<time>"),
    (
        re.compile(
            rf"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?(?:(?:{_MONTHS})\s+\d{{1,2}}|\d{{1,2}}\s+(?:{_MONTHS}))\b"
        ),
        "<time>",
    ),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE | re.ASCII), "<n>"),
    (
        re.compile(
            rf"({_OWNERS})([ _-]?ids?(?![A-Za-z]))?([ \t_-]*[=:：#]?[ \t]*)(?=[\w-]{{0,64}}\d)[A-Za-z0-9][\w-]*",
            re.IGNORECASE | re.ASCII,
        ),
        r"\1\2\3<n>",
    ),
    (re.compile(r"\b(?=[0-9a-f]{0,64}?[a-f])(?=[a-f]{0,64}\d)[0-9a-f]{8,}\b", re.IGNORECASE | re.ASCII), "<n>"),
    (re.compile(r"\b(?=[A-Za-z_-]{0,32}\d[\d_-]{0,32}[A-Za-z][A-Za-z_-]{0,32}\d)[\w-]{12,}", re.ASCII), "<n>"),
    (  # a system's error number is the error's name, and no variable part
        re.compile(
            r"(?<!errno )(?<!\d)(?:(?<![\w.])[-+])?\d+(?:[.,]\d+)*\.?(?:e[-+]?\d+\b)?(?:\s?[KMGT]i?B\b)?",
            re.IGNORECASE | re.ASCII,
        ),
        "<n>",
    ),
    (re.compile(r"\s+"), " "),
)


def without_variables(message: str) -> str:
    """Return the telling part of a message with what varies taken out: of a traceback, the exception that it ends with.

    Lines that are the same by then count once, so that it does not matter after how many steps something failed.
    """
    lines = hide_secrets(_telling_part(read_part(message))).splitlines()
    return " ".join(dict.fromkeys(text for line in lines if (text := _constant(line))))


@lru_cache(maxsize=256)  # an outage writes the same message into thousands of rows
def fingerprint(message: str) -> str:
    """Return 16 hexadecimal digits that equal messages share."""
    digest = hashlib.blake2b(without_variables(message).encode(errors="replace"), digest_size=8)
    return digest.hexdigest()


def _telling_part(text: str) -> str:
    ends = [match.end() for pattern in (FRAMES, HEADERS) for match in pattern.finditer(text)]
    behind = text[max(ends, default=0) :]
    return behind if behind.strip() else text


def _constant(line: str) -> str:
    if line.startswith(("[parameters:", "[SQL:")):  # what SQLAlchemy adds: the values of one row
        return ""
    for pattern, stands_for in VARIABLE:
        line = pattern.sub(stands_for, line)
    return line.strip()
