"""Puts one file aside: the manifest first, then the move, then a look whether what was moved is what was meant."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from diagnostics.identity import shown
from diagnostics.probes.local_store import READING
from diagnostics.probes.stamps import Stamp, open_folder, parts_of, seen_at
from sessions_admin.models import HeldFile
from sessions_admin.quarantine import moving
from sessions_admin.quarantine.manifest import Folder, Label, Manifest, write_manifest
from sessions_admin.quarantine.moving import HELD, clear_folder, make_folder, standing
from sessions_admin.quarantine.place import Place
from sessions_admin.quarantine.rows import record_held
from sessions_admin.quarantine.trouble import (
    BEGUN,
    GONE,
    GROWN,
    KEPT,
    LINKED,
    NO_FILE,
    REPLACED,
    left,
    told_for,
)
from sessions_admin.result import Kind, NotMoved, Result

END_BYTES = 2**20


def put_aside(place: Place, path: bytes, stamp: Stamp, label: Label) -> HeldFile:
    """Move the file of this stamp to the quarantine, and return its row.

    Raises NotMoved (it stays where it is), StoreTrouble (so would all that follow), and our own database's DatabaseError:
    then `settle` finds out the rest. Where the process ends at any step, so does `settle`.
    """
    place.confirm()
    check(place, path, stamp)
    with told_for(path):
        *above, name = parts_of(path)
        folder = open_folder(place.audio, above)
        try:
            manifest = _manifest(place, folder, path, stamp, label)
            return record_held(_moved(place, folder, name, manifest))
        finally:
            os.close(folder)


def check(place: Place, path: bytes, stamp: Stamp) -> None:
    """Raises NotMoved or StoreTrouble where what stands at a path is not, any more, the file of this stamp."""
    found = seen_at(place.audio, path)
    if found.kind == "error":
        with told_for(path):
            os.close(open_folder(place.audio, parts_of(path)[:-1]))
    if found.kind in ("link", "hard_linked"):
        raise left(LINKED, path)
    if found.stamp is None:
        raise left(GONE if found.kind == "absent" else NO_FILE, path)
    if found.stamp != stamp:
        same_file = (found.stamp.device, found.stamp.inode) == (stamp.device, stamp.inode)
        raise left(GROWN if same_file and found.stamp.size_bytes > stamp.size_bytes else REPLACED, path)


def put_back(place: Place, folder: int, name: bytes, held_in: int, manifest: Manifest) -> Manifest | None:
    """Bring back what was moved and was not meant; return None, or the manifest of what must be held instead."""
    try:
        moving.move(held_in, HELD, folder, name)
    except FileExistsError:
        found = os.stat(HELD, dir_fd=held_in, follow_symlinks=False)
        kept = replace(manifest, stamp=Stamp.of(found), uid=found.st_uid, gid=found.st_gid, mode=found.st_mode)
        write_manifest(held_in, kept)
        return kept
    os.fsync(folder)
    clear_folder(place, held_in, manifest.label.operation, manifest.label.number)
    return None


def _moved(place: Place, folder: int, name: bytes, manifest: Manifest) -> Manifest:
    """Do the move, and return the manifest of what is held; whatever fails before it leaves nothing behind."""
    label, path = manifest.label, manifest.path
    try:
        held_in = make_folder(place, label.operation, label.number)
    except FileExistsError:
        raise left(BEGUN, path) from None
    try:
        try:
            write_manifest(held_in, manifest)
            moving.move(folder, name, held_in, HELD)
        except BaseException:
            if standing(held_in, HELD) is None:
                clear_folder(place, held_in, label.operation, label.number)
            raise
        os.fsync(held_in)
        os.fsync(folder)
        found = os.stat(HELD, dir_fd=held_in, follow_symlinks=False)
        if Stamp.of(found) != manifest.stamp or found.st_nlink != 1:
            _refuse_other(place, folder, name, held_in, manifest)
        return manifest
    finally:
        os.close(held_in)


def _refuse_other(place: Place, folder: int, name: bytes, held_in: int, manifest: Manifest) -> None:
    """Another file came to the place between the look and the move: it goes back there."""
    kept = put_back(place, folder, name, held_in, manifest)
    if kept is None:
        raise left(REPLACED, manifest.path)
    record_held(kept)
    raise NotMoved(Result(Kind.FAILED, KEPT, {"path": shown(manifest.path)}))


def _manifest(place: Place, folder: int, path: bytes, stamp: Stamp, label: Label) -> Manifest:
    *above, name = parts_of(path)
    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    first, last = _sums(folder, name)
    folders = tuple(_folders(place, above))
    mode, moved_at = found.st_mode, timezone.now()
    return Manifest(path, stamp, found.st_uid, found.st_gid, mode, folders, first, last, moved_at, label)


def _folders(place: Place, above: Sequence[bytes]) -> list[Folder]:
    found = []
    for depth in range(1, len(above) + 1):
        folder = open_folder(place.audio, above[:depth])
        try:
            seen = os.fstat(folder)
        finally:
            os.close(folder)
        found.append(Folder(seen.st_mode & 0o7777, seen.st_uid, seen.st_gid))
    return found


def _sums(folder: int, name: bytes) -> tuple[str, str]:
    """Return the SHA-256 of the first and the last MiB; '' of both where we may move the file and not read it."""
    try:
        descriptor = os.open(name, READING, dir_fd=folder)
    except PermissionError:
        return "", ""
    try:
        size = os.fstat(descriptor).st_size
        ends = os.pread(descriptor, END_BYTES, 0), os.pread(descriptor, END_BYTES, max(0, size - END_BYTES))
    finally:
        os.close(descriptor)
    return hashlib.sha256(ends[0]).hexdigest(), hashlib.sha256(ends[1]).hexdigest()
