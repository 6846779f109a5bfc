"""Completing a session from its file: its row gets what the file tells, and only where that is sure."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.paths import StoreLayout
from diagnostics.host_values import moment
from diagnostics.sources import host_zone, store_layout
from sessions_admin.actions import complete, live, row_files, rows
from sessions_admin.actions.action import Intent
from sessions_admin.host_writer import open_writer
from sessions_admin.models import AuditEntry
from sessions_admin.planning import item_of
from tests.reconcile.scene import PREFIX, wav_bytes
from tests.sessions_admin.rows.conftest import Stage, audited, changed

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

SIZE = len(wav_bytes())


def at(value: object) -> datetime | None:
    return moment(value, host_zone()).at


def test_a_half_committed_session_is_completed(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.half_committed(1)
    before = stage.row()
    item = stage.act("complete")
    row = stage.row()
    assert (item.outcome, item.sentence) == ("done", f"Session 1 is completed from its file {stage.scene.name(1)}.")
    assert (row["status"], row["error_message"], row["progress_percentage"]) == ("completed", None, 100)
    assert (row["final_file_path"], row["final_file_size"]) == (PREFIX + stage.scene.name(1), SIZE)
    assert at(row["completed_at"]) == stage.scene.now - timedelta(hours=2)
    assert changed(before, row) <= {
        "status", "error_message", "progress_percentage", "final_file_path", "final_file_size", "completed_at", "updated_at",
    }  # fmt: skip
    stage.scene.later(minutes=5)
    stage.scene.run()
    assert stage.scene.entry(1).verdict == "playable"
    assert stage.scene.codes(1) == set()


@pytest.mark.parametrize("status", ["pending", "generating"])
def test_a_lagging_status_is_completed(stage: Stage, status: str) -> None:
    stage.scene.pending(1, ago=timedelta(hours=3), status=status, progress=100)
    stage.scene.file(stage.scene.name(1), ago=timedelta(minutes=16))
    assert stage.act("complete").outcome == "done"
    assert stage.status() == "completed"


def test_a_file_that_may_still_grow_is_left_alone(stage: Stage) -> None:
    stage.scene.pending(1, ago=timedelta(hours=3), status="generating", progress=100)
    stage.scene.file(stage.scene.name(1), ago=timedelta(minutes=14))
    assert "it is found otherwise (generating)" in stage.left("complete")


def test_the_audit_has_the_file_and_the_old_values(stage: Stage) -> None:
    stage.half_committed(1)
    stage.act("complete")
    intent, outcome = audited()
    before, after = intent.before or {}, intent.after or {}
    assert (before["status"], before["final_file_path"], before["size_bytes"]) == ("failed", None, str(SIZE))
    assert before["inode"] == str((stage.scene.root / stage.scene.name(1)).stat().st_ino)
    assert (after["status"], after["final_file_size"]) == ("completed", str(SIZE))
    assert (outcome.outcome, outcome.actor) == ("done", "eve")


@pytest.mark.parametrize(
    ("own", "examples", "expected"),
    [
        ("static/generated_music/long_sequences/{name}", (), "static/generated_music/long_sequences/{name}"),
        (PREFIX + "{name}?token=abc", (), PREFIX + "{name}?token=abc"),
        (None, (), PREFIX + "{name}"),
        (None, ("static/generated_music/long_sequences/{other}",), "static/generated_music/long_sequences/{name}"),
        ("{name}", (), PREFIX + "{name}"),
        ("/srv/app/audio/{name}", ("http://media.example.cn" + PREFIX + "{other}",), "http://media.example.cn" + PREFIX + "{name}"),
        (None, (PREFIX + "{other}?e=1&token=x", "static/generated_music/long_sequences/{other}"), "static/generated_music/long_sequences/{name}"),
    ],
)  # fmt: skip
def test_the_path_is_one_that_plays(
    stage: Stage, settings: Settings, own: str | None, examples: tuple[str, ...], expected: str
) -> None:
    settings.PUBLIC_BASE_URL, settings.HOST_AUDIO_ROOTS = "http://media.example.cn", ["/srv/app/audio"]
    name, other = stage.scene.name(1), stage.scene.name(9)
    told = [example.format(other=other) for example in examples]
    found = row_files.client_path(name, own.format(name=name) if own else None, told, store_layout())
    assert found == expected.format(name=name)


def test_a_name_with_other_characters_is_escaped() -> None:
    layout = StoreLayout(("/srv/audio",))
    assert row_files.client_path("a b/100%?#.wav", None, (), layout) == PREFIX + "a%20b/100%25%3F%23.wav"


def test_it_takes_the_form_of_rows_that_play(stage: Stage) -> None:
    stage.scene.session(9, final_file_path=f"static/generated_music/long_sequences/{stage.scene.name(9)}")
    stage.scene.run()
    stage.half_committed(1)
    stage.act("complete")
    assert stage.row()["final_file_path"] == f"static/generated_music/long_sequences/{stage.scene.name(1)}"


def test_a_wrong_size_in_the_row_is_put_right(stage: Stage) -> None:
    stage.half_committed(1, final_file_size=5, final_file_path=PREFIX + stage.scene.name(1))
    stage.act("complete")
    assert (stage.row()["final_file_size"], stage.row()["final_file_path"]) == (SIZE, PREFIX + stage.scene.name(1))


def test_optional_columns_that_the_host_does_not_have_are_passed_over(stage: Stage) -> None:
    for column in ("completed_at", "final_file_size", "progress_percentage"):
        stage.scene.host.run(f"ALTER TABLE long_sequence_sessions DROP COLUMN {column}")
    made = stage.scene.text(ago=timedelta(hours=3))
    stage.scene.host.insert(
        1, status="failed", error_message="x", total_duration_minutes=1, created_at=made, updated_at=made
    )
    stage.scene.file(stage.scene.name(1))
    assert stage.act("complete").outcome == "done"


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_mtime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def touched(path: Path) -> None:
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 1))


def linked(path: Path) -> None:
    os.link(path, path.with_name("another_name"))


def moved_behind_a_link(path: Path) -> None:
    place = path.with_name("elsewhere.wav")
    path.rename(place)
    path.symlink_to(place)


def led_out(path: Path) -> None:
    place = path.parent.parent / "outside.wav"
    path.rename(place)
    path.symlink_to(place)


CHANGES = (replaced, grown, touched, linked, moved_behind_a_link, led_out, Path.unlink)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("action", ["complete", "relink"])
def test_a_file_that_is_another_one_since_the_plan_is_left_alone_and_named(
    stage: Stage, action: str, change: object
) -> None:
    if action == "complete":
        stage.half_committed(1)
        path = stage.scene.root / stage.scene.name(1)
    else:
        stage.misplaced(1)
        path = stage.scene.root / "2026" / stage.scene.name(1)
    plan = stage.plan(action)
    assert plan.to_do == 1
    change(path)  # type: ignore[operator]  # one of the above
    before = stage.row()
    item = stage.carried(plan)
    assert item.outcome == "skipped"
    assert item.message in (rows.FILE_CHANGED, live.OTHERWISE)
    assert item.sentence.startswith("Session 1 ")
    assert not AuditEntry.objects.filter(is_intent=True).exists()
    assert stage.row() == before


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_one_that_becomes_another_behind_the_last_look_is_left_alone(stage: Stage, change: object) -> None:
    stage.half_committed(1)
    (item,) = [item_of(row) for row in stage.plan("complete").items.all()]
    with open_writer() as writer:
        intent = complete.COMPLETE.intend(writer, [item], timezone.now())["1"]
        assert isinstance(intent, Intent)
        change(stage.scene.root / stage.scene.name(1))  # type: ignore[operator]  # one of the above
        (result,) = complete.COMPLETE.carry_out(writer, [(item, intent)])
    assert (result.kind, result.message) == ("skipped", rows.FILE_CHANGED)
    assert stage.status() == "failed"


def test_a_file_that_another_row_claims_is_left_alone(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.half_committed(1)
    plan = stage.plan("complete")
    stage.scene.row(2, final_file_path=PREFIX + stage.scene.name(1))
    item = stage.carried(plan)
    assert item.outcome == "skipped"
    assert stage.status() == "failed"


def test_a_file_that_another_row_claims_is_named(stage: Stage) -> None:
    """Its own row names it as well, and its name bears its id: the rules alone ask for nobody else then."""
    stage.half_committed(1, final_file_path=PREFIX + stage.scene.name(1))
    plan = stage.plan("complete")
    stage.scene.row(2, final_file_path=f"/x/../{PREFIX.strip('/')}/{stage.scene.name(1)}")
    item = stage.carried(plan)
    assert item.sentence == "Session 1 is left alone: another session names that file, too (2)."
    assert stage.status() == "failed"


@pytest.mark.parametrize("content", [wav_bytes(30), wav_bytes(60)[:-100], b"", b"<html>"])
def test_only_a_whole_file_of_the_rows_length_completes_it(stage: Stage, content: bytes) -> None:
    stage.scene.failed(1)
    stage.scene.file(stage.scene.name(1), content)
    assert "it is found otherwise (generation.disk_full)" in stage.left("complete")


def test_of_two_whole_files_none_is_chosen(stage: Stage) -> None:
    stage.half_committed(1)
    stage.scene.file("long_sequence_1_20261102_101500.wav")
    names = f"{stage.scene.name(1)}; long_sequence_1_20261102_101500.wav"
    assert stage.left("complete") == (
        f"Session 1 is left alone: more than one file could be its own ({names}); none is chosen."
    )


def test_a_file_older_than_its_session_completes_nothing(stage: Stage) -> None:
    stage.scene.failed(1)
    stage.scene.file(stage.scene.name(1), ago=timedelta(days=3))
    assert "it is found otherwise" in stage.left("complete")


def test_a_row_that_changed_since_the_plan_is_left_alone(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.half_committed(1)
    plan = stage.plan("complete")
    stage.scene.host.update(1, error_message="another")
    assert stage.carried(plan).message == rows.CHANGED


def test_a_completed_session_is_left_alone(stage: Stage) -> None:
    stage.scene.session(1)
    assert stage.left("complete") == "Session 1 was left alone: its status is completed."


def test_a_store_that_went_away_leaves_it_unknown(stage: Stage) -> None:
    stage.half_committed(1)
    plan = stage.plan("complete")
    stage.scene.root.rename(stage.scene.root.with_name("away"))
    item = stage.carried(plan)
    assert (item.message, item.values["problem"]) == (live.UNKNOWN, "store.missing")


def test_of_many_the_plan_takes_the_files_that_the_pass_saw(stage: Stage) -> None:
    stage.half_committed(*range(1, 8))
    stage.scene.host.update(2, final_file_path=PREFIX + stage.scene.name(2))
    stage.scene.failed(8)
    stage.scene.run()
    plan = stage.plan("complete", *range(1, 9))
    assert dict(plan.items.exclude(why="").values_list("key", "why")) == {"8": live.NOT_BY_THE_PASS}
    grown(stage.scene.root / stage.scene.name(3))
    stage.carried(plan)
    outcomes = dict(plan.items.values_list("key", "outcome"))
    assert outcomes == {str(key): "skipped" if key in (3, 8) else "done" for key in range(1, 9)}


def test_twice_is_harmless(stage: Stage) -> None:
    stage.half_committed(1)
    plan, again = stage.plan("complete"), stage.plan("complete")
    assert stage.carried(plan).outcome == "done"
    row = stage.row()
    assert stage.carried(again).message == rows.CHANGED
    assert stage.row() == row
