"""A mount that goes away between two passes and comes back, a folder that cannot be listed: real ones."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics import store
from diagnostics.examine import examine
from diagnostics.models import Finding
from diagnostics.probes.mount_table import mount_number
from tests.another_user import as_nobody
from tests.faults.hang import eventually, stopped
from tests.reconcile.scene import PREFIX, Scene, observed, scene_for_everybody

pytestmark = pytest.mark.django_db
NOBODY = 65_534


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def unmount(path: Path) -> None:
    subprocess.run(["umount", "-l", path], check=True, capture_output=True)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, as a disk that is mounted somewhere else, too."""
    folder = tmp_path / "device"
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must be allowed to mount: {error}")
        pytest.skip(f"mounting needs root's rights: {error}")
    yield folder
    unmount(folder)


@pytest.fixture
def mounted(scene: Scene, device: Path) -> Iterator[Scene]:
    """The audio root is a mount; what lies in it was seen by a pass."""
    scene.now = timezone.now().replace(microsecond=0)
    mount("--bind", str(device), str(scene.root))
    for key in range(1, 6):
        scene.session(key)
    scene.run()
    yield scene
    while os.path.ismount(scene.root):
        unmount(scene.root)


@pytest.mark.parametrize("below", ["", "notes.txt"])
def test_a_mount_that_goes_and_comes_back_takes_no_file_with_it(mounted: Scene, device: Path, below: str) -> None:
    """What lies below the mount point is empty, or other files on another device."""
    before, findings = observed(), Finding.objects.count()
    unmount(mounted.root)
    if below:
        (mounted.root / below).touch()
    mounted.later(minutes=2)
    row = mounted.run()
    assert row.conditions[0]["detail"]["problem"] == ("other_device" if below else "empty")
    assert (row.by_verdict, Finding.objects.count()) == ({"unknown": 5}, findings)
    live = examine("1").diagnosis
    assert live is not None
    assert (live.verdict, live.cause) == ("unknown", "storage.unavailable")
    mount("--bind", str(device), str(mounted.root))
    mounted.later(minutes=2)
    assert (mounted.run().conditions, observed()) == ([], before)
    found = examine("1").diagnosis
    assert found is not None
    assert found.verdict == "playable"


def test_one_file_that_is_gone_from_a_mount_that_stands_is_deleted(mounted: Scene) -> None:
    """The healthy mount beside it."""
    (mounted.root / mounted.name(1)).unlink()
    mounted.later(minutes=2)
    mounted.run()
    assert mounted.cause(1) == "file.deleted"
    live = examine("1").diagnosis
    assert live is not None
    assert live.cause == "file.deleted"


def test_a_mount_that_goes_in_the_middle_of_an_examination_takes_no_file_with_it(
    mounted: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.ask

    def ask(name: str, *arguments: object, seconds: float) -> object:
        answer = real(name, *arguments, seconds=seconds)
        if name == "check" and os.path.ismount(mounted.root):
            unmount(mounted.root)
        return answer

    monkeypatch.setattr(store, "ask", ask)
    found = examine("1").diagnosis
    assert found is not None
    assert (found.verdict, found.cause) == ("unknown", "storage.unavailable")


def test_another_mount_at_the_same_place_is_asked_anew(mounted: Scene, device: Path) -> None:
    """The old mount hangs for ever, and is replaced by a good one: nobody waits for the old one any more."""
    assert examine("1").problems == ()
    first, number = store.CURRENT.get().pid, mount_number(str(mounted.root))
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    stopped(first)
    assert examine("1").problems[0].code == "store.timeout"
    held = os.open(mounted.root, os.O_RDONLY)  # as whoever hangs holds it
    unmount(mounted.root)
    mount("--bind", str(device), str(mounted.root))
    assert mount_number(str(mounted.root)) != number
    assert examine("1").problems == ()
    assert store.CURRENT.get().pid != first
    os.close(held)
    os.kill(first, signal.SIGCONT)


@pytest.fixture
def open_scene(db: None, settings: Settings) -> Iterator[Scene]:
    """A scene below a folder that everybody may enter."""
    with scene_for_everybody(settings) as scene:
        scene.now = timezone.now().replace(microsecond=0)
        yield scene


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_folder_that_cannot_be_listed_is_as_of_the_last_pass(open_scene: Scene, *, is_listed: bool) -> None:
    """The file lies in a folder that lets itself be entered and not read; beside it the same folder, readable."""
    open_scene.row(1, final_file_path=f"{PREFIX}{open_scene.name(1)}")
    open_scene.file(open_scene.name(1), folder="sub")
    open_scene.run()
    (open_scene.root / "sub").chmod(0o755 if is_listed else 0o711)
    with as_nobody():
        found = examine("1")
    (open_scene.root / "sub").chmod(0o755)
    assert found.diagnosis is not None
    assert found.diagnosis.cause == "file.misplaced"
    assert [problem.code for problem in found.problems] == ([] if is_listed else ["search.unlisted"])


def test_a_root_that_cannot_be_read_is_unknown(open_scene: Scene) -> None:
    open_scene.session(1)
    open_scene.run()
    open_scene.root.chmod(0o700)
    with as_nobody():
        found = examine("1")
    open_scene.root.chmod(0o755)
    assert found.diagnosis is not None
    assert (found.diagnosis.verdict, found.diagnosis.cause) == ("unknown", "storage.unavailable")
    assert eventually(lambda: examine("1").diagnosis.verdict == "playable")  # type: ignore[union-attr]


def test_a_look_needs_no_time_of_the_last_pass(open_scene: Scene) -> None:
    """A file that was moved after the last pass is found where it lies now."""
    open_scene.session(1)
    open_scene.later(minutes=-5)
    open_scene.run()
    (open_scene.root / "new").mkdir()
    (open_scene.root / open_scene.name(1)).rename(open_scene.root / "new" / open_scene.name(1))
    found = examine("1", clock=lambda: open_scene.now + timedelta(minutes=5)).diagnosis
    assert found is not None
    assert found.cause == "file.misplaced"
