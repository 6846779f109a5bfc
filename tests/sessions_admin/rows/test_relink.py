"""Relinking a session whose file lies elsewhere than its row says."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from sessions_admin.actions import live, rows
from tests.reconcile.scene import PREFIX, wav_bytes
from tests.sessions_admin.rows.conftest import Stage, audited, changed

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_the_row_gets_the_files_real_place(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.misplaced(1)
    before = stage.row()
    item = stage.act("relink")
    place = f"2026/{stage.scene.name(1)}"
    assert (item.outcome, item.sentence) == ("done", f"Session 1 is linked to its file {place}.")
    assert stage.row()["final_file_path"] == PREFIX + place
    assert changed(before, stage.row()) == {"final_file_path", "updated_at"}
    intent, _ = audited()
    assert (intent.before or {})["final_file_path"] == PREFIX + stage.scene.name(1)
    assert (intent.after or {})["final_file_path"] == PREFIX + place
    stage.scene.later(minutes=5)
    stage.scene.run()
    assert (stage.scene.entry(1).verdict, stage.scene.codes(1)) == ("playable", set())


@pytest.mark.parametrize("path", [None, "", "/old/place/{name}", "../{name}"])
def test_a_blank_or_an_unsafe_path_is_replaced_and_never_followed(stage: Stage, path: str | None) -> None:
    stage.misplaced(1)
    stage.scene.host.update(1, final_file_path=path.format(name=stage.scene.name(1)) if path else path)
    (stage.scene.root.parent / stage.scene.name(1)).write_bytes(wav_bytes(1))
    assert stage.act("relink").outcome == "done"
    assert stage.row()["final_file_path"] == f"{PREFIX}2026/{stage.scene.name(1)}"


def test_an_unsafe_path_alone_is_left_alone(stage: Stage) -> None:
    stage.scene.row(1, final_file_path="../secret.wav")
    (stage.scene.root.parent / "secret.wav").write_bytes(wav_bytes())
    assert "it is found otherwise (path.unsafe)" in stage.left("relink")


def test_a_link_that_leads_out_is_never_followed(stage: Stage) -> None:
    stage.scene.row(1)
    (stage.scene.root.parent / "outside.wav").write_bytes(wav_bytes())
    (stage.scene.root / "2026").mkdir()
    os.symlink(stage.scene.root.parent / "outside.wav", stage.scene.root / "2026" / stage.scene.name(1))
    assert "it is found otherwise" in stage.left("relink")


def test_a_wrong_size_is_put_right_as_well(stage: Stage) -> None:
    stage.misplaced(1)
    stage.scene.host.update(1, final_file_size=5)
    stage.act("relink")
    assert stage.row()["final_file_size"] == len(wav_bytes())


def test_of_two_candidates_none_is_chosen(stage: Stage) -> None:
    stage.misplaced(1)
    stage.scene.file(stage.scene.name(1), folder="2025")
    assert stage.left("relink") == (
        f"Session 1 is left alone: more than one file could be its own (2025/{stage.scene.name(1)}; "
        f"2026/{stage.scene.name(1)}); none is chosen."
    )


def test_a_second_candidate_after_the_plan_is_said(stage: Stage) -> None:
    stage.misplaced(1)
    plan = stage.plan("relink")
    stage.scene.file(stage.scene.name(1), folder="2025")
    assert "more than one file" in stage.carried(plan).sentence


@pytest.mark.parametrize("content", [wav_bytes(30), wav_bytes()[:-100], b"<html>"])
def test_a_file_that_is_not_whole_is_left_alone(stage: Stage, content: bytes) -> None:
    stage.scene.row(1)
    stage.scene.file(stage.scene.name(1), content, folder="2026")
    assert "is not whole, or not as long as its row asks for" in stage.left("relink")


def test_a_file_older_than_its_session_is_never_linked(stage: Stage) -> None:
    stage.scene.row(1)
    stage.scene.file(stage.scene.name(1), folder="2026", ago=timedelta(days=3))
    assert "it is found otherwise (file.misplaced)" in stage.left("relink")


def test_a_file_that_another_row_claims_meanwhile_is_left_alone(stage_on_each_engine: Stage) -> None:
    stage = stage_on_each_engine
    stage.misplaced(1)
    plan = stage.plan("relink")
    stage.scene.row(2, final_file_path=f"{PREFIX}2026/{stage.scene.name(1)}")
    before = stage.row()
    assert stage.carried(plan).outcome == "skipped"
    assert stage.row() == before


def test_one_whose_file_came_back_is_left_alone(stage: Stage) -> None:
    stage.misplaced(1)
    plan = stage.plan("relink")
    stage.scene.file(stage.scene.name(1))
    item = stage.carried(plan)
    assert (item.message, item.values["found"]) == (live.OTHERWISE, "ok")


@pytest.mark.parametrize("status", ["failed", "pending", "generating"])
def test_only_a_completed_session_is_relinked(stage: Stage, status: str) -> None:
    stage.scene.row(1, status=status)
    assert stage.left("relink").endswith(f"only completed sessions are relinked (it is {status}).")


def test_of_many_the_plan_takes_the_files_that_the_pass_found(stage: Stage) -> None:
    stage.misplaced(*range(1, 8))
    stage.scene.file(stage.scene.name(2), folder="2025")
    stage.scene.session(8)
    stage.scene.run()
    plan = stage.plan("relink", *range(1, 9))
    assert {item.key for item in plan.items.all() if item.why} == {"2", "8"}
    assert "more than one file" in plan.items.get(key="2").sentence
    stage.scene.row(9, final_file_path=f"{PREFIX}2026/{stage.scene.name(3)}")
    stage.carried(plan)
    outcomes = dict(plan.items.values_list("key", "outcome"))
    assert outcomes == {str(key): "skipped" if key in (2, 3, 8) else "done" for key in range(1, 9)}


def test_twice_is_harmless(stage: Stage) -> None:
    stage.misplaced(1)
    plan, again = stage.plan("relink"), stage.plan("relink")
    assert stage.carried(plan).outcome == "done"
    row = stage.row()
    assert stage.carried(again).message == rows.CHANGED
    assert stage.row() == row
