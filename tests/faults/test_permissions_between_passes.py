"""Rights that change between two passes, and settings that do: who is looked at again, and what that costs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics import store
from diagnostics.examine import examine
from diagnostics.probes.store_client import Direct
from tests.another_user import needs_root
from tests.faults.readers_scene import NOBODY, causes, check, evidence_of, path_of, readers_scene
from tests.reconcile.scene import Scene
from tests.reconcile.test_failing_calls import ERRORS, failing

pytestmark = pytest.mark.django_db
# What a look at one path says where it fails: with EACCES, EIO or ESTALE, and with ELOOP.
LIKELY = {None, "file.unreadable", "storage.unavailable", "file.not_a_file"}


@pytest.fixture
def scene(db: None, settings: Settings) -> Iterator[Scene]:
    with readers_scene(settings) as found:
        yield found


def test_a_folder_is_noticed_though_the_pass_before_did_not_end_well(scene: Scene, settings: Settings) -> None:
    """What a pass saw of the folders counts once the sessions below them were looked at."""
    (scene.root / "day/hour").chmod(0o700)
    url, settings.HOST_DATABASE_URL = settings.HOST_DATABASE_URL, "sqlite:////nowhere/at/all.sqlite3"
    scene.later(minutes=2)
    assert scene.run().outcome == "failed"
    settings.HOST_DATABASE_URL = url
    scene.run()
    assert causes(scene)[2] == "file.unreadable"


def test_what_blocks_otherwise_than_before_is_told_as_it_is_now(scene: Scene) -> None:
    (scene.root / "day/hour").chmod(0o700)
    scene.run()
    (scene.root / "day/hour").chmod(0o750)
    scene.run()
    assert evidence_of(3)["blocked at"].endswith("mode drwxr-x---)")
    (scene.root / "day").chmod(0o700)
    (scene.root / "day/hour").chmod(0o755)
    scene.run()
    assert evidence_of(3)["blocked at"].startswith("day (")
    (scene.root / "day").chmod(0o755)
    scene.run()
    assert set(causes(scene).values()) == {""}


def test_without_a_reading_user_nothing_is_asked_and_nothing_found(
    scene: Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    settings.READING_USER = ""
    path_of(scene, 2).chmod(0o600)
    (scene.root / "day").chmod(0o700)
    monkeypatch.setattr(os, "getxattr", lambda *path, **_: asked.append(path))
    scene.run()
    assert (set(causes(scene).values()), asked) == ({""}, [])


def test_an_unchanged_pass_asks_for_folders_and_for_no_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path_of(scene, 1).chmod(0o600)
    scene.run()
    asked: list[str] = []
    real = os.getxattr

    def getxattr(path: str, name: str, *, follow_symlinks: bool = True) -> bytes:
        asked.append(os.path.relpath(path, scene.root))
        return real(path, name, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "getxattr", getxattr)
    assert scene.writes_of(scene.run) == []
    assert sorted(asked) == ["day", "day/hour"]


def test_a_changed_setting_judges_every_session_again(scene: Scene, settings: Settings) -> None:
    settings.READING_USER = ""
    path_of(scene, 2).chmod(0o600)
    scene.run()
    for user, cause in (("nobody", "file.unreadable"), ("root", ""), (str(NOBODY.pw_uid), "file.unreadable"), ("", "")):
        settings.READING_USER = user
        scene.run()
        assert causes(scene)[2] == cause, user
    assert scene.run().changed == 0


@needs_root
def test_who_comes_into_a_group_may_read_what_is_its_own(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(path_of(scene, 2), 0, 40_002)
    path_of(scene, 2).chmod(0o640)
    scene.run()
    assert causes(scene)[2] == "file.unreadable"
    monkeypatch.setattr(store, "asker", Direct)
    monkeypatch.setattr(os, "getgrouplist", lambda _name, own: [own, 40_002])
    scene.run()
    assert causes(scene)[2] == ""


def test_a_user_that_nobody_knows_is_not_judged(scene: Scene, settings: Settings) -> None:
    settings.READING_USER = "nobody-of-that-name"
    path_of(scene, 2).chmod(0o600)
    (scene.root / "day").chmod(0o700)
    scene.run()
    assert set(causes(scene).values()) == {""}
    found = check(scene, 2, "file.permission")
    assert (found.result, found.why) == ("not_checked", "reader_unknown")
    assert found.evidence[-1].value == "nobody-of-that-name (no such user)"


@needs_root
def test_a_number_whose_groups_are_not_known_is_judged_where_no_group_decides(scene: Scene, settings: Settings) -> None:
    settings.READING_USER = "3999999"
    path_of(scene, 2).chmod(0o640)
    path_of(scene, 4).chmod(0o600)
    scene.run()
    assert causes(scene) == {1: "", 2: "", 3: "", 4: "file.unreadable"}
    assert check(scene, 2, "file.permission").why == "reader_unknown"
    assert check(scene, 1, "file.permission").result == "ok"


def test_a_file_that_cannot_be_looked_at_again_is_unknown_and_no_finding_is_lost(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EIO of a single file counts as 1: it could not be checked."""
    path_of(scene, 2).chmod(0o600)
    scene.run()
    real = os.getxattr

    def getxattr(path: str, name: str, *, follow_symlinks: bool = True) -> bytes:
        if path.endswith(".wav"):
            raise OSError(5, "Input/output error")
        return real(path, name, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as patched:
        patched.setattr(os, "getxattr", getxattr)
        scene.run(everything=True, sink=lambda _: None)
        assert scene.cause(2) == scene.cause(1) == "storage.unavailable"
        assert "file.unreadable" in scene.codes(2)
    scene.run()
    assert (causes(scene)[2], causes(scene)[1]) == ("file.unreadable", "")


class SilentForReaders(Direct):
    """A store that answers until it is asked about another user's rights."""

    def ask(self, name: str, *arguments: object, seconds: float) -> object:
        if name == "reading":
            raise store.StoreSilent(timezone.now())
        return super().ask(name, *arguments, seconds=seconds)


def test_a_disk_that_falls_silent_at_the_second_look_is_unknown_in_time(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file itself was seen; whether it can be read by who serves it was not, so nothing is called playable."""
    monkeypatch.setattr(store, "asker", SilentForReaders)
    found = examine("1", clock=lambda: scene.now)
    assert found.diagnosis is not None
    assert (found.diagnosis.cause, found.diagnosis.verdict) == ("storage.unavailable", "unknown")
    assert [trouble.code for trouble in found.problems] == ["store.timeout"]


@pytest.mark.parametrize("name", ["lstat", "getxattr"])
def test_whichever_look_fails_no_finding_is_lost_or_made(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path_of(scene, 1).chmod(0o600)
    (scene.root / "day/hour").chmod(0o700)
    scene.run()
    whole = causes(scene)
    for number in range(1, 60):
        with failing(monkeypatch, name, number, ERRORS[number % len(ERRORS)]) as calls:
            scene.run(everything=True, sink=lambda _: None)
            live = [examine(str(key), clock=lambda: scene.now).diagnosis for key in whole]
        assert {key: "file.unreadable" in scene.codes(key) for key in whole} == {1: True, 2: True, 3: True, 4: False}
        assert {scene.cause(key) for key in whole} <= {"", "file.unreadable", "storage.unavailable"}
        assert {found.cause for found in live if found} <= LIKELY
        if len(calls) < number:
            break
        scene.run()
        assert {key: scene.cause(key) for key in whole} == whole, number
    else:
        pytest.fail("there were more calls than were made to fail")
