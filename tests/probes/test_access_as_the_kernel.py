"""What another user may do, held against what the kernel lets that user do: every mode, owner, group and kind of ACL."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.probes import access
from diagnostics.probes.access import ENTER, READ, WRITE, AclEntry, Seen, UnknownUserError, User
from tests.another_user import (
    MASK,
    NAMED_GROUP,
    NAMED_USER,
    OTHER,
    OWNER,
    OWNING_GROUP,
    needs_acls,
    needs_root,
    open_folder,
    set_acl,
    succeeds,
    told_by,
)

UID, GID, FURTHER, FOREIGN = 40_001, 40_002, 40_003, 40_004
READER = User("reader", UID, frozenset({GID, FURTHER}))
STRANGER = User("40001", UID, None)
WANTED = {"read": READ, "write": WRITE, "enter": ENTER, "list": READ, "make": WRITE | ENTER}
OWNERS = list(product((UID, 0), (GID, FURTHER, FOREIGN)))


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as found:
        yield found


def by_the_kernel(attempts: list[tuple[str, Path]]) -> list[bool]:
    found: list[bool] = told_by(
        UID, GID, [FURTHER], lambda: [succeeds(deed, os.fspath(path)) for deed, path in attempts]
    )
    return found


def by_us(attempts: list[tuple[str, Path]], user: User = READER) -> list[bool | None]:
    return [access.may(user, access.look(os.fspath(path)), WANTED[deed]) for deed, path in attempts]


def differing(attempts: list[tuple[str, Path]]) -> list[tuple[str, str, str, bool, bool | None]]:
    told = zip(attempts, by_the_kernel(attempts), by_us(attempts), strict=True)
    return [
        (deed, oct(path.stat().st_mode), str(access.look(os.fspath(path)).acl), real, ours)
        for (deed, path), real, ours in told
        if real is not ours
    ]


@needs_root
@pytest.mark.parametrize(("uid", "gid"), OWNERS)
def test_every_mode_of_a_file_is_judged_as_the_kernel_does(folder: Path, uid: int, gid: int) -> None:
    attempts = []
    for mode in range(0o1000):
        path = folder / f"{mode:03o}"
        path.touch()
        os.chown(path, uid, gid)
        path.chmod(mode)
        attempts += [("read", path), ("write", path)]
    assert differing(attempts) == []


@needs_root
@pytest.mark.parametrize(("uid", "gid"), OWNERS)
def test_every_mode_of_a_folder_is_judged_as_the_kernel_does(folder: Path, uid: int, gid: int) -> None:
    """With the sticky bit as well, which binds who removes, not who makes."""
    attempts = []
    for mode in [*range(0o1000), 0o1777, 0o1755]:
        path = folder / f"{mode:04o}"
        path.mkdir()
        (path / "inside").touch()
        os.chown(path, uid, gid)
        path.chmod(mode)
        attempts += [("enter", path), ("list", path), ("make", path)]
    assert differing(attempts) == []


def acls() -> Iterator[dict[tuple[int, int | None], int]]:
    """Lists that name the user, its groups, both or none, with every mask that could matter."""
    some = (None, 0, 2, 4, 6)
    for user, group, owning, mask, other in product(some, some, (0, 4, 6), (0, 2, 4, 6), (0, 6)):
        entries: dict[tuple[int, int | None], int] = {
            (OWNER, None): 2,
            (OWNING_GROUP, None): owning,
            (MASK, None): mask,
            (OTHER, None): other,
        }
        if user is not None:
            entries[(NAMED_USER, UID)] = user
        if group is not None:
            entries[(NAMED_GROUP, FURTHER)] = group
        yield entries


@needs_root
@needs_acls
@pytest.mark.parametrize(("uid", "gid"), OWNERS)
def test_every_acl_is_judged_as_the_kernel_does(folder: Path, uid: int, gid: int) -> None:
    attempts = []
    for number, entries in enumerate(acls()):
        path = folder / str(number)
        path.touch()
        os.chown(path, uid, gid)
        set_acl(path, {**entries, (NAMED_USER, FOREIGN): 6, (NAMED_GROUP, FOREIGN): 6})
        attempts += [("read", path), ("write", path)]
    assert differing(attempts) == []


@needs_root
@needs_acls
def test_two_groups_that_allow_half_each_do_not_allow_the_whole(folder: Path) -> None:
    """To make a file in a folder, one entry must let both write and enter."""
    attempts = []
    for number, (one, two) in enumerate(product(range(8), repeat=2)):
        path = folder / str(number)
        path.mkdir()
        (path / "inside").touch()
        halves: dict[tuple[int, int | None], int] = {(NAMED_GROUP, GID): one, (NAMED_GROUP, FURTHER): two}
        set_acl(path, {(OWNER, None): 7, (OWNING_GROUP, None): 7, (MASK, None): 7, (OTHER, None): 7, **halves})
        attempts += [("enter", path), ("list", path), ("make", path)]
    assert differing(attempts) == []


@needs_root
def test_root_may_all(folder: Path) -> None:
    path = folder / "file"
    path.touch()
    path.chmod(0)
    root = access.user_of("root")
    assert access.may(root, access.look(str(path)), READ | WRITE) is True
    assert told_by(0, 0, [], lambda: [succeeds("read", str(path)), succeeds("write", str(path))]) == [True, True]


PERMISSIONS = st.integers(0, 7)
ENTRIES = st.lists(
    st.builds(
        AclEntry, st.sampled_from([NAMED_USER, NAMED_GROUP]), PERMISSIONS, st.sampled_from([UID, GID, FURTHER, FOREIGN])
    ),
    max_size=4,
)
FIXED = st.tuples(*[st.builds(AclEntry, st.just(tag), PERMISSIONS, st.just(0)) for tag in (OWNING_GROUP, MASK, OTHER)])
SEEN = st.builds(
    lambda uid, gid, mode, entries, fixed: Seen(uid, gid, mode, (*entries, *fixed) if entries else ()),
    st.sampled_from([UID, 0]),
    st.sampled_from([GID, FOREIGN]),
    st.integers(0, 0o777),
    ENTRIES,
    FIXED,
)


@given(SEEN, st.integers(1, 7), st.frozensets(st.sampled_from([GID, FURTHER, FOREIGN])))
def test_a_user_whose_groups_are_not_known_is_never_judged_otherwise_than_any_it_may_be_in(
    seen: Seen, wanted: int, groups: frozenset[int]
) -> None:
    told = access.may(STRANGER, seen, wanted)
    assert told in (None, access.may(User("40001", UID, groups), seen, wanted))


def test_what_groups_decide_is_open_for_a_number_without_an_entry() -> None:
    assert access.may(STRANGER, Seen(0, GID, 0o640), READ) is None
    assert access.may(STRANGER, Seen(0, GID, 0o600), READ) is False
    assert access.may(STRANGER, Seen(0, GID, 0o644), READ) is True
    assert access.may(STRANGER, Seen(UID, GID, 0o400), READ) is True


@given(st.binary(max_size=60))
def test_bytes_of_any_kind_are_an_acl_or_a_value_error(raw: bytes) -> None:
    try:
        entries = access.parse_acl(raw)
    except ValueError:
        return
    assert len(raw) == 4 + 8 * len(entries)


def test_an_acl_is_parsed_little_endian() -> None:
    raw = struct.pack("<I", 2) + struct.pack("<HHI", 2, 4, 33) + struct.pack("<HHI", 0x10, 5, 0xFFFFFFFF)
    assert access.parse_acl(raw) == (AclEntry(2, 4, 33), AclEntry(0x10, 5, 0xFFFFFFFF))
    with pytest.raises(ValueError, match="version 2"):
        access.parse_acl(struct.pack("<I", 1))


def test_users_are_found_by_name_and_by_number() -> None:
    nobody = access.user_of("nobody")
    assert access.user_of(str(nobody.uid)) == User(str(nobody.uid), nobody.uid, nobody.groups)
    assert nobody.groups
    assert access.user_of("3999999999") == User("3999999999", 3_999_999_999, None)
    with pytest.raises(UnknownUserError):
        access.user_of("nobody-of-that-name")
