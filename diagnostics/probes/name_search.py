"""Finds the files of some sessions by their names, in folders of any size, without looking at the files.

A folder's names are kept for some seconds, and used again only while the folder's own times say that they are the same.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from diagnostics.domain import names, paths
from diagnostics.probes.local_store import ABSENT, errno_name

BATCH = 2_000
FEW = 8
MOST_KEPT_BYTES = 64 * 1024 * 1024
KEPT_SECONDS = 10.0
SETTLED_SECONDS = 2.0  # a folder that changed just before it was read may have changed just after, in the same tick
BEGIN = b"long_sequence_"
CASELESS = re.compile(r"[0-9_]{4,}")
Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Search:
    """Relative paths that were found; `unlisted` are folders that could not be listed, with the errno's name.

    `problem` is the errno's name where the root itself could not be, and `is_whole` is False where the time was over.
    """

    paths: tuple[str, ...] = ()
    unlisted: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class _Folder:
    """The names in one folder, each ended by a NUL, and its subfolders; `kept_at` is monotonic."""

    stamp: Stamp
    blob: bytes
    below: tuple[bytes, ...]
    kept_at: float


@dataclass(slots=True)
class _Kept:
    """Folders as they were read last."""

    folders: dict[bytes, _Folder] = field(default_factory=dict)

    def get(self, path: bytes) -> _Folder | None:
        folder = self.folders.get(path)
        if folder is None or time.monotonic() - folder.kept_at > KEPT_SECONDS or folder.stamp != _stamp(path):
            self.folders.pop(path, None)
            return None
        return folder

    def keep(self, path: bytes, folder: _Folder) -> None:
        size = sum(len(known.blob) for known in self.folders.values()) + len(folder.blob)
        if size <= MOST_KEPT_BYTES and time.time() - max(folder.stamp[2:]) / 1e9 > SETTLED_SECONDS:
            self.folders[path] = folder


class _TimeIsOver(Exception):
    """The search takes longer than it may."""


KEPT = _Kept()


def search(root: str, keys: tuple[str, ...], name: str, skip: tuple[str, ...], seconds: float) -> Search:
    """Return the files below the root that bear one of these session ids, or whose name is `name` but for its form.

    Folders in `skip` (absolute) are left out. Never raises OSError.
    """
    until = time.monotonic() + seconds
    found: list[str] = []
    unlisted: list[tuple[str, str]] = []
    skipped = {os.fsencode(path) for path in skip if path}
    folders = [b""]
    while folders:
        folder = folders.pop()
        try:
            read = _read(os.path.join(os.fsencode(root), folder), until)
            found += [os.fsdecode(folder + hit) for hit in _hits(read.blob, keys, name, until)]
            folders += [folder + at + b"/" for at in read.below if _is_wanted(root, folder + at, skipped)]
        except _TimeIsOver:
            return Search(tuple(sorted(set(found))), tuple(unlisted), is_whole=False)
        except OSError as error:
            if not folder:
                return Search(problem=errno_name(error))
            if error.errno not in ABSENT:
                unlisted.append((os.fsdecode(folder.rstrip(b"/")), errno_name(error)))
    return Search(tuple(sorted(set(found))), tuple(unlisted))


def _is_wanted(root: str, folder: bytes, skipped: set[bytes]) -> bool:
    is_ignored = names.is_ignored(os.fsdecode(folder.rsplit(b"/", 1)[-1]))
    return not is_ignored and os.path.join(os.fsencode(root), folder) not in skipped


def _read(path: bytes, until: float) -> _Folder:
    """Return a folder's names, read now or a moment ago. Raises OSError."""
    known = KEPT.get(path)
    if known is not None:
        return known
    stamp = _stamp(path)
    here: list[bytes] = []
    below: list[bytes] = []
    with os.scandir(path) as entries:
        while batch := list(islice(entries, BATCH)):
            folders = {entry.name for entry in batch if entry.is_dir(follow_symlinks=False)}
            here += [name for entry in batch if (name := entry.name) not in folders]
            below += folders
            _watch(until)
    folder = _Folder(stamp, b"".join(name + b"\0" for name in here), tuple(below), time.monotonic())
    KEPT.keep(path, folder)
    return folder


def _stamp(path: bytes) -> Stamp:
    found = os.stat(path)
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def _hits(blob: bytes, keys: tuple[str, ...], name: str, until: float) -> set[bytes]:
    wanted = set(keys)
    found = {raw for raw in _bearing(blob, wanted) if names.session_in(os.fsdecode(raw)) in wanted}
    if name:
        found |= _like(blob, paths.fold(name), until)
    return {raw for raw in found if not names.is_ignored(os.fsdecode(raw))}


def _bearing(blob: bytes, keys: set[str]) -> Iterable[bytes]:
    """Yield names that may bear one of the ids; few are searched for, many are looked up name by name."""
    raw = {key.encode(errors="surrogateescape") for key in keys if _is_encodable(key)}
    if len(raw) > FEW:
        ids = ((name[len(BEGIN) :].rsplit(b"_", 2)[0], name) for name in blob.split(b"\0"))
        return [name for bare, name in ids if bare in raw]
    return [name for key in raw for name in _holding(blob, b"_" + key + b"_")]


def _is_encodable(key: str) -> bool:
    try:
        key.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False
    return "\0" not in key


def _holding(blob: bytes, part: bytes) -> Iterator[bytes]:
    at = blob.find(part)
    while at >= 0:
        end = blob.find(b"\0", at)
        yield blob[blob.rfind(b"\0", 0, at) + 1 : end]
        at = blob.find(part, end)


def _like(blob: bytes, wanted: str, until: float) -> set[bytes]:
    """Return the names that fold to the wanted one. Folding is slow: only names that might are folded."""
    found = set()
    for number, raw in enumerate(_alike(blob, wanted)):
        if number % BATCH == 0:
            _watch(until)
        if paths.fold(os.fsdecode(raw)) == wanted:
            found.add(raw)
    return found


def _alike(blob: bytes, wanted: str) -> Iterator[bytes]:
    """Yield names in plain ASCII that hold a telling part of the wanted one, and every name that is written otherwise."""
    if wanted.isascii() and "\0" not in wanted:
        part = max(CASELESS.findall(wanted), key=len, default="")
        if part:
            yield from _holding(blob, part.encode())
        else:
            yield from (name for name in blob.split(b"\0") if name.lower().startswith(wanted.encode()))
    if not blob.isascii() or b"%" in blob or b"\\" in blob:
        yield from (name for name in blob.split(b"\0") if not name.isascii() or b"%" in name or b"\\" in name)


def _watch(until: float) -> None:
    if time.monotonic() > until:
        raise _TimeIsOver
