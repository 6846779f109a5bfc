"""Which file stands at a path: enough to tell later whether it is still the same one, unchanged."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """A regular file below a root. `path` is its real place, relative to the root, whichever links led there."""

    path: str
    device: int
    inode: int
    links: int
    size_bytes: int
    mtime_ns: int


def identities(root: str, paths: Sequence[str]) -> tuple[FileIdentity | None, ...]:
    """Return, in order, which file stands at each path relative to `root` (a real path); None: none, or none that can be told.

    Nothing is opened, and what lies outside the root is none. Never raises OSError.
    """
    return tuple(_identity(root, path) for path in paths)


def _identity(root: str, path: str) -> FileIdentity | None:
    try:
        real = os.path.realpath(os.path.join(root, path), strict=True)
        if os.path.commonpath([root, real]) != root:
            return None
        found = os.lstat(real)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return FileIdentity(
        os.path.relpath(real, root), found.st_dev, found.st_ino, found.st_nlink, found.st_size, found.st_mtime_ns
    )
