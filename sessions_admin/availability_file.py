"""The small file that the host reads (AVAILABILITY_FILE): always whole, and written again wherever it differs.

Who writes holds a lock beside it and reads the database only then, so that the last one to write is the one who knows
the newest. The new file is made in the same folder, synced, and renamed over the old one: a reader sees one or the other.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from sessions_admin.availability import Document, document_now, written

MOST_BYTES = 65_536
MODE = 0o644  # the host is another user
LOCK_SECONDS = 2.0
LOCK_TRY_SECONDS = 0.02
logger = logging.getLogger(__name__)
told_problem: list[str] = [""]  # of this process: the same problem is one line in the log, not one every few seconds


@dataclass(frozen=True, slots=True)
class FileState:
    """The file as it is: whole and as it should be, another (or none), or unreadable; `problem` says why."""

    path: str
    is_current: bool = False
    written_at: datetime | None = None
    problem: str = ""


def path_named() -> Path | None:
    return Path(settings.AVAILABILITY_FILE) if settings.AVAILABILITY_FILE else None


def keep_up() -> None:
    """Write the file where it is missing or differs; the worker does so every few seconds. Raises DatabaseError."""
    problem = write_now()
    if problem and problem != told_problem[0]:
        logger.warning("%s cannot be written, and is tried again: %s", settings.AVAILABILITY_FILE, problem)
    told_problem[0] = problem


def write_now() -> str:
    """Write the file where it differs; return why it cannot be written, "" where all is well. Raises DatabaseError."""
    path = path_named()
    if path is None:
        return ""
    try:
        with _locked(path):
            content = written(document_now())
            if _read(path) != content:
                _replace(path, content)
    except OSError as error:
        return _told(error)
    return ""


def kept_document() -> Document | None:
    """Return what the file tells; None where there is none, or not a whole one."""
    path = path_named()
    with suppress(OSError, ValueError):
        found = json.loads(_read(path) or b"") if path else None
        if isinstance(found, dict) and isinstance(found.get("version"), str) and "long_sequences" in found:
            return found
    return None


def state_of_file(document: Document) -> FileState | None:
    """Return how the file stands beside what it should tell; None where none is asked for."""
    path = path_named()
    if path is None:
        return None
    try:
        content = _read(path)
        at = None if content is None else datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError as error:
        return FileState(str(path), problem=_told(error))
    return FileState(str(path), content == written(document), at)


def problem_of_folder() -> str:
    """Return why a file could not be made there now; "" where it could. Tries it, with a file that it removes."""
    path = path_named()
    if path is None:
        return ""
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder", str(path))
        with _locked(path):
            _write_new(path, b"")
            _beside(path, "new").unlink()
    except OSError as error:
        return _told(error)
    return ""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock beside the file. Raises TimeoutError where somebody else holds it for two seconds."""
    descriptor = _open_lock(_beside(path, "lock"))
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _open_lock(lock: Path) -> int:
    """Open the file that is locked; that of another user, who ran a command here once, is replaced: the folder is ours."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(lock, flags, 0o600)
    except PermissionError:
        lock.unlink()
        return os.open(lock, flags, 0o600)


def _lock(descriptor: int) -> None:
    ends = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                raise TimeoutError(110, "another process is writing it") from None
            time.sleep(LOCK_TRY_SECONDS)
        else:
            return


def _replace(path: Path, content: bytes) -> None:
    _write_new(path, content)
    _beside(path, "new").replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_new(path: Path, content: bytes) -> None:
    """Write the file that is to take the other's place; what an earlier writer left there when it was killed goes."""
    new = _beside(path, "new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, MODE)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _read(path: Path) -> bytes | None:
    """Return the file's bytes; None where there is no file. Nothing that could hang on opening is waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


def _told(error: OSError) -> str:
    return error.strerror or str(error)
