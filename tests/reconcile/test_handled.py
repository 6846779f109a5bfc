"""What is handled leaves the lists and comes back by itself: each way of a regression, through real passes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from diagnostics import notes
from diagnostics.mended import mended
from diagnostics.models import Incident, Leaving, Pass
from diagnostics.session_query import Scope, sessions_in
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.reconcile.test_incidents import fail, mend, the_one

pytestmark = pytest.mark.django_db
MEMORY = "MemoryError"


def handle_incident(scene: Scene) -> int | None:
    return notes.note_incident_handled(the_one().shared_hash, scene.now, scene.now)


def handle(scene: Scene, key: int) -> bool:
    return notes.note_session_handled(str(key), scene.cause(key), scene.now)


def again(scene: Scene) -> None:
    scene.later(minutes=5)
    scene.run()


def listed(scene: Scene) -> set[str]:
    return set(sessions_in(Scope(), scene.now).values_list("key", flat=True))


def state(scene: Scene, key: int) -> tuple[bool, str]:
    entry = scene.entry(key)
    return entry.handled_at is not None, entry.handled_end


def incident_state() -> tuple[bool, str]:
    return the_one().handled_at is not None, the_one().handled_end


def test_an_incident_leaves_the_lists_with_its_sessions_and_stays_so(scene: Scene) -> None:
    scene.session(9)
    fail(scene, 1, 2, 3)
    scene.run()
    assert handle_incident(scene) == 3
    again(scene)
    again(scene)
    assert listed(scene) == {"9"}
    assert incident_state() == (True, "")
    assert handle_incident(scene) is None  # once is enough


def test_a_session_that_joins_is_seen_and_brings_the_incident_back_with_all(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    handle_incident(scene)
    fail(scene, 4)
    again(scene)
    assert incident_state() == (False, "joined")
    assert listed(scene) == {"1", "2", "3", "4"}


def test_a_session_that_joins_is_never_hidden_though_the_pass_did_not_come_to_count(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    handle_incident(scene)
    fail(scene, 4)
    with monkeypatch.context() as patched:
        patched.setattr("diagnostics.reconcile.incidents.settle", lambda *_: None)
        again(scene)
    assert listed(scene) == {"4"}
    again(scene)
    assert incident_state() == (False, "joined")


def test_what_joined_after_the_page_was_made_was_not_handled_with_it(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    seen_at = scene.now
    fail(scene, 4)
    again(scene)
    assert notes.note_incident_handled(the_one().shared_hash, seen_at, scene.now) == 3
    assert listed(scene) == {"4"}
    again(scene)
    assert incident_state() == (False, "joined")


def test_an_incident_that_is_mended_is_over_and_comes_back_when_it_opens_again(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    handle_incident(scene)
    mend(scene, 1, 2, 3)
    again(scene)
    assert incident_state() == (False, "mended")
    assert listed(scene) == {"1", "2", "3"}  # as sessions that play
    assert state(scene, 1) == (False, "")
    fail(scene, 4, 5, 6)
    again(scene)
    assert incident_state() == (False, "reopened")


def test_an_incident_that_came_back_and_is_mended_is_told_no_more(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    handle_incident(scene)
    fail(scene, 4)
    again(scene)
    mend(scene, 1, 2, 3, 4)
    again(scene)
    assert incident_state() == (False, "")


def test_a_session_that_leaves_its_incident_for_another_fault_is_seen(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    handle_incident(scene)
    scene.host.update(1, error_message=MEMORY)
    again(scene)
    assert (listed(scene), state(scene, 1)) == ({"1"}, (False, "other"))
    assert incident_state() == (True, "")


def test_a_session_comes_back_with_another_fault(scene: Scene) -> None:
    fail(scene, 1)
    scene.run()
    assert handle(scene, 1)
    again(scene)
    assert listed(scene) == set()
    scene.host.update(1, error_message=MEMORY)
    again(scene)
    assert (listed(scene), state(scene, 1)) == ({"1"}, (False, "other"))


def test_a_session_that_was_well_and_broke_again_comes_back(scene: Scene) -> None:
    fail(scene, 1)
    scene.run()
    handle(scene, 1)
    mend(scene, 1)
    again(scene)
    assert (listed(scene), state(scene, 1)) == ({"1"}, (False, "mended"))
    (scene.root / scene.name(1)).write_bytes(b"")
    again(scene)
    assert state(scene, 1) == (False, "again")
    (scene.root / scene.name(1)).write_bytes(wav_bytes())
    again(scene)
    again(scene)
    assert state(scene, 1) == (False, "")  # mended: nothing came back


def test_a_session_whose_row_went_and_came_back_is_handled_no_more(scene: Scene) -> None:
    fail(scene, 1)
    scene.run()
    handle(scene, 1)
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 1")
    again(scene)
    fail(scene, 1)
    again(scene)
    assert (listed(scene), state(scene, 1)) == ({"1"}, (False, ""))


def test_a_lost_store_brings_nothing_back(scene: Scene) -> None:
    scene.session(1)
    scene.session(2)
    (scene.root / scene.name(1)).write_bytes(b"")
    scene.run()
    handle(scene, 1)
    away = scene.root.rename(scene.root.with_name("away"))
    scene.host.update(1, user_id=99)
    again(scene)
    assert (scene.cause(1), state(scene, 1)) == ("storage.unavailable", (True, ""))
    away.rename(scene.root)
    again(scene)
    assert (scene.cause(1), state(scene, 1)) == ("file.empty", (True, ""))


def test_what_was_handled_while_a_pass_found_another_fault_is_seen_at_its_end(scene: Scene) -> None:
    """The pass had read the sessions before the word was given, and so did not know of it."""
    fail(scene, 1, 2, 3, 4)
    scene.host.update(4, error_message="ValueError: invalid title")
    scene.run()

    def say(row: Pass) -> None:
        if row.phase == "sessions":
            assert handle(scene, 4)
            assert handle_incident(scene) == 3

    scene.host.update(3, error_message=MEMORY)
    scene.host.update(4, error_message=MEMORY)
    scene.later(minutes=5)
    scene.run(progress=say)
    assert listed(scene) == {"3", "4"}
    assert (state(scene, 3), state(scene, 4)) == ((False, "other"), (False, "other"))


def test_changes_that_settle_bring_nothing_back(scene: Scene) -> None:
    for key in (1, 2, 3, 4):
        scene.session(key)
    scene.run()
    for key in (1, 2, 3):
        (scene.root / scene.name(key)).unlink()
    scene.later(minutes=5)
    scene.run()
    handle_incident(scene)
    scene.host.update(1, updated_at=scene.text(), completed_at=scene.text())
    scene.run()
    assert (scene.entry(1).state, state(scene, 1)) == ("settling", (True, ""))
    again(scene)
    assert (scene.cause(1), incident_state(), listed(scene)) == ("file.deleted", (True, ""), {"4"})


def test_the_cause_must_still_be_the_one_that_was_seen(scene: Scene) -> None:
    fail(scene, 1)
    scene.run()
    assert not notes.note_session_handled("1", "file.empty", timezone.now())
    assert listed(scene) == {"1"}


def test_it_is_told_what_became_of_all_that_were_ever_part_of_it(scene: Scene) -> None:
    fail(scene, *range(1, 9))
    scene.run()
    mend(scene, 1, 2)
    scene.host.update(3, error_message=MEMORY)
    fresh = scene.text()
    scene.host.update(4, status="pending", error_message=None, created_at=fresh, updated_at=fresh)
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 5")
    again(scene)
    found = mended(Incident.objects.ever().get(code="generation.disk_full"))
    assert (found.mended, found.otherwise, found.under_way, found.deleted) == (2, 1, 1, 1)
    assert (found.left, found.handled, found.lost, found.is_dealt_with) == (3, 0, 0, False)
    fail_again = {"status": "failed", "error_message": "OSError: [Errno 28] No space left on device"}
    scene.host.update(3, **fail_again)  # it has left no more
    again(scene)
    found = mended(Incident.objects.ever().get(code="generation.disk_full"))
    assert (found.left, found.otherwise) == (4, 0)


def test_everything_is_dealt_with_when_all_are_mended_or_handled(scene: Scene) -> None:
    fail(scene, *range(1, 6))
    scene.run()
    mend(scene, 1, 2, 3)
    again(scene)
    assert not mended(the_one()).is_dealt_with
    handle_incident(scene)
    found = mended(the_one())
    assert (found.mended, found.left, found.handled, found.is_dealt_with) == (3, 2, 2, True)


def test_of_those_that_left_before_anybody_kept_who_nothing_is_claimed(scene: Scene) -> None:
    fail(scene, 1, 2, 3, 4)
    scene.run()
    mend(scene, 1, 2)
    again(scene)
    Leaving.objects.all().delete()
    found = mended(the_one())
    assert (found.mended, found.left, found.lost, found.is_dealt_with) == (0, 2, 2, False)


def test_faults_that_were_no_incident_keep_nothing(scene: Scene) -> None:
    fail(scene, 1, 2)
    scene.row(3, final_file_path=f"/srv/old{PREFIX}a.wav")
    scene.run()
    mend(scene, 1, 2, 3)
    again(scene)
    assert not Leaving.objects.exists()


def test_a_pass_writes_nothing_for_what_is_handled_and_did_not_change(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.row(4, final_file_path=f"/srv/old{PREFIX}{scene.name(4)}")  # looked at in every pass
    scene.run()
    handle_incident(scene)
    handle(scene, 4)
    again(scene)
    scene.later(minutes=5)
    assert scene.writes_of(scene.run) == []
    assert state(scene, 4) == (True, "")


def test_a_handling_ends_at_once_when_it_is_taken_back(scene: Scene) -> None:
    fail(scene, 1, 2, 3, 4)
    scene.run()
    handle(scene, 4)
    handle_incident(scene)
    notes.note_incident_unhandled(the_one().shared_hash)
    assert listed(scene) == {"1", "2", "3"}
    notes.note_session_unhandled("4")
    assert listed(scene) == {"1", "2", "3", "4"}
