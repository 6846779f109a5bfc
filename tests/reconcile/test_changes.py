"""What a pass finds of what changed since the last one, and that it writes nothing for what did not."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from diagnostics.models import Finding, LedgerFile, Pass
from tests.host_database import COLUMNS, MOMENTS, TEXTS
from tests.reconcile.scene import Scene, timeline, wav_bytes

pytestmark = pytest.mark.django_db
TYPES = {"moment": MOMENTS["sqlite"], "text": TEXTS["sqlite"]}


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Twelve healthy sessions, a failed one, a pending, a generating one, one unreadable in kind, seen by a pass."""
    for key in range(1, 13):
        scene.session(key)
    scene.failed(20)
    scene.pending(21, ago=timedelta(minutes=2))
    scene.pending(22, ago=timedelta(minutes=3), status="generating", progress=10)
    scene.row(23)
    os.mkfifo(scene.root / scene.name(23))
    scene.file("notes.txt", b"x")
    scene.run()
    return scene


def test_the_first_pass_knows_every_session_and_file(peopled: Scene) -> None:
    row = Pass.objects.get()
    assert (row.outcome, row.rows, row.files, row.foreign_files) == ("complete", 16, 14, 1)
    assert row.by_verdict == {"playable": 12, "broken": 2, "not_ready": 2}
    assert row.by_cause == {"generation.disk_full": 1, "file.not_a_file": 1}
    assert row.by_state == {"ok": 12, "failed": 1, "waiting": 1, "generating": 1, "faulty": 1}
    assert not row.conditions


def test_nothing_is_written_where_nothing_changed(peopled: Scene) -> None:
    peopled.later(seconds=5)
    peopled.run()  # a pass of its own may settle what the first one left due
    peopled.later(seconds=5)
    assert peopled.writes_of(peopled.run) == []
    assert Pass.objects.latest("id").changed == 0


def test_a_new_row_and_its_file_are_seen(peopled: Scene) -> None:
    peopled.session(30)
    row = peopled.run()
    assert (peopled.entry(30).verdict, peopled.entry(30).state, row.changed) == ("playable", "ok", 2)


def test_a_row_before_its_file_is_missing_until_the_file_comes(peopled: Scene) -> None:
    peopled.row(30)
    peopled.run()
    assert peopled.cause(30) == "file.never_written"
    peopled.file(peopled.name(30))
    peopled.run()
    assert (peopled.cause(30), peopled.entry(30).verdict, peopled.codes(30)) == ("", "playable", set())


def test_a_changed_row_is_judged_again(peopled: Scene) -> None:
    peopled.host.update(3, final_file_size=7)
    peopled.run()
    assert peopled.cause(3) == "file.size_mismatch"


def test_a_vanished_row_ends_its_findings_and_may_come_back(peopled: Scene) -> None:
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 20")
    row = peopled.run()
    assert (peopled.entry(20).gone_at, peopled.codes(20), row.changed) == (peopled.now, set(), 1)
    assert row.by_verdict["broken"] == 1
    peopled.failed(20)
    peopled.run()
    finding = Finding.objects.get(session__key="20")
    assert (peopled.entry(20).gone_at, finding.resolved_at, finding.times_opened) == (None, None, 2)


def test_a_vanished_file_is_deleted_between_two_passes(peopled: Scene) -> None:
    seen = Pass.objects.latest("id").started_at
    (peopled.root / peopled.name(4)).unlink()
    peopled.later(minutes=5)
    peopled.run()
    file = LedgerFile.objects.get(shown_path=peopled.name(4))
    assert (peopled.cause(4), file.seen_at, file.missed_at) == ("file.deleted", seen, peopled.now)


@pytest.mark.parametrize("keep_times", [False, True])
def test_a_file_overwritten_in_place_with_its_size_kept_is_read_again(peopled: Scene, *, keep_times: bool) -> None:
    path = peopled.root / peopled.name(5)
    found = path.stat()
    with path.open("r+b") as file:
        file.write(b"<!DOCTYPE html>")
    if keep_times:
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    peopled.later(minutes=2)
    assert path.stat().st_size == found.st_size
    peopled.run()
    assert peopled.cause(5) == "file.corrupt"


def test_a_renamed_file_is_misplaced_and_no_orphan(peopled: Scene) -> None:
    (peopled.root / "moved").mkdir()
    (peopled.root / peopled.name(6)).rename(peopled.root / "moved" / peopled.name(6))
    peopled.later(days=2)
    peopled.run()
    assert (peopled.cause(6), peopled.codes(6), peopled.strays()) == ("file.misplaced", {"file.misplaced"}, {})


