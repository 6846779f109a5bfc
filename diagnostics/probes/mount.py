"""Looks at one file system and prints what it found as JSON; run as a process of its own, because it may never return.

A file system whose server is gone (NFS, FUSE, a dying disk) holds whoever asks it for ever. Only the standard library,
so that it starts at once: `python -I -S mount.py PATH [READER WRITER LOCK]`. The two are users, by name or number: may
the one enter the folder, and the other write into it? While the lock is held by a look that hangs, no other is made.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import asdict

if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))  # -I leaves it out

from diagnostics.probes import access
from diagnostics.probes.store_turn import Turn, TurnHeldError


def look_in_turn(path: str, reader: str = "", writer: str = "", lock: str = "") -> dict[str, object]:
    """Return what `look` finds, or since when (seconds of the epoch) somebody else's look hangs."""
    try:
        with Turn(lock).held():
            return look(path, reader, writer)
    except TurnHeldError as error:
        return {"error": "no answer", "held_since": error.since}


def look(path: str, reader: str = "", writer: str = "") -> dict[str, object]:
    """Return bytes and inodes as `df` counts them, the folder's own owner and mode, and what the two users may do."""
    try:
        space, found = os.statvfs(path), os.stat(path)
    except OSError as error:
        return {"error": error.strerror or "error", "errno": error.errno}
    return {
        **_rights(path, reader, writer),
        "device": found.st_dev,
        "total_bytes": space.f_blocks * space.f_frsize,
        "used_bytes": (space.f_blocks - space.f_bfree) * space.f_frsize,
        "free_bytes": space.f_bavail * space.f_frsize,
        "total_inodes": space.f_files,
        "used_inodes": space.f_files - space.f_ffree,
        "free_inodes": space.f_favail,
        "is_read_only": bool(space.f_flag & os.ST_RDONLY),
        "is_folder": stat.S_ISDIR(found.st_mode),
        "uid": found.st_uid,
        "gid": found.st_gid,
        "mode": stat.filemode(found.st_mode),
        "mount": mount_of(path, found.st_dev),
    }


def _rights(path: str, reader: str, writer: str) -> dict[str, object]:
    wanted = {"reader": (reader, access.ENTER), "writer": (writer, access.WRITE | access.ENTER)}
    return {role: asdict(access.of_folder(user, path, bits)) for role, (user, bits) in wanted.items() if user}


def mount_of(path: str, device: int) -> str:
    """Return the highest folder above a path that lies on the same device: where it is mounted."""
    at = os.path.realpath(path)
    while at != "/":
        above = os.path.dirname(at)
        if os.stat(above).st_dev != device:
            break
        at = above
    return at


if __name__ == "__main__":
    sys.stdout.write(json.dumps(look_in_turn(*sys.argv[1:])))
