"""Moves one file from folder to folder, by descriptors, and never over another; the folders of the quarantine themselves."""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import suppress

from diagnostics.probes.stamps import Stamp, open_folder, parts_of
from sessions_admin.quarantine.manifest import remove_manifest
from sessions_admin.quarantine.place import Place

HELD = b"file"  # what a held file is called in its folder
NOREPLACE = 1
NOT_OFFERED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def move(source: int, name: bytes, target: int, new_name: bytes) -> None:
    """Rename within one file system. Raises FileExistsError where something stands there already, and OSError.

    Where the file system cannot be told not to replace, a second name is made and the first taken away: whoever is
    interrupted in between leaves one file with two names, which is told from everything else.
    """
    if renameat2 is not None:
        if renameat2(source, name, target, new_name, NOREPLACE) == 0:
            return
        number = ctypes.get_errno()
        if number not in NOT_OFFERED:
            raise OSError(number, os.strerror(number))
    os.link(name, new_name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
    os.unlink(name, dir_fd=source)


def standing(folder: int, name: bytes) -> os.stat_result | None:
    """Return what stands in a folder under a name, itself; None where nothing does. Raises OSError."""
    with suppress(FileNotFoundError):
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    return None


def is_same(found: os.stat_result, stamp: Stamp) -> bool:
    """Whether a held file is the one of a stamp; its device may have another number since, as after a restart."""
    return (found.st_ino, found.st_size, found.st_mtime_ns) == (stamp.inode, stamp.size_bytes, stamp.mtime_ns)


def make_folder(place: Place, operation: str, number: int) -> int:
    """Return the new folder for one file. Raises FileExistsError where there was one, and OSError."""
    name = _name(operation)
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=place.quarantine)
        os.fsync(place.quarantine)
    above = open_folder(place.quarantine, [name])
    try:
        os.mkdir(str(number), 0o700, dir_fd=above)
        os.fsync(above)
        return open_folder(above, [str(number).encode()])
    finally:
        os.close(above)


def find_folder(place: Place, operation: str, number: int) -> int | None:
    """Return the folder of a held file, or None where there is none. Raises OSError."""
    with suppress(FileNotFoundError):
        return open_folder(place.quarantine, [_name(operation), str(number).encode()])
    return None


def clear_folder(place: Place, folder: int, operation: str, number: int) -> None:
    """Remove the folder of a file that is no longer in it, and the one above where it was the last. Raises OSError."""
    remove_manifest(folder)
    above = open_folder(place.quarantine, [_name(operation)])
    try:
        os.rmdir(str(number), dir_fd=above)
        os.fsync(above)
    finally:
        os.close(above)
    try:
        os.rmdir(_name(operation), dir_fd=place.quarantine)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _name(operation: str) -> bytes:
    (name,) = parts_of(os.fsencode(operation))
    return name