def test_a_chmod_alone_is_noticed_and_harmless(peopled: Scene) -> None:
    before = peopled.entry(7).changed_at
    (peopled.root / peopled.name(7)).chmod(0o600)
    row = peopled.run()
    assert (row.changed, peopled.entry(7).verdict, peopled.entry(7).changed_at) == (1, "playable", before)


def test_a_cut_file_is_truncated_and_whole_again_once_mended(peopled: Scene) -> None:
    path = peopled.file(peopled.name(8), wav_bytes()[:5000])
    peopled.run()
    opened = Finding.objects.get(session__key="8", code="file.truncated")
    assert (opened.resolved_at, opened.times_opened) == (None, 1)
    peopled.later(minutes=5)
    peopled.run()
    assert Finding.objects.get(pk=opened.pk).opened_at == opened.opened_at
    peopled.file(peopled.name(8))
    peopled.run()
    assert Finding.objects.get(pk=opened.pk).resolved_at == peopled.now
    path.write_bytes(wav_bytes()[:5000])
    peopled.later(minutes=5)
    peopled.run()
    regressed = Finding.objects.get(pk=opened.pk)
    assert (regressed.resolved_at, regressed.times_opened, regressed.opened_at) == (None, 2, peopled.now)
    assert timeline(8) == [
        ("completed", "faulty", "file.truncated"),
        ("completed", "ok", ""),
        ("completed", "faulty", "file.truncated"),
    ]


def test_the_timeline_tells_the_way_of_a_session(peopled: Scene) -> None:
    peopled.later(minutes=1)
    peopled.host.update(21, status="generating", updated_at=peopled.text())
    peopled.run()
    peopled.later(minutes=1)
    peopled.host.update(21, progress_percentage=50, updated_at=peopled.text())
    peopled.run()
    peopled.file(peopled.name(21), ago=timedelta())
    done = {"progress_percentage": 100, "updated_at": peopled.text(), "completed_at": peopled.text()}
    path = f"/static/generated_music/long_sequences/{peopled.name(21)}"
    peopled.host.update(21, status="completed", final_file_path=path, final_file_size=len(wav_bytes()), **done)
    peopled.run()
    assert timeline(21) == [
        ("pending", "waiting", ""),
        ("generating", "generating", ""),
        ("generating", "generating", ""),
        ("completed", "ok", ""),
    ]
    assert peopled.entry(21).generating_since == peopled.now - timedelta(minutes=1)


def test_a_column_that_is_not_read_changes_nothing(peopled: Scene) -> None:
    peopled.host.run("ALTER TABLE long_sequence_sessions ADD COLUMN note TEXT")
    assert peopled.run().changed == 0


def test_partners_of_a_collision_are_judged_again_when_one_of_them_moves(peopled: Scene) -> None:
    shared = f"/static/generated_music/long_sequences/{peopled.name(9)}"
    peopled.host.update(10, final_file_path=shared)
    peopled.run()
    assert (peopled.cause(9), peopled.cause(10)) == ("", "file.name_collision")
    peopled.host.update(11, final_file_path=shared)
    peopled.run()
    assert peopled.cause(11) == "file.name_collision"
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id IN (9, 11)")
    peopled.run()
    assert peopled.cause(10) == "path.names_other_session"


def test_a_new_row_takes_its_file_from_a_session_that_resembled_it(peopled: Scene) -> None:
    other = peopled.file(peopled.name(40), folder="sub")
    peopled.row(41, final_file_path=f"/static/generated_music/long_sequences/{peopled.name(40)}")
    peopled.run()
    assert peopled.cause(41) == "file.misplaced"
    peopled.row(40, final_file_path=f"/static/generated_music/long_sequences/sub/{other.name}")
    peopled.run()
    assert (peopled.cause(40), peopled.cause(41)) == ("", "file.never_written")


def test_of_two_rows_with_one_key_the_one_that_stays_counts(scene: Scene) -> None:
    scene.host.run("DROP TABLE long_sequence_sessions")
    scene.host.run(f"CREATE TABLE long_sequence_sessions ({COLUMNS.replace(' PRIMARY KEY', '')})".format(**TYPES))
    scene.session(1)
    scene.failed(1)
    row = scene.run()
    assert (row.outcome, row.rows, scene.entry(1).status) == ("complete", 2, "failed")
    scene.host.run("DELETE FROM long_sequence_sessions WHERE status = 'failed'")
    scene.run()
    assert (scene.entry(1).gone_at, scene.entry(1).status, scene.cause(1)) == (None, "completed", "")
    assert scene.run().changed == 0
