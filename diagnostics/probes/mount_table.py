"""Which mount a path lies on, by the kernel's own table: asked without touching the path, which may hang."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

TABLE = "/proc/self/mountinfo"
OCTAL = re.compile(rb"\\([0-7]{3})")


def mount_number(path: str) -> str:
    """Return what names the mount that a path (as written, links not followed) lies on, or '' where it is not told.

    Another mount at the same place has another number: what hangs at the old one says nothing of the new one.
    """
    try:
        with open(TABLE, "rb") as table:
            lines = [line.split(b" ", 5) for line in table]
    except OSError:
        return ""
    above = {str(path), *map(str, PurePosixPath(path).parents)}
    found = [(_text(line[4]), line[0]) for line in lines if len(line) == 6]
    number = max(((len(at), place, n) for place, (at, n) in enumerate(found) if at in above), default=None)
    return number[2].decode() if number else ""


def _text(field: bytes) -> str:
    return OCTAL.sub(lambda match: bytes([int(match[1], 8)]), field).decode(errors="surrogateescape")
