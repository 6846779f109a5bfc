"""The audio root's mount with real ones: there, gone, read-only, closed to us, another's look that hangs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from diagnostics.domain.parts import MOUNT
from diagnostics.probes.mount_table import mount_at, mount_number
from diagnostics.probes.parts.asking import ask
from diagnostics.probes.parts.mount import look
from diagnostics.probes.parts.told import PartQuestion, PartTold
from diagnostics.probes.store_turn import Turn
from tests.another_user import as_nobody, needs_root, open_folder
from tests.faults.hang import within


def seen(path: Path | str, **how: str) -> PartTold:
    """Ask as the worker does."""
    return ask(PartQuestion(MOUNT, 5, {"path": str(path), **how}))


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, at a place with a blank in its name."""
    place = tmp_path / "audio root"
    place.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "a-disk", place], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must be allowed to mount: {error}")
        pytest.skip(f"mounting needs root's rights: {error}")
    yield place
    if os.path.ismount(place):
        subprocess.run(["umount", "-l", place], check=True)


def fstab(folder: Path, place: Path, options: str = "defaults") -> str:
    table = folder / "fstab"
    written = str(place).replace(" ", "\\040")
    table.write_text(
        f"# {written} commented\n\nUUID=1 / ext4 defaults 0 1\nserver:/audio {written} nfs {options} 0 0\nshort\n"
    )
    return str(table)


def test_a_folder_is_up(tmp_path: Path) -> None:
    told = seen(tmp_path)
    assert (told.state, told.problem) == ("up", "")
    device = tmp_path.stat().st_dev
    assert told.values["device"] == f"{os.major(device)}:{os.minor(device)}"
    assert told.values["is_read_only"] == 0
    assert str(tmp_path).startswith(str(told.values["mounted_at"]))
    assert float(told.values["took_seconds"] or 0) < 5


def test_what_is_mounted_where_is_told(mounted: Path) -> None:
    (mounted / "long_sequences").mkdir()
    values = seen(mounted / "long_sequences").values
    assert (values["file_system"], values["source"], values["mounted_at"]) == ("tmpfs", "a-disk", str(mounted))


def test_a_root_behind_a_link_is_told_of_where_it_leads(mounted: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(mounted)
    assert seen(tmp_path / "link").values["mounted_at"] == str(mounted)


def test_one_that_is_read_only_is_impaired(mounted: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", mounted], check=True)
    told = seen(mounted)
    assert (told.state, told.problem, told.values["is_read_only"]) == ("impaired", "read_only", 1)
    assert str(mounted) in told.detail
    subprocess.run(["mount", "-o", "remount,rw", mounted], check=True)
    assert seen(mounted).state == "up"


def test_one_that_is_meant_to_be_mounted_and_is_not_is_down(mounted: Path, tmp_path: Path) -> None:
    table = fstab(tmp_path, mounted)
    below = mounted / "long_sequences"
    below.mkdir()
    assert seen(below, fstab=table).state == "up"
    subprocess.run(["umount", mounted], check=True)
    for root in (below, mounted):  # a folder that is gone with it, and an empty one in its place
        told = seen(root, fstab=table)
        assert (told.state, told.problem, told.detail) == ("down", "not_mounted", f"nothing is mounted at {mounted}")


def test_what_is_mounted_by_hand_may_be_absent(tmp_path: Path) -> None:
    assert seen(tmp_path, fstab=fstab(tmp_path, tmp_path, "ro,noauto")).state == "up"
    assert seen(tmp_path, fstab=fstab(tmp_path, tmp_path / "other")).state == "up"
    assert seen(tmp_path, fstab=str(tmp_path / "no table")).state == "up"
    assert seen(tmp_path, fstab=fstab(tmp_path, tmp_path)).problem == "not_mounted"


def test_one_that_is_gone_or_no_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "gone", tmp_path / "file", tmp_path / "file" / "below"):
        told = seen(path)
        assert (told.state, told.problem) == ("down", "missing")
        assert told.detail in ("No such file or directory", "Not a directory")


@needs_root
def test_one_that_keeps_us_out_is_denied() -> None:
    with open_folder() as folder:
        (folder / "closed").mkdir(mode=0o700)
        (folder / "closed" / "audio").mkdir()
        with as_nobody():
            told = look({"path": str(folder / "closed" / "audio")}, 5)
    assert (told.state, told.problem) == ("down", "denied")


def test_where_another_look_hangs_it_is_unknown_since_then(tmp_path: Path) -> None:
    lock = str(tmp_path / "store.lock")
    begun = time.time()
    with Turn(lock).held(), within(5):
        told = seen(tmp_path, lock=lock)
    assert (told.state, told.problem) == ("unknown", "hung")
    assert told.since is not None
    assert abs(told.since.timestamp() - begun) < 0.5
    assert seen(tmp_path, lock=lock).state == "up"


def test_the_table_tells_the_last_mount_at_a_place(mounted: Path) -> None:
    below = mount_at(str(mounted / "x"))
    assert below is not None
    subprocess.run(["mount", "-t", "tmpfs", "another-disk", mounted], check=True)
    above = mount_at(str(mounted / "x"))
    assert above is not None
    assert (below.source, above.source, below.place) == ("a-disk", "another-disk", above.place)
    assert above.number == mount_number(str(mounted)) != below.number
    subprocess.run(["umount", mounted], check=True)
