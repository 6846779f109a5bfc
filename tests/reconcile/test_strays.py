"""Orphans and leftovers: files without a session, once they are old enough, and only then."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from diagnostics.models import FileFinding
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db
OLD = timedelta(days=2)


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    scene.session(1)
    return scene


def test_an_old_file_without_a_row_is_an_orphan(peopled: Scene) -> None:
    peopled.file(peopled.name(2), ago=OLD)
    peopled.run()
    assert peopled.strays() == {peopled.name(2): "file.orphan"}


def test_its_grace_comes_to_an_end(peopled: Scene) -> None:
    peopled.file(peopled.name(2), ago=timedelta(hours=23))
    peopled.file(f"{peopled.name(1)}.tmp", b"RIFF", ago=timedelta(hours=23))
    peopled.run()
    assert peopled.strays() == {}
    peopled.later(minutes=59)
    peopled.run()
    assert peopled.strays() == {}
    peopled.later(minutes=1)
    row = peopled.run()
    assert peopled.strays() == {peopled.name(2): "file.orphan", f"{peopled.name(1)}.tmp": "file.leftover"}
    assert row.changed == 0


def test_it_is_over_when_its_row_appears(peopled: Scene) -> None:
    peopled.file(peopled.name(2), ago=OLD)
    peopled.run()
    peopled.row(2)
    peopled.run()
    assert peopled.strays() == {}
    assert FileFinding.objects.get().resolved_at == peopled.now


def test_it_is_over_when_a_row_claims_it(peopled: Scene) -> None:
    peopled.file(peopled.name(2), ago=OLD)
    peopled.run()
    peopled.row(3, final_file_path=PREFIX + peopled.name(2))
    peopled.run()
    assert (peopled.strays(), peopled.cause(3)) == ({}, "path.names_other_session")
    peopled.host.update(3, final_file_path=PREFIX + peopled.name(3))
    peopled.run()
    assert peopled.strays() == {peopled.name(2): "file.orphan"}


def test_it_is_over_when_the_file_goes_and_opens_again_when_it_is_back(peopled: Scene) -> None:
    path = peopled.file(peopled.name(2), ago=OLD)
    peopled.run()
    path.unlink()
    peopled.run()
    assert peopled.strays() == {}
    peopled.file(peopled.name(2), ago=OLD)
    peopled.run()
    assert peopled.strays() == {peopled.name(2): "file.orphan"}
    assert FileFinding.objects.count() == 1


def test_a_file_becomes_an_orphan_when_its_row_vanishes(peopled: Scene) -> None:
    peopled.session(2)
    peopled.later(days=2)
    peopled.run()
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 2")
    peopled.run()
    assert peopled.strays() == {peopled.name(2): "file.orphan"}


def test_a_further_file_of_a_session_is_no_orphan(peopled: Scene) -> None:
    peopled.file("long_sequence_1_20251101_101500.wav", ago=OLD)
    peopled.run()
    assert peopled.strays() == {}


def test_a_missing_file_and_an_orphan_are_never_told_of_the_same_file(peopled: Scene) -> None:
    peopled.row(5, final_file_path=f"{PREFIX}elsewhere/{peopled.name(7)}")
    peopled.file(peopled.name(7), ago=OLD)
    peopled.run()
    assert (peopled.cause(5), peopled.strays()) == ("file.misplaced", {})


def test_an_orphan_that_turns_out_to_be_misplaced_is_no_orphan(peopled: Scene) -> None:
    peopled.file(peopled.name(7), ago=OLD)
    peopled.run()
    peopled.row(5, final_file_path=f"{PREFIX}elsewhere/{peopled.name(7)}")
    peopled.run()
    assert (peopled.cause(5), peopled.strays()) == ("file.misplaced", {})
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 5")
    peopled.run()
    assert peopled.strays() == {peopled.name(7): "file.orphan"}


def test_a_misplaced_file_is_an_orphan_once_its_session_has_another(peopled: Scene) -> None:
    peopled.row(5, final_file_path=f"{PREFIX}elsewhere/{peopled.name(7)}")
    peopled.file(peopled.name(7), ago=OLD)
    peopled.run()
    peopled.file(peopled.name(7), ago=OLD, folder="elsewhere")
    peopled.run()
    assert peopled.strays() == {peopled.name(7): "file.orphan"}


def test_foreign_files_are_counted_and_never_called_anything(peopled: Scene) -> None:
    foreign = peopled.file("song.mp3", b"ID3", ago=OLD)
    peopled.file(".DS_Store", b"", ago=OLD)
    peopled.row(5, final_file_path=PREFIX + "song.mp3")
    assert peopled.run().foreign_files == 0
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 5")
    peopled.later(days=2)
    row = peopled.run()
    assert (row.foreign_files, row.files, peopled.strays()) == (1, 2, {})
    foreign.unlink()
    assert (peopled.run().foreign_files, peopled.strays()) == (0, {})


def test_the_quarantine_is_not_listed(peopled: Scene, settings: pytest.MonkeyPatch) -> None:
    settings.QUARANTINE_ROOT = str(peopled.root / ".quarantine")  # type: ignore[attr-defined]
    peopled.file(peopled.name(2), ago=OLD, folder=".quarantine")
    assert (peopled.run().files, peopled.strays()) == (1, {})


def test_an_empty_table_makes_no_orphans_and_forgets_nothing(peopled: Scene) -> None:
    peopled.failed(2)
    peopled.later(days=2)
    peopled.run()
    peopled.host.run("DELETE FROM long_sequence_sessions")
    row = peopled.run()
    assert (row.outcome, peopled.conditions(), peopled.strays()) == ("complete", {"host.table_empty"}, {})
    assert row.by_verdict == {"playable": 1, "broken": 1}
    peopled.row(1)
    assert (peopled.run().by_verdict, peopled.conditions()) == ({"playable": 1}, set())


def test_an_empty_table_beside_an_empty_folder_is_believed(scene: Scene) -> None:
    scene.failed(2)
    scene.run()
    scene.host.run("DELETE FROM long_sequence_sessions")
    row = scene.run()
    assert (row.conditions, row.by_verdict, scene.entry(2).gone_at) == ([], {}, scene.now)


@pytest.mark.parametrize("year", [-4000, 2300, 9999, 20_000])
def test_a_file_from_far_away_in_time_is_only_a_file(peopled: Scene, year: int) -> None:
    path = peopled.file(peopled.name(2))
    own = peopled.root / peopled.name(1)
    for file in (path, own):
        os.utime(file, ((year - 1970) * 31_556_952,) * 2)
    row = peopled.run()
    assert (row.outcome, row.files, peopled.entry(1).verdict) == ("complete", 2, "playable")
    assert peopled.strays() == ({path.name: "file.orphan"} if own.stat().st_mtime < 1e9 else {})
