"""Permissions as READING_USER and GENERATOR_USER meet them: really taken away and given back, and held against the kernel."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from diagnostics.models import Finding
from tests.another_user import (
    MASK,
    NAMED_USER,
    OTHER,
    OWNER,
    OWNING_GROUP,
    needs_acls,
    needs_root,
    set_acl,
    succeeds,
    told_by,
)
from tests.faults.readers_scene import (
    NOBODY,
    assert_the_kernel_agrees,
    causes,
    check,
    evidence_of,
    path_of,
    readers_scene,
)
from tests.reconcile.scene import Scene, wav_bytes

pytestmark = pytest.mark.django_db
DENIED = "PermissionError: [Errno 13] Permission denied: '/srv/audio/x.wav.tmp'"
Deed = Callable[[Path], object]


@pytest.fixture
def scene(db: None, settings: Settings) -> Iterator[Scene]:
    with readers_scene(settings) as found:
        yield found


def acl(*, nobody: int, mask: int, others: int = 4, owner: int = 6) -> Deed:
    entries = {
        (OWNER, None): owner,
        (NAMED_USER, NOBODY.pw_uid): nobody,
        (OWNING_GROUP, None): 4,
        (MASK, None): mask,
        (OTHER, None): others,
    }
    return lambda path: set_acl(path, entries)


def mode(bits: int) -> Deed:
    return lambda path: path.chmod(bits)


def given_to_the_reader(bits: int) -> Deed:
    """The owner's own bits decide, where those of the others would let it in."""

    def give(path: Path) -> None:
        os.chown(path, NOBODY.pw_uid, -1)
        path.chmod(bits)

    return give


def given_to_its_group(bits: int) -> Deed:
    def give(path: Path) -> None:
        os.chown(path, -1, NOBODY.pw_gid)
        path.chmod(bits)

    return give


BARRIERS = [
    pytest.param("file", mode(0o600), {2}, "-rw-------", id="mode of the file"),
    pytest.param("file", mode(0), {2}, "----------", id="nobody at all", marks=needs_root),
    pytest.param("file", acl(nobody=0, mask=4), {2}, "-rw-r--r-- + ACL", id="acl of the file", marks=needs_acls),
    pytest.param("file", acl(nobody=4, mask=2), {2}, "-rw--w-r-- + ACL", id="mask of the file's acl", marks=needs_acls),
    pytest.param("file", given_to_the_reader(0o044), {2}, "----r--r--", id="as its owner", marks=needs_root),
    pytest.param("file", given_to_its_group(0o604), {2}, "-rw----r--", id="as one of its group", marks=needs_root),
    pytest.param("day/hour", mode(0o700), {2, 3}, "drwx------", id="mode of its folder"),
    pytest.param("day/hour", mode(0o744), {2, 3}, "drwxr--r--", id="a folder that can be listed and not entered"),
    pytest.param(
        "day/hour", acl(nobody=4, mask=7, others=5, owner=7), {2, 3}, "drwxrwxr-x + ACL", id="acl of its folder",
        marks=needs_acls,
    ),
    pytest.param("day", mode(0o750), {2, 3, 4}, "drwxr-x---", id="a folder above"),
]  # fmt: skip
LOOK_ALIKES = [
    pytest.param("file", mode(0o604), id="others may read it"),
    pytest.param("file", given_to_the_reader(0o400), id="the reader's own", marks=needs_root),
    pytest.param("file", given_to_its_group(0o640), id="of a group that the reader is in", marks=needs_root),
    pytest.param("file", acl(nobody=4, mask=4, others=0), id="let in by its acl", marks=needs_acls),
    pytest.param("day/hour", mode(0o711), id="a folder that can be entered and not listed"),
    pytest.param("day", mode(0o1777), id="a folder that everybody may write to"),
    pytest.param("day", acl(nobody=1, mask=1, others=0, owner=7), id="a folder's acl lets it pass", marks=needs_acls),
]


def at(scene: Scene, where: str) -> Path:
    return path_of(scene, 2) if where == "file" else scene.root / where


@pytest.mark.parametrize(("where", "deed", "kept_out", "shown"), BARRIERS)
def test_what_keeps_the_reading_user_out_is_found_within_one_pass(
    scene: Scene, where: str, deed: Deed, kept_out: set[int], shown: str
) -> None:
    before = at(scene, where).stat()
    deed(at(scene, where))
    scene.later(minutes=2)
    scene.run()
    told = causes(scene)
    assert {key for key, cause in told.items() if cause == "file.unreadable"} == kept_out
    assert set(told.values()) == {"", "file.unreadable"}
    assert_the_kernel_agrees(scene, told)
    lines = evidence_of(2)
    assert lines["kept out"] == "nobody"
    assert lines["blocked at"].startswith(f"{at(scene, where).relative_to(scene.root)} (owner ")
    assert lines["blocked at"].endswith(f", mode {shown})")
    assert scene.writes_of(scene.run) == []
    os.chown(at(scene, where), before.st_uid, before.st_gid)
    if "ACL" in shown:
        os.removexattr(at(scene, where), "system.posix_acl_access")
    at(scene, where).chmod(0o755)
    scene.later(minutes=2)
    scene.run()
    assert set(causes(scene).values()) == {""}
    assert scene.writes_of(scene.run) == []


