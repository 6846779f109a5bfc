"""What another user may do to a file or a folder: by owner, mode and POSIX ACL, component by component.

This is what the kernel asks of a plain process of that user. What a capability allows besides, or a security module, an
immutable flag or the server of a network file system forbids, cannot be seen from here. Only the standard library.
"""

from __future__ import annotations

import errno
import grp
import os
import pwd
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from diagnostics.domain.access import Access

READ, WRITE, ENTER = 4, 2, 1
# linux/posix_acl_xattr.h: a version, then entries of tag, permissions and id, all little endian.
ACL, ACL_VERSION = "system.posix_acl_access", 2
ACL_HEAD, ACL_ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
NAMED_USER, OWNING_GROUP, NAMED_GROUP, MASK, OTHER = 0x02, 0x04, 0x08, 0x10, 0x20
WITHOUT_ACL = (errno.ENODATA, errno.EOPNOTSUPP)
MAX_LINKS = 16  # as where a path is looked at


class UnknownUserError(LookupError):
    """This machine knows no user of that name."""


@dataclass(frozen=True, slots=True)
class User:
    """A user; `groups` None: a number that this machine has no entry for, so that its groups are not known."""

    name: str
    uid: int
    groups: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class AclEntry:
    """One entry of an access control list; `id` counts for named users and named groups alone."""

    tag: int
    bits: int
    id: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What decides who may what: owner, group, mode, and the access control list (empty: none)."""

    uid: int
    gid: int
    mode: int
    acl: tuple[AclEntry, ...] = ()


def user_of(given: str) -> User:
    """Return the user of a name or a number. Raises UnknownUserError for a name that is not known here."""
    try:
        entry = pwd.getpwuid(int(given)) if given.isdecimal() else pwd.getpwnam(given)
    except (KeyError, ValueError) as error:
        if given.isdecimal():
            return User(given, int(given), None)
        raise UnknownUserError(given) from error
    return User(given, entry.pw_uid, frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid)))


def may(user: User, seen: Seen, wanted: int) -> bool | None:
    """Return whether a user may do all that is wanted (READ, WRITE, ENTER) to one component; None: it depends on groups.

    acl(5), as Linux reads it: a list whose mask is empty is passed over, and the mode's own bits decide.
    """
    if user.uid == 0:
        return True
    if user.uid == seen.uid:
        return _has(seen.mode >> 6, wanted)
    if not seen.acl or not seen.mode & stat.S_IRWXG:
        return _by_group(user, [(seen.gid, seen.mode >> 3)], seen.mode, wanted)
    mask = next((entry.bits for entry in seen.acl if entry.tag == MASK), 7)
    for entry in seen.acl:
        if entry.tag == NAMED_USER and entry.id == user.uid:
            return _has(entry.bits & mask, wanted)
    of_groups = [entry for entry in seen.acl if entry.tag in (OWNING_GROUP, NAMED_GROUP)]
    groups = [(seen.gid if entry.tag == OWNING_GROUP else entry.id, entry.bits & mask) for entry in of_groups]
    others = next((entry.bits for entry in seen.acl if entry.tag == OTHER), 0)
    return _by_group(user, groups, others, wanted)


def _has(bits: int, wanted: int) -> bool:
    return bits & wanted == wanted


def _by_group(user: User, groups: list[tuple[int, int]], others: int, wanted: int) -> bool | None:
    """One group that allows it is enough; who is in none of them is one of the others."""
    if user.groups is None:
        answers = {_has(bits, wanted) for bits in (others, *(bits for _, bits in groups))}
        return answers.pop() if len(answers) == 1 else None
    own = [bits for gid, bits in groups if gid in user.groups]
    return any(_has(bits, wanted) for bits in own) if own else _has(others, wanted)


def look(path: str) -> Seen:
    """Return what decides over one component; a link is looked at itself. Raises OSError, and ValueError for its ACL."""
    found = os.lstat(path)
    is_link = stat.S_ISLNK(found.st_mode)
    return Seen(found.st_uid, found.st_gid, found.st_mode, () if is_link else _acl_of(path))


def _acl_of(path: str) -> tuple[AclEntry, ...]:
    try:
        raw = os.getxattr(path, ACL, follow_symlinks=False)
    except OSError as error:
        if error.errno in WITHOUT_ACL:
            return ()
        raise
    return parse_acl(raw)


def parse_acl(raw: bytes) -> tuple[AclEntry, ...]:
    """Return the entries of an access control list as the kernel hands it out. Raises ValueError for anything else."""
    body = raw[ACL_HEAD.size :]
    if len(raw) < ACL_HEAD.size or ACL_HEAD.unpack_from(raw)[0] != ACL_VERSION or len(body) % ACL_ENTRY.size:
        raise ValueError("no POSIX ACL of version 2")
    return tuple(AclEntry(*numbers) for numbers in ACL_ENTRY.iter_unpack(body))


@dataclass(slots=True)
class Walk:
    """What one user meets below one folder. What was seen of a folder is kept, so that each is looked at once.

    `top` is a real path; with `is_judging_top` it counts as the first component. Links that lead out are not followed.
    """

    user: User
    top: str
    is_judging_top: bool = False
    _folders: dict[str, Seen] = field(default_factory=dict)

    def judge(self, path: str, wanted: int) -> Access:
        """Return whether the user may pass the folders on the way and do what is wanted at the path's end."""
        left_open: Access | None = None
        try:
            for at, seen, is_last in self._steps(path, is_folder=wanted == ENTER):
                allowed = may(self.user, seen, wanted if is_last else ENTER)
                if allowed is False:
                    return self._at(at, seen, is_allowed=False)
                if allowed is None:
                    left_open = left_open or replace(self._at(at, seen, is_allowed=None), problem="groups_unknown")
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, type(error).__name__)
            return Access(self.user.name, None, error=name)
        except ValueError:
            return Access(self.user.name, None, problem="acl_unknown")
        return left_open or Access(self.user.name, is_allowed=True)

    def _steps(self, path: str, *, is_folder: bool) -> Iterator[tuple[str, Seen, bool]]:
        """Yield each component that is no link, with whether it is the last."""
        at, links = self.top, 0
        pending = _parts(path)
        if self.is_judging_top:
            yield at, self._look(at, is_folder=True), not pending
        while pending:
            step = os.path.join(at, pending.pop(0))
            seen = self._look(step, is_folder=is_folder or bool(pending))
            if not stat.S_ISLNK(seen.mode):
                at = step
                yield at, seen, not pending
                continue
            links += 1
            pending = [*self._below(os.path.normpath(os.path.join(at, os.readlink(step))), links), *pending]
            at = self.top

    def _below(self, aim: str, links: int) -> list[str]:
        if links > MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if os.path.commonpath([self.top, aim]) != self.top:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return _parts(aim[len(self.top) :])

    def _look(self, path: str, *, is_folder: bool) -> Seen:
        if not is_folder:
            return look(path)
        if path not in self._folders:
            self._folders[path] = look(path)
        return self._folders[path]

    def _at(self, at: str, seen: Seen, *, is_allowed: bool | None) -> Access:
        """Name the component as it is called below the top; below the root of everything, in full."""
        inside = at[len(self.top) :].lstrip("/") if self.top != "/" else at
        mode = stat.filemode(seen.mode) + (" + ACL" if seen.acl else "")
        return Access(
            self.user.name, is_allowed, _shown(inside or at), f"{owner_of(seen.uid)}:{group_of(seen.gid)}", mode
        )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]


def of_folder(given: str, folder: str, wanted: int) -> Access:
    """Return whether a user (name or number) may reach a folder, from / on, and do to it what is wanted. Never raises.

    To write also needs a file system that is not mounted read-only, which binds root as well.
    """
    try:
        found = Walk(user_of(given), "/", is_judging_top=True).judge(os.path.realpath(folder), wanted)
        if wanted & WRITE and found.is_allowed is not False and os.statvfs(folder).f_flag & os.ST_RDONLY:
            return replace(found, is_allowed=False, blocked_at=_shown(folder), problem="read_only")
    except UnknownUserError:
        return Access(given, None, problem="no_such_user")
    except OSError as error:
        return Access(given, None, error=errno.errorcode.get(error.errno or 0, type(error).__name__))
    return found


def _shown(path: str) -> str:
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


@lru_cache(maxsize=256)
def owner_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@lru_cache(maxsize=256)
def group_of(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
