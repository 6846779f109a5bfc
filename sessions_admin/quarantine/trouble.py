"""What keeps a file where it is: its own state (`NotMoved`), or the store's, which all that follow would meet (`StoreTrouble`)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_noop

from diagnostics.identity import shown
from diagnostics.probes.local_store import errno_name
from sessions_admin.result import STORE_FULL, STORE_GONE, STORE_READ_ONLY, Kind, NotMoved, Result, StoreTrouble

REPLACED = gettext_noop("%(path)s is left alone: it is not the file that the plan saw (replaced or changed since).")
GROWN = gettext_noop("%(path)s is left alone: it has grown since the plan; something is writing it.")
LINKED = gettext_noop("%(path)s is left alone: it is a link, lies behind one, or has a second name.")
GONE = gettext_noop("%(path)s is left alone: it is gone.")
NO_FILE = gettext_noop("%(path)s is left alone: it is no regular file.")
TAKEN = gettext_noop("%(path)s is left alone: another file stands at its old place by now; nothing is overwritten.")
BEGUN = gettext_noop("%(path)s is left alone: this very step was begun before and is not settled yet.")
ENDED = gettext_noop("%(path)s is left alone: it is not held any more.")
NOT_THE_HELD = gettext_noop("%(path)s was not touched: what lies in the quarantine is not the file that was put there.")
LOST_BY_HAND = gettext_noop("%(path)s is no longer in the quarantine: somebody took it out by hand.")
NO_FOLDER = gettext_noop("%(path)s is left alone: its old folder is gone, or a link stands in its place.")
KEPT = gettext_noop(
    "%(path)s was replaced while it was being moved, and then again: what was moved is held, and what stands there now is left alone."
)
NOT_ALLOWED = gettext_noop("%(path)s was not moved: this dashboard lacks the right to (%(detail)s).")
NO_WAY = gettext_noop("%(path)s was not moved: the file system does not do it (%(detail)s).")

FULL = (errno.ENOSPC, errno.EDQUOT)
LOST = (errno.ENOTCONN, errno.ESTALE, errno.EIO, errno.ETIMEDOUT, errno.ENXIO, errno.ENODEV)
FORBIDDEN = (errno.EACCES, errno.EPERM)


def left(message: str, path: bytes) -> NotMoved:
    """Return why a file is left alone."""
    return NotMoved(Result(Kind.SKIPPED, message, {"path": shown(path)}))


def store_trouble(error: OSError) -> StoreTrouble | None:
    """Return what an error says of the whole store; None where it may be this file's alone."""
    values = {"detail": errno_name(error)}
    if error.errno in FULL:
        return StoreTrouble(STORE_FULL, values)
    if error.errno == errno.EROFS:
        return StoreTrouble(STORE_READ_ONLY, values)
    return StoreTrouble(STORE_GONE, values) if error.errno in LOST else None


@contextmanager
def told_for(path: bytes) -> Iterator[None]:
    """Turn what the kernel refuses into StoreTrouble or NotMoved."""
    try:
        yield
    except OSError as error:
        if trouble := store_trouble(error):
            raise trouble from error
        raise _not_moved(error, path) from error


def _not_moved(error: OSError, path: bytes) -> NotMoved:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return left(GONE, path)
    if error.errno == errno.ELOOP:
        return left(LINKED, path)
    if error.errno == errno.EINVAL:
        return left(NO_FILE, path)
    message = NOT_ALLOWED if error.errno in FORBIDDEN else NO_WAY
    return NotMoved(Result(Kind.FAILED, message, {"path": shown(path), "detail": errno_name(error)}))