@pytest.mark.parametrize(("where", "deed"), LOOK_ALIKES)
def test_what_does_not_keep_it_out_is_in_order(scene: Scene, where: str, deed: Deed) -> None:
    deed(at(scene, where))
    scene.later(minutes=2)
    scene.run()
    told = causes(scene)
    assert set(told.values()) == {""}
    assert_the_kernel_agrees(scene, told)


def test_order_is_precedence_and_the_rest_stays(scene: Scene) -> None:
    """10 before 14; and 35 speaks of files that are in order only, which this one is not."""
    path_of(scene, 1).write_bytes(wav_bytes()[:900])
    path_of(scene, 1).chmod(0o600)
    scene.row(5, final_file_path=scene.name(5))
    scene.file(scene.name(5)).chmod(0o600)
    scene.row(6, final_file_path=scene.name(6))
    scene.file(scene.name(6))
    scene.later(minutes=5)
    scene.run()
    assert (causes(scene)[1], scene.codes(1)) == ("file.unreadable", {"file.unreadable", "file.truncated"})
    assert (scene.codes(5), scene.codes(6)) == ({"file.unreadable"}, {"delivery.wrong_url"})


def test_a_file_closed_just_now_is_called_at_once(scene: Scene) -> None:
    """Settling holds back 5 to 9 and 12 to 18, not 10."""
    scene.row(7, updated_at=scene.text(), completed_at=scene.text())
    scene.file(scene.name(7)).chmod(0o600)
    scene.run()
    assert scene.codes(7) == {"file.unreadable"}


def test_the_root_itself_and_what_is_above_it_are_no_finding(scene: Scene) -> None:
    """10: its own or a folder's below the root. The page of a session says it all the same."""
    scene.root.chmod(0o700)
    scene.later(minutes=2)
    scene.run()
    assert set(causes(scene).values()) == {""}
    found = check(scene, 2, "file.permission")
    assert found.result == "notice"
    assert [line.value.partition(" (")[0] for line in found.evidence[1:]] == ["nobody", str(scene.root)]


def test_the_page_says_by_what_right_the_file_can_be_read(scene: Scene, settings: Settings) -> None:
    found = check(scene, 1, "file.permission")
    owner = path_of(scene, 1).owner()
    assert [(line.fact, line.value) for line in found.evidence] == [
        ("mode", f"{owner} -rw-r--r--"), ("readable for", "nobody"),
    ]  # fmt: skip
    settings.READING_USER = ""
    assert [line.fact for line in check(scene, 1, "file.permission").evidence] == ["mode"]


@pytest.mark.parametrize(
    ("bits", "may_write"), [(0o755, False), (0o733, True), (0o772, False), (0o1777, True), (0o700, False)]
)
def test_whether_the_generator_may_write_is_said(
    scene: Scene, settings: Settings, bits: int, *, may_write: bool
) -> None:
    settings.GENERATOR_USER = "nobody"
    scene.failed(8, DENIED)
    scene.failed(9, None)
    scene.root.chmod(bits)
    scene.run()
    groups = os.getgrouplist("nobody", NOBODY.pw_gid)
    if os.geteuid() == 0:
        real = told_by(NOBODY.pw_uid, NOBODY.pw_gid, groups, lambda: succeeds("make", str(scene.root)))
        assert real is may_write
    denied, silent = check(scene, 8, "server.permission"), check(scene, 9, "server.permission")
    barrier = [("kept out", "nobody"), ("blocked at", f"{scene.root} ({_whose(scene.root)})")]
    assert (denied.result, silent.result) == ("bad", "ok" if may_write else "notice")
    assert [(line.fact, line.value) for line in denied.evidence][1:] == ([] if may_write else barrier)
    stored = Finding.objects.get(session__key="8", code="generation.permission_denied").evidence
    assert [(line["fact"], line["value"]) for line in stored][1:] == ([] if may_write else barrier)
    assert (scene.codes(8), scene.codes(9)) == ({"generation.permission_denied"}, {"generation.unexplained"})


def _whose(path: Path) -> str:
    return f"owner {path.owner()}:{path.group()}, mode {stat.filemode(path.stat().st_mode)}"


def test_without_a_generator_user_its_right_is_not_checked_and_why_is_said(scene: Scene) -> None:
    scene.failed(9, None)
    scene.run()
    found = check(scene, 9, "server.permission")
    assert (found.result, found.why) == ("not_checked", "no_generator_user")
