"""A held file brought back, or deleted for good: never over another, and nothing else touched."""

from __future__ import annotations

import os
import shutil

import pytest

from diagnostics.models import Removal
from sessions_admin.models import HeldFile
from sessions_admin.quarantine import NotMoved, bring_back, expire, find_held, moving, open_place, settle, trouble
from tests.sessions_admin.quarantine.conftest import CONTENT, Store


def back(held: HeldFile) -> int:
    with open_place() as place:
        return bring_back(place, held, "ada")


def not_back(held: HeldFile) -> str:
    with pytest.raises(NotMoved) as caught:
        back(held)
    held.refresh_from_db()
    assert held.is_held
    return caught.value.result.message


@pytest.mark.parametrize("renaming", [moving.renameat2, None])
def test_it_comes_back_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch, renaming: object) -> None:
    monkeypatch.setattr(moving, "renameat2", renaming)
    path = store.file(b"sub/\xff\n.wav")
    stamp = store.stamp(path)
    held = store.put_aside(path)
    assert back(held) == 0
    assert store.stamp(path) == stamp
    assert (held.state, held.ended_by, find_held(held.operation, 0)) == ("restored", "ada", held)
    assert not Removal.objects.exists()
    assert list(store.quarantine.iterdir()) == []
    with pytest.raises(NotMoved) as caught:
        back(held)
    assert caught.value.result.message == trouble.ENDED


def test_nothing_is_overwritten(store: Store) -> None:
    held = store.put_aside(store.file())
    path = store.file("a.wav", b"composed again")
    assert not_back(held) == trouble.TAKEN
    assert path.read_bytes() == b"composed again"
    path.unlink()
    assert back(held) == 0


def test_its_folders_are_made_again_as_they_were_recorded(store: Store) -> None:
    path = store.file("2026/11/a.wav")
    path.parent.chmod(0o2750)
    held = store.put_aside(path)
    shutil.rmtree(store.root / "2026")
    assert back(held) == 2
    assert (path.read_bytes(), path.parent.stat().st_mode & 0o7777) == (CONTENT, 0o2750)


def test_it_does_not_come_back_through_a_link(store: Store) -> None:
    held = store.put_aside(store.file("sub/a.wav"))
    (store.root / "sub").rmdir()
    (store.root / "other").mkdir()
    (store.root / "sub").symlink_to("other")
    assert not_back(held) == trouble.NO_FOLDER
    assert list((store.root / "other").iterdir()) == []


def test_another_file_in_its_folder_is_not_taken_for_it(store: Store) -> None:
    held = store.put_aside(store.file())
    inside = store.quarantine / held.operation / "0" / "file"
    inside.unlink()
    inside.write_bytes(CONTENT)
    os.utime(inside, (1, 1))
    assert not_back(held) == trouble.NOT_THE_HELD
    with open_place() as place, pytest.raises(NotMoved):
        expire(place, held, "ada")
    assert inside.exists()


def test_an_expired_one_is_gone_and_what_is_known_of_it_stays(store: Store) -> None:
    held = store.put_aside(store.file())
    with open_place() as place:
        expire(place, held, "ada")
    assert (store.lying(), list(store.quarantine.iterdir())) == ({}, [])
    assert (held.state, held.ended_by, bytes(held.path), held.size_bytes) == ("expired", "ada", b"a.wav", len(CONTENT))
    assert Removal.objects.get().restorable_until is None
    with open_place() as place, pytest.raises(NotMoved):
        expire(place, held, "ada")


def test_one_that_somebody_took_out_by_hand_is_noted_as_gone(store: Store) -> None:
    held = store.put_aside(store.file())
    shutil.rmtree(store.quarantine / held.operation)
    assert not_back(held) == trouble.LOST_BY_HAND
    with open_place() as place, pytest.raises(NotMoved):
        expire(place, held, "ada")
    assert HeldFile.objects.get().state == "expired"


def test_what_cannot_be_told_is_not_settled(store: Store) -> None:
    """A file without its manifest, and no row: nobody says that nothing was done."""
    held = store.put_aside(store.file())
    operation = held.operation
    held.delete()
    (store.quarantine / operation / "0" / "manifest.json").write_text("{")
    with open_place() as place, pytest.raises(NotMoved):
        settle(place, operation, 0)
    assert (store.quarantine / operation / "0" / "file").read_bytes() == CONTENT
