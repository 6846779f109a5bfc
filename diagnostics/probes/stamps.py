"""What a file is, to the very inode: seen through directory descriptors, component by component, no link ever followed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.probes.local_store import ABSENT, errno_name, kind_of

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Stamp:
    """A regular file as it was seen: any other file, and any change of this one, has another stamp."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int

    def as_seen(self) -> dict[str, str | None]:
        """Return it as the `seen` of a plan's item holds it."""
        return {name: f"={getattr(self, name)}" for name in self.__slots__}

    @classmethod
    def from_seen(cls, seen: Mapping[str, str | None]) -> Stamp | None:
        """Return what `as_seen` wrote, whatever else stands beside it; None where it is not there."""
        told = [seen.get(name) for name in cls.__slots__]
        return cls(*(int(value[1:]) for value in told if value)) if all(told) else None

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at a path. `kind` is file, absent, hard_linked, or what else stands there; `error` an errno's name."""

    kind: str
    stamp: Stamp | None = None
    error: str = ""


def open_folder(root: int, parts: Sequence[bytes]) -> int:
    """Return a descriptor of the folder with these components below another. Raises OSError (ELOOP: one is a link)."""
    at = os.dup(root)
    try:
        for part in parts:
            below = _open_one(at, part)
            os.close(at)
            at = below
    except BaseException:
        os.close(at)
        raise
    return at


def parts_of(path: bytes) -> list[bytes]:
    """Return the components of a path below the root. Raises OSError where it could lead out of it."""
    parts = [part for part in path.split(b"/") if part]
    if not parts or any(part in (b".", b"..") for part in parts) or b"\0" in path:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return parts


def stat_at(root: int, path: bytes) -> os.stat_result:
    """Return what stands at a path, itself and not what it leads to. Raises OSError."""
    *above, name = parts_of(path)
    folder = open_folder(root, above)
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(folder)


def seen_at(root: int, path: bytes) -> Seen:
    """Return what stands at a path below a folder; never raises OSError."""
    try:
        found = stat_at(root, path)
    except OSError as error:
        if error.errno in ABSENT:
            return Seen("absent")
        return Seen("link") if error.errno == errno.ELOOP else Seen("error", error=errno_name(error))
    kind = kind_of(found.st_mode)
    if kind != "file":
        return Seen(kind)
    return Seen("hard_linked") if found.st_nlink != 1 else Seen("file", Stamp.of(found))


def stamps(root: str, paths: Sequence[bytes]) -> list[Seen]:
    """Return what stands at each of these paths below the root. Raises OSError where the root itself cannot be opened."""
    opened = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return [seen_at(opened, path) for path in paths]
    finally:
        os.close(opened)


def _open_one(folder: int, name: bytes) -> int:
    try:
        return os.open(name, FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ENOTDIR and stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
        raise
