"""A disk that fills up, turns read-only or goes away while files are moved: the run stops before the next change, and says so."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.actions import results
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.quarantine import StoreTrouble, bring_back, moving, open_place
from sessions_admin.runs.carry import work_on_runs
from tests.faults.test_mounts import mount, unmount
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene
from tests.sessions_admin.quarantine.scene import carried, held_by, names, number, peopled, plan

pytestmark = pytest.mark.django_db
ORPHANS = (901, 902, 903)


@pytest.fixture
def mounted(host_database: HostDatabase, settings: Settings) -> Iterator[Scene]:
    """The audio root is a small file system of its own, with three orphans that a pass has seen."""
    root = Path(settings.AUDIO_ROOT)
    settings.QUARANTINE_ROOT = str(root / ".quarantine")
    try:
        mount("-t", "tmpfs", "-o", "size=1m,nr_inodes=64", "tmpfs", str(root))
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must be allowed to mount: {error}")
        pytest.skip(f"mounting needs root's rights: {error}")
    yield peopled(Scene(host_database, root))
    while os.path.ismount(root):
        unmount(root)


def remount(scene: Scene, *options: str) -> None:
    mount("-o", f"remount,{','.join(options)}", str(scene.root))


def fill(scene: Scene) -> None:
    with (scene.root / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 65_536):
            pass


def behind_the_first_move(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen to the disk while a run is at its first file."""
    real, calls = moving.move, []

    def move(*arguments: int | bytes) -> None:
        real(*arguments)  # type: ignore[arg-type]
        calls.append(arguments)
        if len(calls) == 1:
            happens()

    monkeypatch.setattr(moving, "move", move)


def test_a_full_disk_stops_the_run_before_the_next_file(
    mounted: Scene, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind_the_first_move(monkeypatch, lambda: fill(mounted))
    made = plan("quarantine", [number(mounted, key) for key in ORPHANS], cast["eve"])
    run = carried(made, cast["eve"])
    assert (run.state, run.halted_by) == ("halted", "store")
    items = list(made.items.order_by("number").values_list("outcome", "message"))
    assert [outcome for outcome, _ in items] == ["done", "failed", ""]
    assert items[1][1] == results.STORE_FULL
    assert AuditEntry.objects.get(number=2, is_intent=False).message == results.NOT_REACHED
    assert {mounted.name(902), mounted.name(903)} <= names(mounted.root)
    assert len(list((mounted.root / ".quarantine").glob("*/*"))) == 1  # nothing of the one that failed


def test_a_disk_that_turns_read_only_stops_it_too(mounted: Scene, cast: dict[str, User]) -> None:
    made = plan("quarantine", [number(mounted, key) for key in ORPHANS], cast["eve"])
    with open_place():
        pass
    remount(mounted, "ro")
    run = carried(made, cast["eve"])
    assert run.state == "halted"
    assert list(made.items.order_by("number").values_list("outcome", "message")) == [
        ("failed", results.STORE_READ_ONLY), ("", ""), ("", ""),
    ]  # fmt: skip
    assert "read-only" in made.items.get(number=0).sentence
    remount(mounted, "rw")
    again = plan("quarantine", [number(mounted, key) for key in ORPHANS], cast["eve"])
    assert carried(again, cast["eve"]).state == "done"


def test_a_root_that_is_unmounted_in_mid_run_is_left_alone(
    mounted: Scene, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is still open, so that moving could go on unseen: in a file system that nobody reaches any more."""
    aside = tmp_path / "aside"
    aside.mkdir()
    mount("--bind", str(mounted.root), str(aside))
    try:
        behind_the_first_move(monkeypatch, lambda: unmount(mounted.root))
        made = plan("quarantine", [number(mounted, key) for key in ORPHANS], cast["eve"])
        run = carried(made, cast["eve"])
        assert (run.state, run.halted_by) == ("halted", "store")
        items = list(made.items.order_by("number").values_list("outcome", "message"))
        assert items == [
            ("done", "%(path)s is put aside; until %(until)s it can be brought back."),
            ("failed", results.STORE_GONE),
            ("", ""),
        ]
        assert {mounted.name(902), mounted.name(903)} <= names(aside)
        assert list(mounted.root.iterdir()) == []  # nothing was made below the mount point
        (held,) = held_by(made)
        with pytest.raises(StoreTrouble), open_place():
            pass
        mount("--bind", str(aside), str(mounted.root))
        with open_place() as place:
            bring_back(place, held, "eve")
        assert mounted.name(901) in names(mounted.root)
    finally:
        unmount(aside)


def test_a_quarantine_on_another_disk_moves_nothing(
    mounted: Scene, cast: dict[str, User], settings: Settings, tmp_path: Path
) -> None:
    settings.QUARANTINE_ROOT = str(tmp_path / "elsewhere")
    made = plan("quarantine", [number(mounted, 901)], cast["eve"])
    assert carried(made, cast["eve"]).state == "halted"
    assert made.items.get().message == results.STORE_APART
    assert not HeldFile.objects.exists()


def test_what_is_not_reached_stays_so_behind_a_crash(mounted: Scene, cast: dict[str, User]) -> None:
    """The worker died between the audit and the items: the next one reads the ends there, and tries nothing again."""
    made = plan("quarantine", [number(mounted, key) for key in ORPHANS], cast["eve"])
    with open_place():
        pass
    remount(mounted, "ro")
    run = carried(made, cast["eve"])
    made.items.update(outcome="", message="")
    run.state, run.finished_at = "running", None
    run.save()
    remount(mounted, "rw")
    work_on_runs(timezone.now(), threading.Event())
    run.refresh_from_db()
    assert (run.state, run.halted_by) == ("halted", "store")
    assert list(made.items.order_by("number").values_list("outcome", flat=True)) == ["failed", "", ""]
    assert mounted.name(901) in names(mounted.root)
