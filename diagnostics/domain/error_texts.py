"""An error text of the host: which part of it is read, what it stands for, and its telling line."""

from __future__ import annotations

import re
from functools import lru_cache

from diagnostics.domain.error_reasons import DROPPED, REASONS, TIME_OUT_OF_OTHERS

READ_CHARACTERS = 16 * 1024
TELLING_CHARACTERS = 120
UNRECOGNISED = "generation.unrecognised"

# A traceback's frames: where the code stands, with its source. Names of files and functions there are no reason.
# In an exception group each line has a bar before it.
FRAMES = re.compile(r'^[ \t|]*+File "[^"\n]*", line \d+.*(?:\n(?:[ \t]*+\|)?[ \t]{3,}+[^\s|].*)*', re.MULTILINE)
# Chinese as JSON writes it where it may use ASCII alone.
ESCAPED = re.compile(r"\\u((?:[3-9][0-9a-f]|ff)[0-9a-f]{2})", re.IGNORECASE)
ADDRESSES = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>)\]},，。；）]+", re.IGNORECASE | re.ASCII)
# The folders of a path say nothing; its last part may be the program or the library that is missing.
FOLDERS = re.compile(r"(?<![\w/.@+-])(?:/|[\w.@+-]++/)(?:[\w.@+-]++/)+")
# A mistake in a program names what it did not find: `KeyError: 'quota'` is about no quota.
MISTAKES = re.compile(r"\b(?:Key|Attribute|Name|UnboundLocal|Type)Error\b[:(][^\n]*")
QUOTED_WORD = re.compile(r"'[^'\s]*'|\"[^\"\s]*\"")


def read_part(text: str | None) -> str:
    """Return what is read of a text: all of it, or its first and last 16 KiB (the host's own reading may have cut it so)."""
    whole = text or ""
    if len(whole) >= 2 * READ_CHARACTERS:
        whole = f"{whole[:READ_CHARACTERS]}\n{whole[-READ_CHARACTERS:]}"
    return whole.strip()


@lru_cache(maxsize=256)  # an outage writes the same long traceback into thousands of rows
def reason_of(message: str) -> tuple[str, str]:
    """Return the code that a message stands for, and its telling line (at most 120 characters).

    A chain of exceptions is read as one text: causes.md orders the reasons, not the exceptions, so a full disk behind a
    lost connection is a full disk, whichever was raised first.
    """
    said = _without_red_herrings(message)
    for code, pattern in REASONS:
        match = pattern.search(said)
        if match:
            line = message.split("\n")[said.count("\n", 0, match.start())]
            return code, _around(line.strip(), pattern)
    return UNRECOGNISED, last_line(message)


def last_line(message: str) -> str:
    """Return the line that a traceback ends with, and other texts as a rule too (at most 120 characters)."""
    end = message.rstrip()
    return end[max(end.rfind("\n"), end.rfind("\r")) + 1 :].strip()[:TELLING_CHARACTERS]


def _without_red_herrings(message: str) -> str:
    """The message with the same lines, and without what only looks like a reason."""
    said = FRAMES.sub(lambda frame: "\n" * frame.group().count("\n"), message)
    said = ESCAPED.sub(lambda code: chr(int(code[1], 16)), said)
    said = FOLDERS.sub(" ", ADDRESSES.sub(" ", said))
    said = MISTAKES.sub(lambda mistake: QUOTED_WORD.sub("''", mistake.group()), said)
    return TIME_OUT_OF_OTHERS.sub(lambda waiting: f"{waiting[1] or waiting[3] or ''}{DROPPED}", said)


def _around(line: str, pattern: re.Pattern[str]) -> str:
    if len(line) <= TELLING_CHARACTERS:
        return line
    match = pattern.search(line)
    first = max(0, match.start() - 50) if match else 0
    return line[first : first + TELLING_CHARACTERS]
