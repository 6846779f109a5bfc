"""What became of a step that was interrupted: finished where the file had been moved, undone where it had not."""

from __future__ import annotations

import os
from contextlib import suppress

from diagnostics.probes.stamps import open_folder, parts_of
from sessions_admin.models import HeldFile
from sessions_admin.quarantine.aside import put_back
from sessions_admin.quarantine.ends import undo
from sessions_admin.quarantine.manifest import Ending, Manifest, read_manifest
from sessions_admin.quarantine.moving import HELD, clear_folder, find_folder, is_same, standing
from sessions_admin.quarantine.place import Place
from sessions_admin.quarantine.rows import find_held, record_expired, record_held, record_restored
from sessions_admin.quarantine.trouble import NOT_THE_HELD, left, told_for


def settle(place: Place, operation: str, number: int) -> HeldFile | None:
    """Make manifest, disk and row agree again, and return the row; None: the file was not moved, or is back.

    `operation` and `number` are those under which it was put aside. Raises NotMoved, StoreTrouble and DatabaseError.
    """
    place.confirm()
    held = find_held(operation, number)
    with told_for(bytes(held.path) if held else os.fsencode(operation)):
        folder = find_folder(place, operation, number)
        if folder is None:
            return held
        try:
            return _settled(place, folder, held, (operation, number))
        finally:
            os.close(folder)


def _settled(place: Place, folder: int, held: HeldFile | None, known_as: tuple[str, int]) -> HeldFile | None:
    manifest, found = read_manifest(folder), standing(folder, HELD)
    if held is None and manifest is not None and found is not None:
        return _settle_aside(place, folder, manifest, found)
    if held is None and found is not None:
        raise left(NOT_THE_HELD, os.fsencode("/".join(map(str, known_as))))
    if held is not None and held.is_held:
        if manifest is not None and manifest.ending is not None:
            _settle_ending(place, folder, held, manifest, manifest.ending)
        return held
    if found is None:
        clear_folder(place, folder, *known_as)
    return held


def _settle_aside(place: Place, folder: int, manifest: Manifest, found: os.stat_result) -> HeldFile | None:
    """The file had been moved, or had got its second name: it is held, if it is the one that was meant."""
    *above, name = parts_of(manifest.path)
    if is_same(found, manifest.stamp):
        _drop_second_name(place, manifest, found)
        os.fsync(folder)
        return record_held(manifest)
    parent = open_folder(place.audio, above)
    try:
        kept = put_back(place, parent, name, folder, manifest)
    finally:
        os.close(parent)
    return None if kept is None else record_held(kept)


def _settle_ending(place: Place, folder: int, held: HeldFile, manifest: Manifest, ending: Ending) -> None:
    found = standing(folder, HELD)
    is_back = ending.state == HeldFile.State.RESTORED
    if found is not None and not (is_back and _has_second_name(place, manifest, found)):
        undo(place, folder, manifest, ending.made)
        return
    if found is not None:
        os.unlink(HELD, dir_fd=folder)
    record = record_restored if is_back else record_expired
    record(held, ending.by, ending.at)
    clear_folder(place, folder, held.operation, held.number)


def _has_second_name(place: Place, manifest: Manifest, found: os.stat_result) -> bool:
    """Whether the file stands at its old place as well: its way was cut short between its two names."""
    *above, name = parts_of(manifest.path)
    with suppress(FileNotFoundError, NotADirectoryError):
        parent = open_folder(place.audio, above)
        try:
            there = standing(parent, name)
        finally:
            os.close(parent)
        return there is not None and (there.st_dev, there.st_ino) == (found.st_dev, found.st_ino)
    return False


def _drop_second_name(place: Place, manifest: Manifest, found: os.stat_result) -> None:
    if found.st_nlink > 1 and _has_second_name(place, manifest, found):
        *above, name = parts_of(manifest.path)
        parent = open_folder(place.audio, above)
        try:
            os.unlink(name, dir_fd=parent)
            os.fsync(parent)
        finally:
            os.close(parent)
