"""The audio root on a local or mounted file system: is it healthy, what lies in it, what stands at one path.

Nothing here follows a symbolic link out of the root, opens what is no regular file, or takes an error for an absence.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from diagnostics.domain import names
from diagnostics.domain.facts import AudioFacts, Presence, StoreFacts
from diagnostics.probes.access import owner_of
from diagnostics.probes.wav import read_header

ABSENT = (errno.ENOENT, errno.ENOTDIR)
FORBIDDEN = (errno.EACCES, errno.EPERM)
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
MAX_LINKS = 16
BATCH = 2_000
IGNORED_INITIALS = b".T@"  # of the names that are ignored: most names need no closer look
KINDS = (
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "fifo"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISBLK, "device"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISLNK, "link"),
)


@dataclass(slots=True)
class Listing:
    """What a listing could not do: folders (relative, bytes) that could not be read, with the errno's name."""

    unlisted: dict[bytes, str] = field(default_factory=dict)
    entries: int = 0
    folders: list[bytes] = field(default_factory=list)  # below the root, met or not, each with its slash


def check_root(root: str, now: datetime) -> StoreFacts:
    """Return whether the audio root can be looked at: it exists, is a folder, and lets itself be listed."""
    if not root:
        return StoreFacts("not_configured", "AUDIO_ROOT", now)
    try:
        if not stat.S_ISDIR(os.stat(root).st_mode):
            return StoreFacts("missing", "ENOTDIR", now)
        with os.scandir(root) as entries:
            next(entries, None)
    except OSError as error:
        return StoreFacts(_problem(error), errno_name(error), now)
    return StoreFacts(observed_at=now)


def root_device(root: str) -> int:
    """Return the device that the root lies on. Raises OSError."""
    return os.stat(root).st_dev


def list_files(
    root: str, listing: Listing, *, skip: tuple[str, ...] = ()
) -> Iterator[list[tuple[bytes, os.stat_result]]]:
    """Yield, in batches, (relative path, lstat) of all that is no folder below the root.

    Folders in `skip` (absolute) are left out. A folder that cannot be listed is noted in `listing`, never passed over in
    silence; a root that cannot raises OSError.
    """
    for folder, entries in _entries(root, listing, skip):
        batch = []
        for entry in entries:
            try:
                batch.append((folder + entry.name, entry.stat(follow_symlinks=False)))
            except OSError as error:
                if error.errno not in ABSENT:
                    listing.unlisted[folder + entry.name] = errno_name(error)
        listing.entries += len(batch)
        yield batch


def list_names(root: str, listing: Listing, *, skip: tuple[str, ...] = ()) -> Iterator[bytes]:
    """Yield the relative paths alone, without a stat; else as `list_files`."""
    for folder, entries in _entries(root, listing, skip):
        for entry in entries:
            yield folder + entry.name


def _entries(root: str, listing: Listing, skip: tuple[str, ...]) -> Iterator[tuple[bytes, list[os.DirEntry[bytes]]]]:
    """Yield (folder with its slash, some of its entries) for all that is no folder, folder by folder."""
    skipped = {os.fsencode(path) for path in skip if path}
    folders = [b""]
    while folders:
        folder = folders.pop()
        listing.folders += [folder] if folder else []
        try:
            with os.scandir(os.path.join(os.fsencode(root), folder)) as entries:
                while batch := list(islice(entries, BATCH)):
                    below = [entry for entry in batch if entry.is_dir(follow_symlinks=False)]
                    folders += [
                        folder + e.name + b"/" for e in below if e.path not in skipped and not _is_ignored(e.name)
                    ]
                    left_out = [
                        entry for entry in batch if entry.name[0] in IGNORED_INITIALS and _is_ignored(entry.name)
                    ]
                    unwanted = {*below, *left_out}
                    yield folder, [entry for entry in batch if entry not in unwanted] if unwanted else batch
        except OSError as error:
            if not folder:
                raise
            if error.errno not in ABSENT:
                listing.unlisted[folder.rstrip(b"/")] = errno_name(error)


def _is_ignored(name: bytes) -> bool:
    return names.is_ignored(os.fsdecode(name))


def look_at(root: str, path: str, now: datetime, *, with_header: bool = True) -> AudioFacts:
    """Return what stands at a path relative to the root. Opens regular files only, without waiting; never raises OSError.

    `root` is a real path (os.path.realpath), `path` text as `os.fsdecode` makes it. A confirmed ENOENT or ENOTDIR is ABSENT; every other error is itself.
    """
    shown = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    facts = _Facts(shown, now)
    walk = _Walk(root)
    try:
        outside = _follow(walk, path)
        if outside is not None:
            return facts(outside, kind=walk.kind, link_target=_shown(walk.target))
        return _look(walk.at, facts, with_header=with_header)
    except OSError as error:
        if error.errno in ABSENT and walk.links:
            return facts(Presence.NOT_A_FILE, kind="dangling_link", link_target=_shown(walk.target))
        return _failed(root, path, error, facts)
    except ValueError:
        return facts(Presence.ABSENT, error="EINVAL")


