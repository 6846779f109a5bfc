"""The two ways out of the quarantine: back to the old place, or deleted for good; what will happen is written down first."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from django.utils import timezone

from diagnostics.probes.stamps import Stamp, open_folder, parts_of
from sessions_admin.models import HeldFile
from sessions_admin.quarantine import moving
from sessions_admin.quarantine.manifest import Ending, Folder, Manifest, read_manifest, write_manifest
from sessions_admin.quarantine.moving import HELD, clear_folder, find_folder, is_same, standing
from sessions_admin.quarantine.place import Place
from sessions_admin.quarantine.rows import record_expired, record_restored
from sessions_admin.quarantine.trouble import (
    ENDED,
    LOST_BY_HAND,
    NO_FOLDER,
    NOT_THE_HELD,
    TAKEN,
    left,
    told_for,
)

State = HeldFile.State


def bring_back(place: Place, held: HeldFile, by: str) -> int:
    """Move a held file to its old place; return how many folders above it had to be made again, as they were.

    Raises NotMoved (it stays held; nothing is ever overwritten), StoreTrouble and DatabaseError as `put_aside` does.
    """
    place.confirm()
    path = bytes(held.path)
    with told_for(path), _opened(place, held) as folder:
        manifest = _known(folder, held)
        *above, name = parts_of(path)
        missing = _missing(place, above, name, path)
        ending = Ending(State.RESTORED, by, timezone.now(), made=missing)
        write_manifest(folder, manifest.ending_as(ending))
        try:
            _back(place, folder, manifest, missing)
        except BaseException:
            if standing(folder, HELD) is not None:
                undo(place, folder, manifest, missing)
            raise
        record_restored(held, by, ending.at)
        clear_folder(place, folder, held.operation, held.number)
    return missing


def expire(place: Place, held: HeldFile, by: str) -> None:
    """Delete a held file for good; its row keeps what is known of it. Raises as `bring_back` does."""
    place.confirm()
    path = bytes(held.path)
    with told_for(path), _opened(place, held, is_to_go=by) as folder:
        manifest = _known(folder, held)
        ending = Ending(State.EXPIRED, by, timezone.now())
        write_manifest(folder, manifest.ending_as(ending))
        os.unlink(HELD, dir_fd=folder)
        os.fsync(folder)
        record_expired(held, by, ending.at)
        clear_folder(place, folder, held.operation, held.number)


def undo(place: Place, folder: int, manifest: Manifest, made: int) -> None:
    """The file is still held: the folders that were made for its way back go again, if nothing came into them."""
    above = parts_of(manifest.path)[:-1]
    for depth in range(len(above), len(above) - made, -1):
        with suppress(OSError):
            parent = open_folder(place.audio, above[: depth - 1])
            try:
                os.rmdir(above[depth - 1], dir_fd=parent)
            finally:
                os.close(parent)
    write_manifest(folder, manifest.ending_as(None))


@contextmanager
def _opened(place: Place, held: HeldFile, *, is_to_go: str | None = None) -> Iterator[int]:
    """Open the folder of a file that is held. One that is to go, and that somebody took out by hand, is noted as gone."""
    held.refresh_from_db(fields=["state"])
    path = bytes(held.path)
    if not held.is_held:
        raise left(ENDED, path)
    folder = find_folder(place, held.operation, held.number)
    try:
        if folder is None or standing(folder, HELD) is None:
            if is_to_go is not None:
                record_expired(held, is_to_go, timezone.now())
            raise left(LOST_BY_HAND, path)
        yield folder
    finally:
        if folder is not None:
            os.close(folder)


def _known(folder: int, held: HeldFile) -> Manifest:
    """Return the manifest where the file in the folder is the one that was put there."""
    found, manifest = standing(folder, HELD), read_manifest(folder)
    stamp = Stamp(int(held.device), int(held.inode), held.size_bytes, held.mtime_ns)
    if found is None or manifest is None or not is_same(found, stamp) or manifest.path != bytes(held.path):
        raise left(NOT_THE_HELD, bytes(held.path))
    return manifest


def _missing(place: Place, above: Sequence[bytes], name: bytes, path: bytes) -> int:
    """Return how many of the folders above are missing. Raises NotMoved where the place is taken, or is none."""
    for depth in range(len(above), -1, -1):
        try:
            folder = open_folder(place.audio, above[:depth])
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno in (errno.ENOTDIR, errno.ELOOP):
                raise left(NO_FOLDER, path) from error
            raise
        try:
            if depth == len(above) and standing(folder, name) is not None:
                raise left(TAKEN, path)
        finally:
            os.close(folder)
        return len(above) - depth
    raise left(NO_FOLDER, path)


def _back(place: Place, folder: int, manifest: Manifest, missing: int) -> None:
    *above, name = parts_of(manifest.path)
    for depth in range(len(above) - missing, len(above)):
        _make(place, above[: depth + 1], manifest.folders[depth])
    target = open_folder(place.audio, above)
    try:
        moving.move(folder, HELD, target, name)
        os.fsync(target)
        os.fsync(folder)
    except FileExistsError:
        raise left(TAKEN, manifest.path) from None
    finally:
        os.close(target)


def _make(place: Place, above: Sequence[bytes], was: Folder) -> None:
    """Make one folder as it was; its owner where we have the right to give it away."""
    parent = open_folder(place.audio, above[:-1])
    try:
        os.mkdir(above[-1], 0o700, dir_fd=parent)
        made = open_folder(parent, above[-1:])
        try:
            with suppress(PermissionError):
                os.fchown(made, was.uid, was.gid)
            os.fchmod(made, was.mode)
        finally:
            os.close(made)
        os.fsync(parent)
    finally:
        os.close(parent)
