"""Each cause for which audio is composed again: the row goes back to pending, and what is left of its file is put aside."""

from __future__ import annotations

import pytest

from diagnostics.models import Removal
from sessions_admin.actions import regenerate as action
from sessions_admin.actions.lost_audio import LOST
from sessions_admin.models import HeldFile
from sessions_admin.verification import verify
from tests.reconcile.scene import PREFIX, Scene
from tests.sessions_admin.regenerate.breaking import ASIDE, BREAKING, LEFT, break_five
from tests.sessions_admin.regenerate.conftest import Regenerate, intent_of, standing_at

pytestmark = pytest.mark.django_db


def test_every_cause_that_composing_again_mends_is_tried_here() -> None:
    assert set(BREAKING) == LOST


@pytest.mark.parametrize("code", BREAKING)
def test_it_goes_back_to_pending_and_the_audit_keeps_what_it_was(
    scene: Scene, regenerate: Regenerate, code: str
) -> None:
    break_five(scene, code)
    before, files = scene.host.row(5), standing_at(scene.root)
    item = regenerate()
    assert (item.outcome, item.sentence[:26]) == ("done", "Session 5 is pending again")
    row = scene.host.row(5)
    assert (row["status"], row["progress_percentage"], row["error_message"]) == ("pending", 0, None)
    assert (row["final_file_path"], row["final_file_size"], row["completed_at"]) == (None, None, None)
    assert str(row["updated_at"]) > str(before["updated_at"])
    kept, meant = intent_of(item)
    assert kept["final_file_path"] == before["final_file_path"]
    assert kept["final_file_size"] == str(before["final_file_size"])
    assert (kept["status"], meant["status"], meant["final_file_path"]) == ("completed", "pending", None)
    held = HeldFile.objects.filter(operation=item.plan_id).first()
    assert (held is not None) is (code in ASIDE)
    gone = [scene.name(5)] if held else []
    assert standing_at(scene.root) == [name for name in files if name not in gone]
    assert verify().broken is None
    assert item.message == (action.DONE_ASIDE if held else action.DONE_LEFT if code in LEFT else action.WORDS.done)


def test_what_was_put_aside_is_labelled_and_kept_whole(scene: Scene, regenerate: Regenerate) -> None:
    break_five(scene, "file.truncated")
    content = (scene.root / scene.name(5)).read_bytes()
    item = regenerate()
    held = HeldFile.objects.get()
    assert (held.action, held.actor, held.session, held.reason) == ("regenerate", "eve", "5", "after the outage")
    assert (held.shown_path, held.was_claimed, held.is_held) == (scene.name(5), True, True)
    kept = scene.root / ".quarantine" / item.plan_id / "0" / "file"
    assert kept.read_bytes() == content
    before, after = intent_of(item)
    assert (before["remains"], after["remains"]) == (scene.name(5), None)
    assert before["size_bytes"] == str(len(content))


@pytest.mark.parametrize("code", [*LEFT, "path.missing", "file.purged", "file.truncated", "file.size_mismatch"])
def test_no_pass_calls_anything_wrong_on_its_way_to_a_new_file(scene: Scene, regenerate: Regenerate, code: str) -> None:
    break_five(scene, code)
    assert regenerate().outcome == "done"
    scene.later(minutes=2)
    scene.run()
    assert (scene.entry(5).state, scene.cause(5)) == ("waiting", "")
    scene.host.update(5, status="generating", progress_percentage=40, updated_at=scene.text())
    scene.later(minutes=2)
    scene.run()
    assert (scene.entry(5).state, scene.cause(5)) == ("generating", "")
    composed = "long_sequence_5_20261102_080000.wav"
    scene.later(minutes=5)
    path = scene.file(composed, ago=scene.now - scene.now)
    _complete(scene, composed, path.stat().st_size)
    scene.later(minutes=2)
    scene.run()
    assert (scene.entry(5).verdict, scene.cause(5)) == ("playable", "")
    assert scene.codes(5) == set()
    assert scene.strays() == {}


@pytest.mark.parametrize("code", ["file.truncated", "file.purged"])
def test_a_new_file_at_the_old_path_is_taken_for_what_it_is(scene: Scene, regenerate: Regenerate, code: str) -> None:
    """A host that names its files without a time writes them to the same path again."""
    break_five(scene, code)
    assert regenerate().outcome == "done"
    assert Removal.objects.exists()
    scene.later(minutes=10)
    _complete(scene, scene.name(5), len(scene.file(scene.name(5), ago=scene.now - scene.now).read_bytes()))
    scene.later(minutes=2)
    scene.run()
    assert (scene.entry(5).verdict, scene.cause(5)) == ("playable", "")


@pytest.mark.parametrize("code", ["file.truncated", "file.purged", "file.deleted"])
def test_a_new_file_that_never_came_is_not_called_moved_away(scene: Scene, regenerate: Regenerate, code: str) -> None:
    break_five(scene, code)
    assert regenerate().outcome == "done"
    scene.later(minutes=10)
    _complete(scene, scene.name(5), 12_044)
    scene.later(minutes=2)
    scene.run()
    assert scene.cause(5) == "file.never_written"


def _complete(scene: Scene, name: str, size: int) -> None:
    at = scene.text()
    scene.host.update(
        5, status="completed", progress_percentage=100, final_file_path=PREFIX + name, final_file_size=size,
        total_duration_minutes=1, updated_at=at, completed_at=at,
    )  # fmt: skip