def open_file(root: str, path: str) -> int:
    """Return a descriptor of the regular file at a path, as `look_at` meets it. Raises OSError, also where it is none."""
    walk = _Walk(root)
    if ".." in path.split("/") or _follow(walk, path) is not None or not stat.S_ISREG(os.lstat(walk.at).st_mode):
        raise OSError(errno.EINVAL, "no regular file of this root")
    return os.open(walk.at, READING)


def kind_of(mode: int) -> str:
    """Return file, directory, fifo, socket, device or link for an lstat mode."""
    return next((name for test, name in KINDS if test(mode)), "file")


@dataclass(slots=True)
class _Facts:
    """Makes the AudioFacts of one path."""

    shown: str
    now: datetime

    def __call__(self, presence: Presence, **known: object) -> AudioFacts:
        return AudioFacts(self.shown, presence, self.now, **known)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Walk:
    """Where a walk below the root stands, and the last symbolic link that it met."""

    top: str
    at: str = ""
    links: int = 0
    target: str = ""
    kind: str = "file"


def _follow(walk: _Walk, path: str) -> Presence | None:
    """Walk a path component by component; end at a real path inside the root, or say why it is none."""
    walk.at = walk.top
    pending = [part for part in path.split("/") if part]
    while pending:
        step = os.path.join(walk.at, pending.pop(0))
        if not stat.S_ISLNK(os.lstat(step).st_mode):
            walk.at = step
            continue
        walk.links += 1
        walk.target = os.readlink(step)
        aim = os.path.normpath(os.path.join(walk.at, walk.target))
        walk.kind = "looping_link" if walk.links > MAX_LINKS else "link"
        if walk.links > MAX_LINKS:
            return Presence.NOT_A_FILE
        if os.path.commonpath([walk.top, aim]) != walk.top:
            return Presence.OUTSIDE
        pending = [part for part in aim[len(walk.top) :].split("/") if part] + pending
        walk.at = walk.top
    return None


def _look(where: str, facts: _Facts, *, with_header: bool) -> AudioFacts:
    found = os.lstat(where)
    kind = kind_of(found.st_mode)
    known: dict[str, object] = {
        "size_bytes": found.st_size,
        "modified_at": modified_at(found.st_mtime_ns),
        "changed_ns": (found.st_mtime_ns, found.st_ctime_ns),
        "owner": owner_of(found.st_uid),
        "mode": stat.filemode(found.st_mode),
    }
    if kind != "file":
        return facts(Presence.NOT_A_FILE, kind=kind, **known)
    if not with_header:
        return facts(Presence.REGULAR, **known)
    descriptor = os.open(where, READING)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)  # the header alone: a third less time on a cold disk
        now = os.fstat(descriptor)
        changed_ns = (now.st_mtime_ns, now.st_ctime_ns)
        known |= {"size_bytes": now.st_size, "modified_at": modified_at(now.st_mtime_ns), "changed_ns": changed_ns}
        return facts(Presence.REGULAR, header=read_header(descriptor, now.st_size), **known)
    finally:
        os.close(descriptor)


def _failed(root: str, path: str, error: OSError, facts: _Facts) -> AudioFacts:
    if error.errno in ABSENT:
        return facts(Presence.ABSENT, error=errno_name(error))
    if error.errno in FORBIDDEN:
        return facts(Presence.UNREADABLE, error=errno_name(error), **_blocking_component(root, path))
    if error.errno == errno.ELOOP:
        return facts(Presence.NOT_A_FILE, kind="looping_link", error=errno_name(error))
    return facts(Presence.ERROR, error=errno_name(error))


def _blocking_component(root: str, path: str) -> dict[str, object]:
    """Return the first component that keeps us out, with its owner and mode."""
    parts = [part for part in path.split("/") if part]
    for depth in range(len(parts) + 1):
        step = os.path.join(root, *parts[:depth])
        wanted = os.R_OK if depth == len(parts) else os.X_OK
        if os.access(step, wanted, effective_ids=True) and depth < len(parts):
            continue
        try:
            found = os.stat(step)
        except OSError:
            break
        shown = _shown("/".join(parts[:depth]) or root)
        return {"blocked_at": shown, "owner": owner_of(found.st_uid), "mode": stat.filemode(found.st_mode)}
    return {"blocked_at": _shown(path)}


def modified_at(mtime_ns: int) -> datetime | None:
    """Return a file's time as an aware datetime, or None where it lies outside the calendar."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _problem(error: OSError) -> str:
    if error.errno in ABSENT:
        return "missing"
    if error.errno in FORBIDDEN:
        return "unreadable"
    return "timeout" if error.errno == errno.ETIMEDOUT else "io_error"


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def _shown(path: str) -> str:
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")
