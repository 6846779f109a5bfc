"""What turns between plan and run: each session is looked at live before its change, and left alone where it is another case."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.host import HostTable
from diagnostics.models import ResourceSample
from diagnostics.probes.databases import HostUnavailable, Problem
from sessions_admin.actions import lost_audio, remains, results, rows
from sessions_admin.actions import regenerate as action
from sessions_admin.host_writer import ChangeUncertain, HostWriter
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.runs.carry import take_up
from tests.host_database import HostDatabase
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.sessions_admin.regenerate.breaking import break_five
from tests.sessions_admin.regenerate.conftest import Regenerate, run_of, standing_at

pytestmark = pytest.mark.django_db


def test_a_file_that_came_back_is_left_alone_as_whole(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.deleted")
    item = regenerate(lambda: scene.file(scene.name(5)))
    assert (item.outcome, item.message) == ("skipped", lost_audio.WHOLE)
    assert_untouched(scene)


def test_a_file_that_was_replaced_by_a_whole_one_is_left_alone(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.truncated")
    item = regenerate(lambda: scene.file(scene.name(5)))
    assert (item.outcome, item.message) == ("skipped", lost_audio.WHOLE)
    assert_untouched(scene)


def test_a_file_that_is_being_written_is_left_alone(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.truncated")
    item = regenerate(lambda: scene.file(scene.name(5), wav_bytes(50, declared=12_000), ago=timedelta(seconds=3)))
    assert (item.outcome, item.message) == ("skipped", lost_audio.SETTLING)
    assert_untouched(scene)


def test_a_file_that_turned_up_elsewhere_is_relinked_rather(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.never_written")
    item = regenerate(lambda: scene.file(scene.name(5), folder="old"))
    assert (item.outcome, item.message) == ("skipped", lost_audio.RELINK)


def test_another_cause_of_the_same_kind_is_composed_again_all_the_same(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.never_written")
    item = regenerate(lambda: scene.file(scene.name(5), b""))
    assert (item.outcome, item.message) == ("done", action.DONE_ASIDE)


@pytest.mark.parametrize("column", ["progress_percentage", "final_file_size", "user_id"])
def test_a_row_that_changed_is_left_alone(scene: Scene, regenerate: Regenerate, column: str) -> None:
    break_five(scene, "file.truncated")
    item = regenerate(lambda: scene.host.update(5, **{column: 41}))
    assert (item.outcome, item.message) == ("skipped", rows.CHANGED)
    assert_untouched(scene)


@pytest.mark.parametrize("spelled", [PREFIX, "/srv/app/static/generated_music/long_sequences/", ""])
def test_a_file_that_another_session_claims_by_now_is_not_moved(
    scene: Scene, regenerate: Regenerate, settings: Settings, spelled: str
) -> None:
    settings.HOST_AUDIO_ROOTS = ["/srv/app/static/generated_music/long_sequences"]
    break_five(scene, "file.truncated")
    item = regenerate(lambda: scene.row(6, final_file_path=spelled + scene.name(5)))
    assert (item.outcome, item.message) == ("done", action.DONE_LEFT)
    assert (scene.root / scene.name(5)).exists()
    assert not HeldFile.objects.exists()


def test_a_claim_that_cannot_be_ruled_out_leaves_all_as_it_is(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_five(scene, "file.truncated")

    def too_slow(_table: HostTable, _name: str) -> list[tuple[int | str, str]]:
        raise HostUnavailable(Problem.TIMEOUT, "a whole table takes too long")

    monkeypatch.setattr(HostTable, "naming", too_slow)
    item = regenerate()
    assert (item.outcome, item.message) == ("skipped", remains.CLAIMS_UNKNOWN)
    assert_untouched(scene)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("nowhere", path)])
def test_what_is_no_file_stays_where_it_is(scene: Scene, regenerate: Regenerate, make: Callable[[Path], None]) -> None:
    scene.row(5)
    make(scene.root / scene.name(5))
    scene.run()
    item = regenerate()
    assert (item.outcome, item.message) == ("done", action.DONE_LEFT)
    assert scene.name(5) in item.sentence
    assert os.path.lexists(scene.root / scene.name(5))


def test_a_file_with_a_second_name_stays_where_it_is(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.corrupt")
    os.link(scene.root / scene.name(5), scene.root / "second.bin")
    item = regenerate()
    assert (item.outcome, item.message) == ("done", action.DONE_LEFT)
    assert (scene.root / scene.name(5)).exists()


def test_a_file_that_changes_under_the_eyes_of_the_look_is_left_alone(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the examination and the look at its inode a whole file comes to its place."""
    break_five(scene, "file.truncated")
    looks = remains._is_claimed_by_others

    def replaced_meanwhile(path: str, own: str) -> bool:
        scene.file(scene.name(5))
        return looks(path, own)

    monkeypatch.setattr(remains, "_is_claimed_by_others", replaced_meanwhile)
    item = regenerate()
    assert (item.outcome, item.message) == ("skipped", rows.FILE_CHANGED)
    assert_untouched(scene)


