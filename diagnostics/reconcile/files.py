"""The first half of a pass: the listing of the audio root, and what it changes in the ledger."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from diagnostics import sources, store
from diagnostics.bulk import upsert
from diagnostics.domain import names
from diagnostics.domain.facts import StoreFacts
from diagnostics.garbage import no_search_for_cycles
from diagnostics.identity import chunk_of_path, fold_hash, hash64, shown
from diagnostics.ledger import as_kept, header_stamp
from diagnostics.models import Chunk, LedgerFile, Pass
from diagnostics.probes import local_store
from diagnostics.probes.wav import headers_in
from diagnostics.reconcile import chunks
from diagnostics.reconcile.closed_folders import ClosedFolders
from diagnostics.reconcile.movement import note_growth
from diagnostics.reconcile.parts import parts
from diagnostics.reconcile.running import Running

STAMP = struct.Struct("<qqqQI")  # size, mtime and ctime in nanoseconds, inode, mode
SAMPLE = 100
SAME_SHARE = 0.95
CHUNKS_AT_ONCE = 500
# What can change of a path that stands; its name, and what the name says, cannot.
RENEWED = (
    "kind",
    "size_bytes",
    "mtime_ns",
    "ctime_ns",
    "inode",
    "header",
    "header_stamp",
    "seen_at",
    "missed_at",
    "changed_pass",
    "due_at",
)


def survey(running: Running, closed: ClosedFolders, *, accept_store: bool) -> StoreFacts:
    """List the audio root into the ledger and return whether the store could be trusted; the ledger is left alone if not."""
    running.enter("files")
    found = store.check_root(running.clock())  # asked by a helper first: a root that hangs must not hold the worker
    if found.facts.problem:
        return found.facts
    root, device, listing = found.path, found.device, local_store.Listing()
    try:
        with no_search_for_cycles():
            members = _list(running, root, listing)
    except OSError as error:
        return StoreFacts("io_error", os.strerror(error.errno or 0), running.clock())
    if (again := check_again(device, running.clock())).problem:
        return again  # it went while it was listed: what was not seen is not gone
    distrust = "" if accept_store else _distrust(root, device, listing)
    if distrust:
        return StoreFacts(distrust, root, running.clock())
    _carry_over(members, listing)
    _update_ledger(running, root, members)
    closed.look(listing.folders)
    running.row.root_device = device
    running.row.files = listing.entries
    running.row.listing_errors = [[shown(path), name] for path, name in sorted(listing.unlisted.items())[:1000]]
    return found.facts


def check_again(device: int | None, now: datetime) -> StoreFacts:
    """Return whether the root is still what it was when its listing began; asked before anything is called missing."""
    found = store.check_root(now)
    if found.facts.problem or found.device == device:
        return found.facts
    return StoreFacts("other_device", found.path, now)


def _list(running: Running, root: str, listing: local_store.Listing) -> chunks.Members:
    members = chunks.Members()
    gathered, pack, total = members.chunks, STAMP.pack, 0
    for batch in local_store.list_files(root, listing, skip=sources.unlisted_folders()):
        for path, found in batch:
            size = found.st_size
            total += size
            try:
                stamp = pack(size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode)
            except struct.error:
                stamp = _clamped(found)
            gathered[chunk_of_path(path)].append(path + b"\0" + stamp)
        running.beat(len(batch))
    running.row.bytes_seen = total
    return members


def _clamped(found: os.stat_result) -> bytes:
    """The stamp of a file that is dated where nanoseconds in 64 bits cannot reach, as after the year 2262."""
    times = (max(-(2**63), min(time, 2**63 - 1)) for time in (found.st_mtime_ns, found.st_ctime_ns))
    return STAMP.pack(found.st_size, *times, found.st_ino, found.st_mode)


def _distrust(root: str, device: int | None, listing: local_store.Listing) -> str:
    """Return why a root that can be listed is not the one we know: suddenly empty, or other files on another device."""
    last = Pass.objects.filter(root_device__isnull=False).order_by("-id").first()
    if last is None:
        return ""
    known = LedgerFile.objects.filter(missed_at=None)
    if not listing.entries and not listing.unlisted and known.exists():
        return "empty"
    if last.root_device == device:
        return ""
    sample = list(known.order_by("path_hash")[:SAMPLE])
    same = sum(_is_same(root, file) for file in sample)
    return "other_device" if same < SAME_SHARE * len(sample) else ""


def _is_same(root: str, file: LedgerFile) -> bool:
    try:
        found = os.lstat(os.path.join(os.fsencode(root), bytes(file.path)))
    except OSError:
        return False
    return found.st_size == file.size_bytes and found.st_mtime_ns // 10**9 == file.mtime_ns // 10**9


def _carry_over(members: chunks.Members, listing: local_store.Listing) -> None:
    """Keep what is known of folders that could not be listed: not seen is not gone."""
    if not listing.unlisted:
        return
    folders = tuple(path + b"/" for path in listing.unlisted)
    exact = {path + b"\0" for path in listing.unlisted}
    listed = {_path(line) for chunk in members.chunks for line in chunk if line.startswith(folders)}
    for line in chunks.remembered_lines(Chunk.Kind.FILES):
        path = line[: -STAMP.size]
        if (line.startswith(folders) and _path(line) not in listed) or path in exact:
            members.chunks[chunk_of_path(path[:-1])].append(line)


def _update_ledger(running: Running, root: str, members: chunks.Members) -> None:
    previous = Pass.objects.filter(root_device__isnull=False).order_by("-id").first()
    seen_at = running.clock()
    gone_at = previous.started_at if previous else seen_at
    for some in parts(chunks.differences(Chunk.Kind.FILES, members), CHUNKS_AT_ONCE):
        new = {_path(line): line for difference in some for line in difference.new}
        old = {_path(line): line for difference in some for line in difference.old}
        rows = [_ledger_row(path, line[-STAMP.size :], seen_at, running.row.pk) for path, line in new.items()]
        _read_headers(running, root, rows, seen_at)
        gone = old.keys() - new.keys()
        with transaction.atomic():
            sizes = {path: STAMP.unpack(old[path][-STAMP.size :])[0] for path in old.keys() & new.keys()}
            note_growth(rows, sizes, gone_at, seen_at)
            upsert(rows, unique=("path_hash",), renew=RENEWED)
            _mark_gone(gone, gone_at, seen_at, running.row.pk)
            chunks.remember(Chunk.Kind.FILES, [(difference.number, difference.packed) for difference in some])
        running.row.changed += len(new) + len(gone)
        running.beat()


def _path(line: bytes) -> bytes:
    return line[: -STAMP.size - 1]


def _ledger_row(path: bytes, stamp: bytes, seen_at: datetime, number: int) -> LedgerFile:
    size, mtime, ctime, inode, mode = STAMP.unpack(stamp)
    name = os.fsdecode(path.rsplit(b"/", 1)[-1])
    return LedgerFile(
        path_hash=hash64(path),
        path=path,
        shown_path=shown(path),
        fold_hash=fold_hash(name),
        named_session=shown(names.session_in(name))[:255],
        role=names.role(name),
        kind=local_store.kind_of(mode) if not stat.S_ISREG(mode) else "file",
        size_bytes=size,
        mtime_ns=mtime,
        ctime_ns=ctime,
        inode=str(inode),
        header=None,
        header_stamp=header_stamp(),
        first_seen_at=seen_at,
        seen_at=seen_at,
        missed_at=None,
        changed_pass=number,
        due_at=None,
    )


def _read_headers(running: Running, root: str, rows: list[LedgerFile], seen_at: datetime) -> None:
    """Read the headers of files that are the host's by their name; of others only when a session names them.

    Most files lie in the root itself, and need no walk.
    """
    audio = [row for row in rows if row.role == "audio" and row.kind == "file"]
    with _open_folder(root) as folder:
        plain = [row for row in audio if folder is not None and b"/" not in bytes(row.path)]
        wanted = [(bytes(row.path), row.size_bytes) for row in plain]
        for row, header in zip(plain, headers_in(folder, wanted) if folder is not None else (), strict=True):
            row.header = as_kept(header) if header else None
            running.beat()
    for row in set(audio) - set(plain):
        facts = local_store.look_at(root, os.fsdecode(bytes(row.path)), seen_at)
        row.header = as_kept(facts.header) if facts.header and facts.size_bytes == row.size_bytes else None
        running.beat()


@contextmanager
def _open_folder(root: str) -> Iterator[int | None]:
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield folder
    finally:
        os.close(folder)


def _mark_gone(gone: set[bytes], seen_at: datetime, missed_at: datetime, number: int) -> None:
    hashes = [hash64(path) for path in gone]
    for start in range(0, len(hashes), 500):
        LedgerFile.objects.filter(path_hash__in=hashes[start : start + 500]).update(
            seen_at=seen_at, missed_at=missed_at, changed_pass=number, due_at=None
        )
