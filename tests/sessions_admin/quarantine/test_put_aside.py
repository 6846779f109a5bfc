"""A file put aside: moved as a whole with its manifest, or left exactly where it was."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.traces import Reason
from diagnostics.models import LedgerFile, Pass
from diagnostics.removals import removals_of
from sessions_admin.actions import results
from sessions_admin.models import HeldFile
from sessions_admin.quarantine import NotMoved, Stamp, StoreTrouble, moving, open_place, trouble
from tests.another_user import as_nobody, open_folder
from tests.sessions_admin.quarantine.conftest import CONTENT, Store

HOSTILE = [b"\xff\xfe.wav", b"two\nlines.wav", b"-rf", b" ", "声音.wav".encode(), b"a" * 255, b"sub/-/deep\x7f.wav"]


def refused(store: Store, path: Path, stamp: Stamp) -> str:
    """Try to put a file aside that must stay; return why."""
    with pytest.raises(NotMoved) as caught:
        store.put_aside(path, stamp)
    assert not HeldFile.objects.exists()
    assert not any(store.quarantine.iterdir())
    return caught.value.result.message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_of_any_name_is_moved_with_all_that_brings_it_back(store: Store, name: bytes) -> None:
    path = store.file(name)
    before = store.stamp(path)
    held = store.put_aside(path)
    folder = store.quarantine / held.operation / "0"
    assert not os.path.lexists(path)
    assert (folder / "file").read_bytes() == CONTENT
    assert store.stamp(folder / "file") == before
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["first_sha256"] == hashlib.sha256(CONTENT).hexdigest() == held.last_sha256
    assert (bytes(held.path), held.size_bytes, held.state) == (name, len(CONTENT), "held")
    assert (folder.stat().st_mode & 0o777, store.quarantine.stat().st_mode & 0o777) == (0o700, 0o700)


def test_the_rules_are_told_of_it(store: Store) -> None:
    held = store.put_aside(store.file(), policy="retention", actor="retention")
    removal = removals_of([held.path_hash])[held.path_hash]
    assert (removal.actor, removal.reason, removal.restorable_until) == (
        "retention", Reason.RETENTION, held.expires_at,
    )  # fmt: skip


def test_a_file_of_another_size_or_time_or_inode_stays(store: Store) -> None:
    path = store.file()
    stamp = store.stamp(path)
    other = store.file("other.wav", CONTENT)
    os.utime(other, ns=(stamp.mtime_ns, stamp.mtime_ns))
    other.rename(path)  # of the same size and time
    assert refused(store, path, stamp) == trouble.REPLACED
    stamp = store.stamp(path)
    with path.open("ab") as file:
        file.write(b"more")
    assert refused(store, path, stamp) == trouble.GROWN
    path.unlink()
    assert refused(store, path, stamp) == trouble.GONE


def test_links_of_every_kind_stay(store: Store, tmp_path: Path) -> None:
    path = store.file("sub/a.wav")
    stamp = store.stamp(path)
    (store.root / "second.wav").hardlink_to(path)
    assert refused(store, path, stamp) == trouble.LINKED
    (store.root / "second.wav").unlink()
    (store.root / "sub").rename(tmp_path / "elsewhere")
    (store.root / "sub").symlink_to(tmp_path / "elsewhere")  # swapped between plan and run
    assert refused(store, path, stamp) == trouble.LINKED
    (store.root / "link.wav").symlink_to(tmp_path / "elsewhere" / "a.wav")
    assert refused(store, store.root / "link.wav", stamp) == trouble.LINKED
    assert (tmp_path / "elsewhere" / "a.wav").read_bytes() == CONTENT


def test_what_comes_to_the_place_at_the_last_moment_goes_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store.file()
    stamp, real = store.stamp(path), moving.move

    def replace_and_move(*arguments: int | bytes) -> None:
        if arguments[1] == b"a.wav":
            store.file("new.wav", b"new").rename(path)
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "move", replace_and_move)
    assert refused(store, path, stamp) == trouble.REPLACED
    assert path.read_bytes() == b"new"


def test_where_the_place_is_taken_again_it_is_held_and_nothing_overwritten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.file()
    stamp, real = store.stamp(path), moving.move

    def replace_twice(*arguments: int | bytes) -> None:
        is_first = arguments[1] == b"a.wav"
        if is_first:
            store.file("new.wav", b"new").rename(path)
        real(*arguments)  # type: ignore[arg-type]
        if is_first:
            store.file("a.wav", b"newest")

    monkeypatch.setattr(moving, "move", replace_twice)
    with pytest.raises(NotMoved) as caught:
        store.put_aside(path, stamp)
    assert caught.value.result.message == trouble.KEPT
    held = HeldFile.objects.get()
    assert (path.read_bytes(), held.size_bytes) == (b"newest", 3)
    assert (store.quarantine / held.operation / "0" / "file").read_bytes() == b"new"


def test_without_a_rename_that_replaces_nothing_links_do_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "renameat2", None)
    path = store.file()
    held = store.put_aside(path)
    assert not path.exists()
    assert (store.quarantine / held.operation / "0" / "file").stat().st_nlink == 1


def test_the_same_step_is_not_done_twice(store: Store) -> None:
    held = store.put_aside(store.file())
    with pytest.raises(NotMoved) as caught:
        store.put_aside(store.file(), operation=held.operation)
    assert caught.value.result.message == trouble.BEGUN
    assert store.root.joinpath("a.wav").exists()


def test_without_the_right_to_it_it_stays(db: None, settings: Settings) -> None:
    """Root may do everything: so by another user, in a folder where that one may only look."""
    with open_folder() as folder:
        store = Store(folder / "audio", folder / "quarantine")
        path = store.file("closed/a.wav")
        store.quarantine.mkdir()
        store.quarantine.chmod(0o777)
        (store.root / "closed").chmod(0o555)
        settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(store.root), str(store.quarantine)
        settings.LOCKS_DIR = folder / "locks"
        (folder / "locks").mkdir()
        (folder / "locks").chmod(0o777)
        with as_nobody(), pytest.raises(NotMoved) as caught:
            store.put_aside(path)
        assert caught.value.result.message == trouble.NOT_ALLOWED
        assert caught.value.result.values["detail"] == "EACCES"
        assert (list(store.quarantine.iterdir()), path.read_bytes()) == ([], CONTENT)


def opening(settings: Settings) -> StoreTrouble:
    with pytest.raises(StoreTrouble) as caught, open_place():
        pass
    assert caught.value.message in results.HALTING
    return caught.value


def test_a_root_that_is_not_what_the_last_pass_knew_is_not_touched(store: Store, settings: Settings) -> None:
    now = timezone.now()
    known = {"path": b"a.wav", "shown_path": "a.wav", "fold_hash": 1, "role": "audio", "size_bytes": 1, "mtime_ns": 1}
    seen = {"ctime_ns": 1, "inode": 1, "first_seen_at": now, "seen_at": now, "changed_pass": 1}
    LedgerFile.objects.create(path_hash=1, **known, **seen)
    assert opening(settings).message == results.STORE_GONE  # it was full, and is empty
    assert not store.quarantine.exists()
    store.file()
    with open_place():
        pass
    Pass.objects.create(started_at=now - timedelta(hours=1), heartbeat_at=now, outcome="complete", root_device=7)
    assert "device" in opening(settings).values["detail"]
    settings.AUDIO_ROOT = str(store.root / "missing")
    assert opening(settings).message == results.STORE_GONE


def test_a_quarantine_that_is_a_link_is_refused(store: Store, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    store.quarantine.symlink_to(tmp_path / "elsewhere")
    assert opening(settings).message == results.STORE_CLOSED


def test_a_root_that_was_exchanged_is_noticed_before_the_next_change(store: Store) -> None:
    path = store.file()
    with open_place() as place:
        store.root.rename(store.root.with_name("moved"))
        store.quarantine.mkdir(parents=True)  # as on another disk that is mounted there
        with pytest.raises(StoreTrouble):
            place.confirm()
    assert (store.root.with_name("moved") / path.name).exists()


def test_one_at_a_time_has_its_turn(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_admin.quarantine.place.WAIT_SECONDS", 0.1)
    with open_place():
        assert opening(settings).message == results.STORE_BUSY


def test_a_stamp_is_what_a_plan_remembers(store: Store) -> None:
    stamp = store.stamp(store.file())
    assert Stamp.from_seen(stamp.as_seen() | {"claims": "="}) == stamp
    assert Stamp.from_seen({"size_bytes": "=5"}) is None
