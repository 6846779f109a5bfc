"""Faults that many sessions share, done for real: each is one incident; unrelated single faults beside it are none."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from pytest_django import Settings

from diagnostics.models import Incident
from tests.another_user import NOBODY
from tests.reconcile.conftest import scene
from tests.reconcile.scene import PREFIX, Scene, scene_for_everybody

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
FOLDERS = ("2025-08", "2025-09")


@pytest.fixture
def open_scene(db: None, settings: Settings) -> Iterator[Scene]:
    """A scene that everybody may read, below a folder that is not root's own: two folders with six sessions each."""
    with scene_for_everybody(settings) as scene:
        for key in range(1, 13):
            where = FOLDERS[key % 2]
            scene.row(key, final_file_path=f"{PREFIX}{where}/{scene.name(key)}", user_id=key % 3)
            scene.file(scene.name(key), folder=where)
        scene.run()
        yield scene


def by_nobody(scene: Scene, look: Callable[[], list[Any]]) -> list[Any]:
    """Run a pass as nobody in a child, whose database is a copy of ours, and return what `look` sees there."""
    scene.later(minutes=2)
    reading, writing = os.pipe()
    ours = connections["default"]
    child = os.fork()
    if child == 0:
        connections["default"] = ours
        os.write(writing, _told(scene, look).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    found = json.loads(told)
    assert isinstance(found, list), found
    return found


def _told(scene: Scene, look: Callable[[], list[Any]]) -> str:
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        scene.run()
        return json.dumps(look(), default=str)
    except BaseException:
        return json.dumps(traceback.format_exc())


def standing() -> list[Any]:
    rows = Incident.objects.standing().in_order()
    return [[row.kind, row.code, row.values, row.sessions, row.users] for row in rows]


def all_causes(scene: Scene) -> set[str]:
    return {scene.cause(key) for key in range(1, 13)}


def test_a_folder_that_cannot_be_entered_is_one_incident(open_scene: Scene) -> None:
    (open_scene.root / "2025-08").chmod(0)
    [[kind, code, values, sessions, users]] = by_nobody(open_scene, standing)
    assert (kind, code, values["folder"], sessions, users) == ("folder", "file.unreadable", "2025-08", 6, 3)


def test_files_of_one_owner_that_cannot_be_read_are_one_incident(open_scene: Scene) -> None:
    for key in (1, 2, 3, 4):
        (open_scene.root / FOLDERS[key % 2] / open_scene.name(key)).chmod(0o600)
    [[kind, _code, values, sessions, _users]] = by_nobody(open_scene, standing)
    assert (kind, values["mode"], sessions) == ("permissions", "-rw-------", 4)


def test_two_files_that_cannot_be_read_are_none(open_scene: Scene) -> None:
    for key in (1, 2):
        (open_scene.root / FOLDERS[key % 2] / open_scene.name(key)).chmod(0o600)
    assert by_nobody(open_scene, standing) == []


def test_a_folder_that_can_be_entered_and_not_listed_is_none(open_scene: Scene) -> None:
    (open_scene.root / "2025-08").chmod(0o711)
    assert by_nobody(open_scene, standing) == []


def test_five_hundred_rows_with_an_old_base_are_one_incident(scene: Scene) -> None:
    for key in range(1, 511):
        scene.row(key, final_file_path=f"{PREFIX}{scene.name(key)}")
        scene.file(scene.name(key), b"x" * key if key > 505 else None)
    scene.run()
    assert not [row for row in standing() if row[0] == "base"]
    scene.later(minutes=2)
    old = f"REPLACE(final_file_path, '{PREFIX}', '/srv/old{PREFIX}')"
    scene.host.run(f"UPDATE long_sequence_sessions SET final_file_path = {old} WHERE session_id <= 500")
    scene.run()
    [[kind, _code, values, sessions, users]] = standing()
    assert (kind, values, sessions, users) == ("base", {"base": "/srv/old"}, 500, 1)
    assert {scene.cause(key) for key in (1, 250, 500)} == {"file.misplaced"}
    scene.later(minutes=2)
    scene.host.run("UPDATE long_sequence_sessions SET final_file_path = REPLACE(final_file_path, '/srv/old', '')")
    scene.run()
    assert standing() == []


def test_an_old_base_whose_files_are_gone_is_the_same_incident(scene: Scene) -> None:
    for key in range(1, 7):
        scene.row(key, final_file_path=f"/srv/old{PREFIX}{scene.name(key)}")
        if key <= 3:
            scene.file(scene.name(key))
    scene.run()
    assert {scene.cause(key) for key in range(1, 7)} == {"file.misplaced", "path.unsafe"}
    [[kind, _code, _values, sessions, _users]] = standing()
    assert (kind, sessions) == ("base", 6)


def test_many_files_deleted_in_one_interval_are_one_incident(open_scene: Scene) -> None:
    for path in (open_scene.root / "2025-08").iterdir():
        path.unlink()
    open_scene.later(minutes=5)
    open_scene.run()
    [[kind, code, _values, sessions, users]] = standing()
    assert (kind, code, sessions, users) == ("deletion", "file.deleted", 6, 3)


def test_files_that_are_moved_to_another_folder_are_one_incident(open_scene: Scene) -> None:
    (open_scene.root / "archive").mkdir()
    (open_scene.root / "2025-08").rename(open_scene.root / "archive" / "2025-08")
    open_scene.later(minutes=5)
    open_scene.run()
    [[kind, _code, values, sessions, _users]] = standing()
    assert (kind, sessions) == ("moved", 6)
    assert values == {"folder": "2025-08", "found": "archive/2025-08"}


def test_a_folder_that_became_a_link_out_of_the_root_is_one_incident(open_scene: Scene) -> None:
    outside = open_scene.root.with_name("outside")
    (open_scene.root / "2025-08").rename(outside)
    (open_scene.root / "2025-08").symlink_to(outside)
    open_scene.later(minutes=5)
    open_scene.run()
    [[kind, code, values, sessions, _users]] = standing()
    assert (kind, code, sessions, values) == ("link", "path.unsafe", 6, {"folder": str(outside)})


def test_an_error_page_saved_as_audio_many_times_is_one_incident(open_scene: Scene) -> None:
    page = b"<!doctype html><title>502 Bad Gateway</title>"
    for key in (1, 3, 5):
        open_scene.file(open_scene.name(key), page, folder=FOLDERS[1])
    open_scene.later(minutes=5)
    open_scene.run()
    [[kind, code, values, sessions, _users]] = standing()
    assert (kind, code, sessions, values["size_bytes"]) == ("content", "file.corrupt", 3, len(page))


def test_a_queue_that_stands_still_is_one_incident_while_it_does(scene: Scene) -> None:
    for key in (1, 2, 3, 4):
        scene.pending(key, ago=scene.now - scene.now)
    scene.run()
    assert standing() == []
    scene.later(hours=1)
    scene.run()
    assert [row[:4] for row in standing()] == [["queue", "worker.not_picked_up", {}, 4]]
    for key in (1, 2, 3, 4):
        scene.host.update(key, status="generating", updated_at=scene.text())
    scene.later(minutes=1)
    scene.run()
    assert standing() == []


def test_generation_that_stands_still_is_one_incident(scene: Scene) -> None:
    for key in (1, 2, 3):
        scene.pending(key, ago=scene.now - scene.now, status="generating", progress=key)
    scene.run()
    scene.later(hours=2)
    scene.run()
    assert [row[0] for row in standing()] == ["worker"]


def test_unrelated_single_faults_make_none(open_scene: Scene) -> None:
    """Ten sessions broken in ten ways, and three that failed without a word: nothing behind them is known to be one."""
    root, name = open_scene.root, open_scene.name
    (root / FOLDERS[1] / name(1)).unlink()
    open_scene.file(name(2), b"", folder=FOLDERS[0])
    open_scene.file(name(3), b"<html>", folder=FOLDERS[1])
    open_scene.file(name(4), b"RIFF....", folder=FOLDERS[0])
    open_scene.host.update(5, final_file_path=f"/srv/one/{name(5)}")
    open_scene.host.update(6, final_file_path="https://cdn.example.cn/a.wav")
    open_scene.host.update(7, status="archived")
    open_scene.host.update(8, status="failed", error_message="MemoryError", final_file_path=None)
    (root / FOLDERS[0] / name(8)).unlink()
    for key in (20, 21, 22):
        open_scene.failed(key, None)
    for key, word in ((23, "red"), (24, "green"), (25, "blue")):
        open_scene.failed(key, f"ValueError: the {word} one")
    open_scene.later(minutes=5)
    open_scene.run()
    assert len(all_causes(open_scene)) >= 7
    assert standing() == []
