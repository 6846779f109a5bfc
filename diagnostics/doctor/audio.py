"""The audio root: is it there and readable, whose is it, is there room, does the quarantine lie beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from diagnostics.doctor.check import Check, error, ok, unknown, warning
from diagnostics.domain.access import Access
from diagnostics.domain.gauges import DISK, INODES, Level, Marks, level
from diagnostics.other_users import OtherUsers
from diagnostics.probes.access import owner_of
from diagnostics.probes.local_store import check_root
from diagnostics.probes.mounts import FileSystem, Mounts
from diagnostics.store import lock_path

ADVICE = {
    "missing": "Create or mount it, or mend AUDIO_ROOT; while it is missing, no file is called lost.",
    "unreadable": "Give this user the right to enter and list it.",
    "io_error": "Look at the mount and the disk: the system's log says more.",
}
UNTOLD = {
    "no_such_user": "this machine knows no such user",
    "groups_unknown": "which groups it is in is not known here",
    "acl_unknown": "its access control list cannot be read",
}


def check_audio(now: datetime) -> Iterator[Check]:
    root = settings.AUDIO_ROOT
    if not root:
        yield unknown("audio.root", "AUDIO_ROOT is not set")
        return
    # By a helper process first: a file system that hangs must not hold the doctor.
    (system,), folders = Mounts().look({"audio": root}, now, lock=lock_path())
    if system.problem == "no answer":
        yield error("audio.root", f"{root} does not answer", "Look at the mount: its server may be gone.")
        return
    store = check_root(root, now)
    if store.problem:
        yield error("audio.root", f"{root}: {store.problem} ({store.detail})", ADVICE.get(store.problem, ""))
        return
    yield ok("audio.root", root)
    yield from _folder(root, folders["audio"])
    yield from _space(system)
    yield from _users(OtherUsers())
    yield _quarantine(Path(settings.QUARANTINE_ROOT), folders["audio"])


def _folder(root: str, found: Mapping[str, Any]) -> Iterator[Check]:
    yield ok("audio.owner", f"{owner_of(found['uid'])}, {found['mode']}")
    with os.scandir(root) as entries:
        is_empty = next(entries, None) is None
    if is_empty:
        yield warning(
            "audio.content", "empty", "Is it the right folder, and mounted? An empty root is taken for a lost mount."
        )
    else:
        yield ok("audio.content", "not empty")


def _space(system: FileSystem) -> Iterator[Check]:
    gigabytes = f"{system.free_bytes / 1e9:.1f} GB free"
    yield _gauge("audio.space", system.bytes_percent, DISK, gigabytes)
    if system.total_inodes:
        yield _gauge("audio.inodes", system.inodes_percent, INODES, f"{system.free_inodes} free")
    else:
        yield ok("audio.inodes", "not counted by this file system")


def _gauge(name: str, percent: float | None, marks: Marks, more: str) -> Check:
    found = level(percent, marks)
    if percent is None:
        return unknown(name, "not known")
    value = f"{percent:.1f} % used, {more}"
    advice = "Make room: new sessions fail when nothing is left."
    return {Level.OK: ok(name, value), Level.NOTICE: warning(name, value, advice)}.get(
        found, error(name, value, advice)
    )


def _users(others: OtherUsers) -> Iterator[Check]:
    for name, deed, found in (
        ("audio.reading_user", "enter", others.entering()),
        ("audio.generator_user", "write to", others.writing()),
    ):
        if found is not None:
            yield _user(name, deed, found)


def _user(name: str, deed: str, found: Access) -> Check:
    if found.is_allowed:
        return ok(name, f"{found.user} may {deed} the folder")
    if found.is_allowed is None:
        why = found.error or UNTOLD.get(found.problem, found.problem)
        at = f" at {found.blocked_at} ({found.owner}, {found.mode})" if found.blocked_at else ""
        return unknown(name, f"{found.user}: {why}{at}", "It cannot be told from here: try it as that user.")
    if found.problem == "read_only":
        advice = "Mount the file system so that it can be written to."
        return error(name, f"{found.user} may not {deed} the folder: it is mounted read-only", advice)
    barrier = f"{found.blocked_at} keeps it out ({found.owner}, {found.mode})"
    return error(
        name, f"{found.user} may not {deed} the folder: {barrier}", f"Mend owner or mode of {found.blocked_at}."
    )


def _quarantine(path: Path, audio: Mapping[str, Any]) -> Check:
    """Files are moved there by renaming, which only works on the same file system."""
    name = "audio.quarantine"
    existing = next((folder for folder in (path, *path.parents) if folder.exists()), Path("/"))
    if existing.stat().st_dev != audio["device"]:
        return error(name, f"{path} lies on another file system", "Set QUARANTINE_ROOT to a folder on the audio's own.")
    if not os.access(existing, os.W_OK | os.X_OK):
        return warning(name, f"{existing} is not writable for this user", "Nothing can be put aside until it is.")
    return ok(name, f"{path}{'' if path.exists() else ' (made when it is needed)'}")
