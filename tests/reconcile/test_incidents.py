"""The life of incidents over passes: new, grown, resolved, regressed; counted only where something changed."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diagnostics import incidents as shown
from diagnostics.models import Incident, SessionEntry
from diagnostics.reconcile import incidents as settling
from diagnostics.reconcile import run_pass
from diagnostics.snapshot import make_snapshot
from tests.reconcile.scene import PREFIX, Scene, wav_bytes

pytestmark = pytest.mark.django_db
DISK = "OSError: [Errno 28] No space left on device"


def fail(scene: Scene, *keys: int, error: str = DISK) -> None:
    for key in keys:
        scene.failed(key, error)


def mend(scene: Scene, *keys: int) -> None:
    """As the host does when it composes them again."""
    for key in keys:
        scene.file(scene.name(key))
        done = scene.text(ago=timedelta(hours=2))
        whole = {"final_file_path": PREFIX + scene.name(key), "final_file_size": len(wav_bytes())}
        whole |= {"status": "completed", "progress_percentage": 100, "error_message": None}
        scene.host.update(key, **whole, completed_at=done, updated_at=done)


def the_one() -> Incident:
    return Incident.objects.ever().get()


def state(scene: Scene) -> str:
    return shown.state(the_one(), scene.now)


def test_two_sessions_are_no_incident_and_three_are(scene: Scene) -> None:
    fail(scene, 1, 2)
    scene.run()
    assert not Incident.objects.ever().exists()
    fail(scene, 3)
    scene.later(minutes=1)
    scene.run()
    row = the_one()
    assert (row.kind, row.code, row.sessions, row.most_sessions) == ("error", "generation.disk_full", 3, 3)
    assert row.values == {"error": "OSError: [Errno 28] No space left on device"}


def test_what_was_never_more_than_two_leaves_nothing_behind(scene: Scene) -> None:
    fail(scene, 1, 2)
    scene.run()
    assert Incident.objects.count() == 1
    mend(scene, 1, 2)
    scene.later(minutes=1)
    scene.run()
    assert not Incident.objects.exists()


def test_its_whole_life(scene: Scene) -> None:
    scene.session(9)
    scene.run()
    scene.later(minutes=5)
    fail(scene, 1, 2, 3)
    scene.run()
    first_seen = scene.now
    assert (state(scene), the_one().first_seen_at) == ("new", first_seen)
    scene.later(hours=25)
    fail(scene, 4)
    scene.run()
    assert (state(scene), the_one().sessions, the_one().first_seen_at) == ("ongoing", 4, first_seen)
    seen_last = scene.now
    mend(scene, 1, 2, 3)
    scene.later(minutes=5)
    scene.run()
    assert (state(scene), the_one().sessions) == ("ongoing", 1)  # it lives while one is left
    seen_last = scene.now
    mend(scene, 4)
    scene.later(minutes=5)
    scene.run()
    row = the_one()
    assert (state(scene), row.sessions, row.most_sessions) == ("resolved", 0, 4)
    assert (row.seen_at, row.resolved_at) == (seen_last, scene.now)
    scene.later(days=3)
    fail(scene, 5, 6)
    scene.run()
    assert state(scene) == "resolved"  # two may be chance, as at first
    fail(scene, 7)
    scene.later(minutes=5)
    scene.run()
    row = the_one()
    assert (state(scene), row.times_opened, row.sessions, row.most_sessions) == ("regressed", 2, 3, 4)
    assert (row.opened_at, row.first_seen_at) == (scene.now, first_seen)
    scene.later(days=2)
    assert state(scene) == "ongoing"


def test_what_the_first_pass_finds_is_as_old_as_its_rows(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    old = scene.text(ago=timedelta(days=20))
    scene.host.update(2, created_at=old, updated_at=old)
    scene.run()
    row = the_one()
    assert row.first_seen_at == scene.now - timedelta(days=20)
    assert state(scene) == "ongoing"


def test_the_first_pass_may_take_its_time(scene: Scene) -> None:
    """The clock goes on while it looks, and what it finds is still as old as the rows."""
    fail(scene, 1, 2, 3)
    began, ticks = scene.now - timedelta(hours=2), itertools.count()
    run_pass(clock=lambda: scene.now + timedelta(seconds=next(ticks)), wait_seconds=5)
    assert the_one().first_seen_at == began


def test_it_counts_sessions_and_the_users_that_are_known(scene: Scene) -> None:
    fail(scene, 1, 2, 3, 4, 5)
    for key, user in ((1, 7), (2, 7), (3, 8), (4, None), (5, None)):
        scene.host.update(key, user_id=user)
    scene.run()
    assert (the_one().sessions, the_one().users) == (5, 2)
    scene.host.update(4, user_id=9)
    scene.later(minutes=1)
    scene.run()
    assert the_one().users == 3


def test_a_session_that_moves_to_another_fault_leaves_one_and_joins_the_other(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    fail(scene, 4, 5, 6, error="MemoryError")
    scene.run()
    scene.host.update(3, error_message="MemoryError")
    scene.later(minutes=1)
    scene.run()
    assert dict(Incident.objects.standing().values_list("code", "sessions")) == {
        "generation.disk_full": 2,
        "generation.out_of_memory": 4,
    }


def test_rows_that_leave_the_host_leave_their_incident_and_come_back_to_it(scene: Scene) -> None:
    fail(scene, 1, 2, 3, 4)
    scene.run()
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id IN (3, 4)")
    scene.later(minutes=1)
    scene.run()
    assert the_one().sessions == 2
    fail(scene, 3)
    scene.later(minutes=1)
    scene.run()
    assert the_one().sessions == 3


def test_a_deletion_is_one_interval(scene: Scene) -> None:
    for key in range(1, 9):
        scene.session(key)
    scene.run()
    before = scene.now
    scene.later(minutes=5)
    for key in range(1, 5):
        (scene.root / scene.name(key)).unlink()
    scene.run()
    row = the_one()
    assert (row.kind, row.sessions) == ("deletion", 4)
    assert row.values == {"seen_at": before.isoformat(), "missed_at": scene.now.isoformat()}
    scene.later(minutes=5)
    for key in range(5, 8):
        (scene.root / scene.name(key)).unlink()
    scene.run()
    assert list(Incident.objects.standing().values_list("sessions", flat=True)) == [4, 3]


def test_a_lost_store_neither_opens_nor_closes_anything_about_files(scene: Scene) -> None:
    for key in range(1, 9):
        scene.session(key)
    scene.run()
    for key in range(1, 5):
        (scene.root / scene.name(key)).unlink()
    scene.later(minutes=5)
    scene.run()
    away = scene.root.rename(scene.root.with_name("away"))
    scene.host.update(1, updated_at=scene.text())  # changed meanwhile: looked at, and not seen
    scene.later(minutes=5)
    row = scene.run()
    assert row.by_cause == {"storage.unavailable": 8}
    assert [(one.kind, one.sessions) for one in Incident.objects.standing()] == [("deletion", 4)]
    away.rename(scene.root)
    scene.later(minutes=5)
    scene.run()
    [one] = Incident.objects.ever()
    assert (one.sessions, one.times_opened, one.resolved_at) == (4, 1, None)


def test_a_host_that_does_not_answer_closes_nothing(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.run()
    scene.host.run("ALTER TABLE long_sequence_sessions RENAME TO elsewhere")
    scene.later(minutes=5)
    assert scene.run().outcome == "failed"
    assert (the_one().sessions, the_one().resolved_at) == (3, None)


def test_nothing_is_written_or_counted_for_what_did_not_change(scene: Scene) -> None:
    fail(scene, *range(1, 30))
    for key in range(30, 35):  # what no listing tells is looked at again in every pass
        scene.row(key, final_file_path=f"/srv/old{PREFIX}{scene.name(key)}")
    scene.run()
    scene.later(minutes=5)
    assert scene.writes_of(scene.run) == []
    with CaptureQueriesContext(connection) as captured:
        settling.settle(scene.now, None)
    assert len(captured) == 1


def test_the_cost_is_that_of_the_incidents_that_changed(scene: Scene) -> None:
    """A hundred incidents that did not change ask for no more than ten do."""

    def people(first: int, last: int) -> None:
        for number in range(first, last):
            word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
            fail(scene, *range(10 * number, 10 * number + 3), error=f"Error of {word}")

    def cost() -> int:
        scene.later(minutes=1)
        scene.host.update(10, user_id=scene.now.minute + 100)
        with CaptureQueriesContext(connection) as captured:
            scene.run()
        return len(captured)

    people(1, 11)
    scene.run()
    at_ten = cost()
    people(11, 101)
    scene.run()
    assert Incident.objects.standing().count() == 100
    assert cost() == at_ten


def test_a_pass_that_ends_before_it_counts_is_caught_up_by_the_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(scene, 1, 2, 3)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(settling, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            scene.run()
    assert not Incident.objects.ever().exists()
    scene.later(minutes=1)
    scene.run()
    assert the_one().sessions == 3


def test_every_shared_hash_of_the_index_is_known(scene: Scene) -> None:
    fail(scene, 1, 2, 3)
    scene.row(4, final_file_path=f"/srv/old{PREFIX}a.wav")
    scene.run()
    hashes = set(SessionEntry.objects.exclude(shared_hash=None).values_list("shared_hash", flat=True))
    assert hashes == set(Incident.objects.values_list("shared_hash", flat=True))
    assert len(hashes) == 2


def test_odd_values_can_be_kept_and_shown(scene: Scene) -> None:
    for key in (1, 2, 3):
        scene.row(key, final_file_path=f"/srv/\ud7ff\x01 %00%ff<script>/{scene.name(key)}")
        scene.row(key + 10, status="odd\x00state")
    scene.run()
    assert {row.kind for row in Incident.objects.standing()} <= {"base", "status"}
    make_snapshot(scene.now)


def test_the_snapshot_carries_them_ranked_broken_before_unknown(scene: Scene) -> None:
    for key in range(20, 26):
        scene.row(key, final_file_path=f"https://cdn.example.cn/{key}.wav")
    fail(scene, 1, 2, 3)
    fail(scene, 4, 5, 6, 7, error="MemoryError")
    scene.run()
    told = make_snapshot(scene.now).content["incidents"]
    assert told["standing"] == 3
    ranked = [(one["kind"], one["sessions"], one["state"]) for one in told["ranked"]]
    assert ranked == [("error", 4, "new"), ("error", 3, "new"), ("host", 6, "new")]


@pytest.mark.databases
def test_incidents_live_on_each_engine_of_the_host(scene_on_each_engine: Scene) -> None:
    scene = scene_on_each_engine
    fail(scene, 1, 2, 3)
    scene.run()
    assert the_one().sessions == 3
