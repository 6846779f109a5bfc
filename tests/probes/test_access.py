"""The way to a file as another user goes it: the first component that blocks, links, and what cannot be looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diagnostics.probes import access
from diagnostics.probes.access import ENTER, READ, WRITE, AclEntry, User, Walk
from tests.another_user import (
    ACL,
    MASK,
    NAMED_USER,
    OTHER,
    OWNER,
    OWNING_GROUP,
    needs_acls,
    needs_root,
    open_folder,
    set_acl,
)

UID = 40_001
READER = User("reader", UID, frozenset({40_002}))


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as found:
        yield found


def walk(folder: Path) -> Walk:
    return Walk(READER, str(folder))


def tree(folder: Path, *, modes: dict[str, int]) -> None:
    """Make one/two/file, all readable but what `modes` say otherwise."""
    (folder / "one" / "two").mkdir(parents=True)
    (folder / "one" / "two" / "file").touch()
    for name in ("one/two/file", "one/two", "one"):
        (folder / name).chmod(modes.get(name, 0o755))


@pytest.mark.parametrize(
    ("modes", "blocked_at", "mode"),
    [
        ({"one/two/file": 0o600}, "one/two/file", "-rw-------"),
        ({"one/two": 0o700, "one/two/file": 0}, "one/two", "drwx------"),
        ({"one": 0o744, "one/two": 0}, "one", "drwxr--r--"),
        ({"one": 0o711, "one/two": 0o711, "one/two/file": 0o604}, "", ""),
    ],
)
def test_the_first_component_that_blocks_is_named(
    folder: Path, modes: dict[str, int], blocked_at: str, mode: str
) -> None:
    tree(folder, modes=modes)
    found = walk(folder).judge("one/two/file", READ)
    assert (found.is_allowed, found.blocked_at, found.mode) == (not blocked_at, blocked_at, mode)
    assert found.owner == (f"{access.owner_of(os.geteuid())}:{access.group_of(os.getegid())}" if blocked_at else "")


@needs_acls
def test_an_acl_is_mentioned(folder: Path) -> None:
    (folder / "file").touch()
    set_acl(
        folder / "file",
        {(OWNER, None): 6, (NAMED_USER, UID): 0, (OWNING_GROUP, None): 4, (MASK, None): 4, (OTHER, None): 4},
    )
    assert walk(folder).judge("file", READ).mode == "-rw-r--r-- + ACL"


def test_a_link_counts_as_what_it_leads_to(folder: Path) -> None:
    tree(folder, modes={"one": 0o700})
    (folder / "open").mkdir()
    (folder / "open" / "relative").symlink_to("../one/two/file")
    (folder / "open" / "absolute").symlink_to(folder / "one")
    (folder / "file").symlink_to("open/relative")
    for path in ("open/relative", "open/absolute/two/file", "file"):
        assert walk(folder).judge(path, READ).blocked_at == "one", path
    (folder / "one").chmod(0o711)
    (folder / "open").chmod(0o600)
    assert [walk(folder).judge(path, READ).blocked_at for path in ("file", "one/two/file")] == ["open", ""]


@pytest.mark.parametrize("target", ["/etc/hostname", "../elsewhere", "link"])
def test_a_link_that_leads_out_or_nowhere_is_left_open(folder: Path, target: str) -> None:
    root = folder / "root"
    root.mkdir()
    (folder / "elsewhere").touch(0o600)
    (root / "link").symlink_to(target)
    assert walk(root).judge("link", READ).is_allowed is None


@pytest.mark.parametrize("error", [5, 13, 116, 110])
@pytest.mark.parametrize("call", ["lstat", "getxattr"])
def test_what_cannot_be_looked_at_is_unknown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: int
) -> None:
    tree(folder, modes={"one/two/file": 0})
    real: Callable[..., object] = getattr(os, call)

    def failing(path: str, *arguments: object, **options: object) -> object:
        if str(path).endswith("two"):
            raise OSError(error, "as file systems do")
        return real(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        found = walk(folder).judge("one/two/file", READ)
    assert (found.is_allowed, bool(found.error)) == (None, True)


def test_a_folder_is_looked_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(folder, modes={})
    (folder / "one/two/other").touch()
    looked: list[str] = []
    real = os.lstat

    def lstat(path: str) -> os.stat_result:
        looked.append(os.path.relpath(path, folder))
        return real(path)

    one_walk = walk(folder)
    with monkeypatch.context() as patched:
        patched.setattr(os, "lstat", lstat)
        assert all(one_walk.judge(f"one/two/{name}", READ).is_allowed for name in ("file", "other"))
    assert looked == ["one", "one/two", "one/two/file", "one/two/other"]


@needs_root
def test_a_folder_is_reached_from_the_root_of_everything(folder: Path) -> None:
    tree(folder, modes={"one": 0o700})
    aim = str(folder / "one" / "two")
    found = access.of_folder("nobody", aim, ENTER)
    assert (found.is_allowed, found.blocked_at, found.mode) == (False, str(folder / "one"), "drwx------")
    (folder / "one").chmod(0o711)
    assert access.of_folder("nobody", aim, ENTER).is_allowed is True
    assert access.of_folder("nobody", aim, WRITE | ENTER).blocked_at == aim
    (folder / "one" / "two").chmod(0o777)
    assert access.of_folder("nobody", aim, WRITE | ENTER).is_allowed is True
    assert access.of_folder("nobody-of-that-name", aim, ENTER).problem == "no_such_user"
    assert access.of_folder("nobody", aim + "/gone", ENTER).error == "ENOENT"


READ_ONLY = """
mount -t tmpfs -o mode=777,ro,size=64k none "$1" || exit 77
exec "$2" -c 'import sys; from diagnostics.probes import access
print(access.of_folder(sys.argv[2], sys.argv[1], access.WRITE | access.ENTER))' "$1" "$3"
"""


@pytest.mark.parametrize("user", ["root", "nobody"])
def test_nobody_writes_to_a_file_system_that_is_mounted_read_only(folder: Path, user: str) -> None:
    python = sys.executable
    command = ["unshare", "-rm", "sh", "-c", READ_ONLY, "sh", str(folder), python, user]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no mount can be made here: {done.stderr.strip()[-80:]}")
    assert "is_allowed=False" in done.stdout, done.stderr
    assert "problem='read_only'" in done.stdout


@needs_acls
def test_an_acl_reads_back_as_it_was_set(folder: Path) -> None:
    set_acl(folder, {(OWNER, None): 7, (NAMED_USER, 33): 5, (OWNING_GROUP, None): 0, (MASK, None): 5, (OTHER, None): 0})
    assert access.parse_acl(os.getxattr(folder, ACL)) == access.look(str(folder)).acl
    assert AclEntry(NAMED_USER, 5, 33) in access.look(str(folder)).acl
