"""The two folders between which files are moved, held open: the audio root and the quarantine, on one file system."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from diagnostics import store
from diagnostics.models import LedgerFile, Pass
from diagnostics.probes.local_store import errno_name
from diagnostics.probes.stamps import Stamp, open_folder, seen_at
from diagnostics.probes.store_questions import Root
from sessions_admin.quarantine.trouble import store_trouble
from sessions_admin.result import STORE_APART, STORE_BUSY, STORE_CLOSED, STORE_GONE, StoreTrouble

LOCK = "quarantine.lock"
WAIT_SECONDS = 5.0
ANY_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Place:
    """Descriptors of both folders, and the paths that must still lead to them before each change."""

    audio: int
    quarantine: int
    audio_path: str
    quarantine_path: str

    def look(self, path: bytes) -> Stamp | None:
        """Return the stamp of the regular file with one name at a path; None for anything else that stands there."""
        return seen_at(self.audio, path).stamp

    def confirm(self) -> None:
        """Raises StoreTrouble where a path leads elsewhere by now: unmounted, mounted over, or moved."""
        for path, opened in ((self.audio_path, self.audio), (self.quarantine_path, self.quarantine)):
            try:
                found, held = Path(path).stat(), os.fstat(opened)
            except OSError as error:
                raise _lost(errno_name(error)) from error
            if (found.st_dev, found.st_ino) != (held.st_dev, held.st_ino):
                raise _lost(path)
            if not held.st_nlink:
                raise _lost(path)


@contextmanager
def open_place() -> Iterator[Place]:
    """Open both folders, for this process alone; the quarantine is made where it is missing.

    Raises StoreTrouble: the root is not the one that the last pass knew, or the quarantine cannot be used.
    """
    root = _trusted_root()
    with _turn(), _opened(root.path) as audio:
        if root.device is not None and os.fstat(audio).st_dev != root.device:
            raise _lost(root.path)
        path, quarantine = _quarantine(root.path, audio)
        try:
            if os.fstat(quarantine).st_dev != os.fstat(audio).st_dev:
                raise StoreTrouble(STORE_APART, {"detail": path})
            yield Place(audio, quarantine, root.path, path)
        finally:
            os.close(quarantine)


def _trusted_root() -> Root:
    """Return the root where it is what the last pass knew; asked with a limit, so that nobody hangs with it."""
    root = store.check_root(timezone.now())
    if root.facts.problem:
        raise _lost(root.facts.detail or root.facts.problem)
    if root.is_empty and LedgerFile.objects.filter(missed_at=None).exists():
        raise _lost("empty")
    last = Pass.objects.filter(root_device__isnull=False).order_by("-id").first()
    if last is not None and last.root_device != root.device:
        raise _lost("another device")
    return root


@contextmanager
def _turn() -> Iterator[None]:
    """Only one process moves files, or finds out what an interrupted move has done."""
    Path(settings.LOCKS_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(Path(settings.LOCKS_DIR) / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while not _is_locked(lock):
            if time.monotonic() > until:
                raise StoreTrouble(STORE_BUSY, {"detail": LOCK})
            time.sleep(0.05)
        yield
    finally:
        os.close(lock)


def _is_locked(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


@contextmanager
def _opened(path: str) -> Iterator[int]:
    try:
        opened = os.open(path, ANY_FOLDER)
    except OSError as error:
        raise _lost(errno_name(error)) from error
    try:
        yield opened
    finally:
        os.close(opened)


def _quarantine(root: str, audio: int) -> tuple[str, int]:
    """Return path and descriptor of the quarantine: below the root it is reached from there, without any link."""
    configured = os.path.normpath(settings.QUARANTINE_ROOT)
    for above in (root, os.path.normpath(settings.AUDIO_ROOT)):
        if configured.startswith(above + "/"):
            parts = [os.fsencode(part) for part in configured[len(above) + 1 :].split("/")]
            return os.path.join(root, *map(os.fsdecode, parts)), _made_below(audio, parts)
    parent, name = os.path.split(configured)
    if not name:
        raise StoreTrouble(STORE_CLOSED, {"detail": "QUARANTINE_ROOT"})
    with _parent(os.path.realpath(parent)) as opened:
        return os.path.join(os.path.realpath(parent), name), _made_below(opened, [os.fsencode(name)])


@contextmanager
def _parent(path: str) -> Iterator[int]:
    try:
        opened = os.open(path, ANY_FOLDER)
    except OSError as error:
        raise store_trouble(error) or _closed(error) from error
    try:
        yield opened
    finally:
        os.close(opened)


def _made_below(folder: int, parts: list[bytes]) -> int:
    """Return a descriptor of a folder below another; its components are made where they are missing, for us alone."""
    at = os.dup(folder)
    try:
        for part in parts:
            with suppress(FileExistsError):
                os.mkdir(part, 0o700, dir_fd=at)
                os.fsync(at)
            below = open_folder(at, [part])
            os.close(at)
            at = below
    except OSError as error:
        os.close(at)
        raise store_trouble(error) or _closed(error) from error
    return at


def _closed(error: OSError) -> StoreTrouble:
    is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
    return StoreTrouble(STORE_CLOSED, {"detail": "a link or no folder" if is_link else errno_name(error)})


def _lost(detail: str) -> StoreTrouble:
    return StoreTrouble(STORE_GONE, {"detail": detail})