def test_a_file_that_is_replaced_at_the_last_moment_is_left_alone(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_five(scene, "file.truncated")
    aside = remains.put_aside

    def replaced_before(*arguments: object) -> HeldFile:
        os.replace(scene.file("new.wav"), scene.root / scene.name(5))
        return aside(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(action, "put_aside", replaced_before)
    item = regenerate()
    assert item.outcome == "skipped"
    assert "replaced or changed" in item.sentence
    assert_untouched(scene)


def test_a_row_that_changes_behind_the_move_has_its_file_brought_back(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_five(scene, "file.truncated")
    path = scene.root / scene.name(5)
    was, content = path.stat(), path.read_bytes()
    change_rows = HostWriter.update_many

    def too_late(self: HostWriter, pairs: list[object]) -> list[bool]:
        assert not path.exists()
        HostDatabase(scene.host.url, scene.host.engine).update(5, user_id=99)
        return change_rows(self, pairs)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(HostWriter, "update_many", too_late)
    item = regenerate()
    assert (item.outcome, item.message) == ("skipped", rows.CHANGED)
    assert_untouched(scene)
    now = path.stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_mode, path.read_bytes()) == (
        was.st_ino, was.st_mtime_ns, was.st_mode, content,
    )  # fmt: skip
    assert HeldFile.objects.get().state == HeldFile.State.RESTORED


def test_a_host_that_refuses_the_change_gets_its_file_back(scene: Scene, regenerate: Regenerate) -> None:
    """A trigger of its own, say, or a column that must not be NULL: the run stops, and says so in the host's words."""
    break_five(scene, "file.truncated")
    trigger = "CREATE TRIGGER no BEFORE UPDATE ON long_sequence_sessions BEGIN SELECT RAISE(ABORT, 'not by you'); END"
    item = regenerate(lambda: scene.host.run(trigger))
    assert (item.outcome, item.message, "not by you" in item.sentence) == ("failed", results.UNREACHABLE, True)
    assert run_of(item).state == "halted"
    assert_untouched(scene)


@pytest.mark.parametrize("is_done", [True, False])
def test_a_connection_that_is_lost_at_the_last_step_is_found_out_later(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    break_five(scene, "file.truncated")
    change_rows = HostWriter.update_many

    def lost(self: HostWriter, pairs: list[object]) -> list[bool]:
        if is_done:
            change_rows(self, pairs)  # type: ignore[arg-type]  # as they came
        raise ChangeUncertain

    monkeypatch.setattr(HostWriter, "update_many", lost)
    item = regenerate()
    assert (item.outcome, item.message) == ("unknown", action.WORDS.uncertain)
    assert HeldFile.objects.get().is_held
    take_up(run_of(item))
    item.refresh_from_db()
    if is_done:
        assert (item.outcome, item.message) == ("done", action.WORDS.settled_done)
        assert HeldFile.objects.get().is_held
    else:
        assert (item.outcome, item.message) == ("failed", action.WORDS.settled_not_done)
        assert_untouched(scene)


def test_a_root_that_is_another_by_now_halts_the_run(scene: Scene, regenerate: Regenerate, settings: Settings) -> None:
    """Unmounted in mid-run: an empty folder stands where the audio was."""
    for key in (5, 6):
        scene.row(key)
        scene.file(scene.name(key), b"")
    scene.run()
    (scene.root.parent / "empty").mkdir()
    item = regenerate(lambda: setattr(settings, "AUDIO_ROOT", str(scene.root.parent / "empty")))
    assert (item.outcome, item.message, item.values) == ("failed", results.STORE_GONE, {"detail": "empty"})
    assert run_of(item).state == "halted"
    assert_untouched(scene)


def test_a_disk_that_filled_up_meanwhile_stops_the_change(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.truncated")
    full = {"audio_bytes_percent": 99.5}
    item = regenerate(lambda: ResourceSample.objects.create(at=timezone.now(), values=full))
    assert (item.outcome, item.message) == ("skipped", action.DISK_FULL)


def test_a_host_that_falls_silent_halts_the_run(scene: Scene, regenerate: Regenerate, settings: Settings) -> None:
    """Its table is read by two connections: here the one that only reads is lost."""
    break_five(scene, "file.truncated")
    item = regenerate(lambda: setattr(settings, "HOST_DATABASE_URL", "sqlite:////nowhere/host.sqlite3"))
    assert (item.outcome, item.message) == ("failed", results.UNREACHABLE)
    assert run_of(item).state == "halted"
    assert_untouched(scene)


def test_a_quarantine_that_cannot_be_used_halts_the_run(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.truncated")
    item = regenerate(lambda: (scene.root / ".quarantine").write_text("no folder"))
    assert (item.outcome, item.message) == ("failed", results.STORE_CLOSED)
    assert (run_of(item).state, run_of(item).halted_by) == ("halted", "store")
    assert_untouched(scene)


def test_a_file_that_cannot_go_back_is_found_out_later(
    scene: Scene, regenerate: Regenerate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row changed behind the move, and something else came to the old place: the intent stays open, and is settled."""
    break_five(scene, "file.truncated")
    path = scene.root / scene.name(5)
    change_rows = HostWriter.update_many

    def too_late(self: HostWriter, pairs: list[object]) -> list[bool]:
        scene.file(scene.name(5), b"new")
        HostDatabase(scene.host.url, scene.host.engine).update(5, user_id=99)
        return change_rows(self, pairs)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(HostWriter, "update_many", too_late)
    item = regenerate()
    assert (item.outcome, item.message) == ("unknown", action.NOT_BACK_YET)
    assert AuditEntry.objects.open_intents().count() == 1
    take_up(run_of(item))
    item.refresh_from_db()
    assert (item.outcome, item.message) == ("failed", action.NOT_BACK)
    assert path.read_bytes() == b"new"
    assert HeldFile.objects.get().is_held
    assert not AuditEntry.objects.open_intents().exists()


def assert_untouched(scene: Scene) -> None:
    """The row is completed still, nothing is held, and the file lies where it lay."""
    row = scene.host.row(5)
    assert (row["status"], row["final_file_path"]) == ("completed", PREFIX + scene.name(5))
    assert scene.name(5) in standing_at(scene.root)
    assert not HeldFile.objects.filter(state=HeldFile.State.HELD).exists()
