"""Which mount a path lies on, by the kernel's own table: asked without touching the path, which may hang."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

TABLE = "/proc/self/mountinfo"
OCTAL = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table: its number, where it is mounted, which kind of file system, and of what."""

    number: str
    place: str
    kind: str
    source: str


def mount_number(path: str) -> str:
    """Return what names the mount that a path (as written, links not followed) lies on, or '' where it is not told.

    Another mount at the same place has another number: what hangs at the old one says nothing of the new one.
    """
    mount = mount_at(path)
    return mount.number if mount else ""


def mount_at(path: str) -> Mount | None:
    """Return the mount that a path (as written) lies on: the longest place above it, the last one mounted there."""
    try:
        with open(TABLE, "rb") as table:
            mounts = [_mount(line) for line in table]
    except (OSError, ValueError, IndexError):
        return None
    above = {str(path), *map(str, PurePosixPath(path).parents)}
    found = [(len(mount.place), order) for order, mount in enumerate(mounts) if mount.place in above]
    return mounts[max(found)[1]] if found else None


def _mount(line: bytes) -> Mount:
    """proc(5): number, parent, device, root, place, options, other fields up to "-", kind, source, more options."""
    before, _, behind = line.partition(b" - ")
    number, place, (kind, source) = before.split(b" ")[0], before.split(b" ")[4], behind.split(b" ")[:2]
    return Mount(number.decode(), text_of(place), text_of(kind), text_of(source))


def text_of(field: bytes) -> str:
    """Return a field of a table of mounts, in which blanks and the like stand as octal numbers."""
    return OCTAL.sub(lambda match: bytes([int(match[1], 8)]), field).decode(errors="surrogateescape")
