"""Another user for tests: what the kernel really lets it do, asked in a child that has become it; real ACLs for it."""

from __future__ import annotations

import json
import os
import struct
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ACL = "system.posix_acl_access"
OWNER, NAMED_USER, OWNING_GROUP, NAMED_GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
NO_ID = 0xFFFFFFFF
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user and give files away")
Attempt = tuple[str, str]
NOBODY = 65_534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's rights, for which no permission is a bar; who is not root has none to give up."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def told_by(uid: int, gid: int, groups: Sequence[int], run: Callable[[], Any]) -> Any:
    """Run something in a child that has become this user, and return what it told (as JSON carries it)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups(groups)
            os.setgid(gid)
            os.setuid(uid)
            told = json.dumps(run())
        except BaseException:
            told = json.dumps({"crash": traceback.format_exc()})
        with os.fdopen(writing, "w") as answer:
            answer.write(told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        found = json.loads(answer.read())
    os.waitpid(child, 0)
    assert not (isinstance(found, dict) and "crash" in found), found["crash"]
    return found


def succeeds(deed: str, path: str) -> bool:
    """Whether this process can really do it: read or write a file, enter or list a folder, make a file in one."""
    try:
        DEEDS[deed](path)
    except PermissionError:
        return False
    return True


def _open(flags: int) -> Callable[[str], None]:
    return lambda path: os.close(os.open(path, flags))


def _make(path: str) -> None:
    made = os.path.join(path, "made")
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    os.unlink(made)


DEEDS: dict[str, Callable[[str], object]] = {
    "read": _open(os.O_RDONLY),
    "write": _open(os.O_WRONLY),
    "enter": lambda path: os.stat(os.path.join(path, "inside")),
    "list": os.listdir,
    "make": _make,
}


def set_acl(path: Path, entries: Mapping[tuple[int, int | None], int]) -> None:
    """Give a path an access control list, (tag, id) -> permissions, in the binary form in which the kernel takes it."""
    ordered = sorted((tag, NO_ID if number is None else number, bits) for (tag, number), bits in entries.items())
    packed = b"".join(struct.pack("<HHI", tag, bits, number) for tag, number, bits in ordered)
    os.setxattr(path, ACL, struct.pack("<I", 2) + packed)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def takes_acls() -> bool:
    with open_folder() as folder:
        try:
            set_acl(
                folder,
                {(OWNER, None): 7, (NAMED_USER, 1): 5, (OWNING_GROUP, None): 5, (MASK, None): 5, (OTHER, None): 5},
            )
        except OSError:
            return False
    return True


needs_acls = pytest.mark.skipif(not takes_acls(), reason="the file system of temporary files takes no POSIX ACLs")
