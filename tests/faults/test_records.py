"""The same asked for twice: a double tap, a client that tries again, and requests that only look like these."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured

from diagnostics import live_requests, other_requests
from diagnostics.domain import wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.examine import Examination, examine
from diagnostics.models import Finding, Pass
from diagnostics.notes import note_resets
from tests.host_database import TABLE, HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
TWICE = "record.duplicate_request"


@pytest.fixture
def scene(db: None, host_database: HostDatabase) -> Scene:
    return Scene(host_database, Path(configured.AUDIO_ROOT))


@pytest.fixture
def scene_on_each_engine(db: None, host_on_each_engine: HostDatabase) -> Scene:
    return Scene(host_on_each_engine, Path(configured.AUDIO_ROOT))


def asked(scene: Scene, key: int, *, ago: float, took: float = 10, **row: object) -> None:
    """User 7 asked for assessment 4 so many minutes ago, and got the audio after `took` minutes."""
    begun, done = scene.text(ago=timedelta(minutes=ago)), scene.text(ago=timedelta(minutes=ago - took))
    times = {"created_at": begun, "updated_at": done, "completed_at": done}
    scene.row(key, **{"user_id": 7, "assessment_id": 4, **times, **row})
    scene.file(scene.name(key), ago=timedelta(minutes=ago - took, seconds=1))


def generating(scene: Scene, key: int, *, ago: float, **row: object) -> None:
    scene.pending(key, ago=timedelta(minutes=ago), status="generating", progress=10)
    moved = scene.text(ago=timedelta(seconds=5))
    scene.host.update(key, **{"user_id": 7, "assessment_id": 4, "updated_at": moved, **row})


def look(scene: Scene, key: int) -> Examination:
    return examine(str(key), clock=lambda: scene.now)


def live(scene: Scene, key: int) -> Diagnosis:
    diagnosis = look(scene, key).diagnosis
    assert diagnosis is not None
    return diagnosis


def twice(scene: Scene) -> set[str]:
    """The sessions of which the passes say so; of each session of the scene, the live look says the same."""
    found = Finding.objects.filter(code=TWICE, resolved_at=None).values_list("session__key", flat=True)
    for key in (int(str(row[0])) for row in scene.host.rows()):
        assert (TWICE in {finding.code for finding in live(scene, key).findings}) == (str(key) in found), key
    return set(found)


def check_of(scene: Scene, key: int) -> Check:
    found = look(scene, key)
    assert found.evidence
    assert found.diagnosis
    checks = [check for step in chain(found.evidence, found.diagnosis) for check in step.checks]
    return next(check for check in checks if check.name == "record.single")


def test_a_client_that_tries_again_after_its_time_out(scene_on_each_engine: Scene) -> None:
    scene = scene_on_each_engine
    generating(scene, 1, ago=10)
    scene.run()
    assert twice(scene) == set()
    scene.pending(2, ago=timedelta(minutes=8))
    scene.host.update(2, user_id=7, assessment_id=4)
    scene.run()
    assert twice(scene) == {"1"}
    assert (scene.entry(1).verdict, scene.entry(1).state, scene.cause(1)) == ("not_ready", "generating", TWICE)
    scene.later(minutes=1)
    assert scene.writes_of(scene.run) == []


def test_a_double_tap_that_two_workers_took(scene: Scene) -> None:
    asked(scene, 1, ago=60)
    asked(scene, 2, ago=60)
    scene.run()
    assert twice(scene) == {"1", "2"}
    assert scene.entry(1).verdict == "playable"
    said = wording.summary(live(scene, 1), "en", scene.now.tzinfo)  # type: ignore[arg-type]  # an aware time
    assert said.endswith("another session that began while this one was being generated: 2.")


def test_only_the_one_that_was_running_has_it(scene: Scene) -> None:
    asked(scene, 1, ago=60, took=20)
    asked(scene, 2, ago=50, took=20)
    scene.run()
    assert twice(scene) == {"1"}


def test_a_failed_session_that_was_asked_for_again_meanwhile(scene: Scene) -> None:
    nothing = {"final_file_path": None, "final_file_size": None, "completed_at": None}
    asked(scene, 1, ago=60, took=20, status="failed", error_message="MemoryError", **nothing)
    (scene.root / scene.name(1)).unlink()
    asked(scene, 2, ago=50)
    scene.run()
    assert (twice(scene), scene.cause(1)) == ({"1"}, "generation.out_of_memory")


@pytest.mark.parametrize(
    "second",
    [
        {"ago": 49},
        {"ago": 50},
        {"ago": 61},
        {"ago": 55, "assessment_id": 5},
        {"ago": 55, "user_id": 8},
        {"ago": 55, "user_id": None},
        {"ago": 55, "assessment_id": None},
        {"ago": 55, "created_at": None},
    ],
    ids=["after", "as it ended", "before", "another assessment", "another user", "no user", "none asked", "no time"],
)
def test_what_only_looks_like_it(scene: Scene, second: dict[str, object]) -> None:
    asked(scene, 1, ago=60, took=10)
    asked(scene, 2, **{"took": 0.5, **second})  # type: ignore[arg-type]  # minutes, and columns
    scene.run()
    assert twice(scene) == set()


def test_two_that_wait_have_no_generation_time_yet(scene: Scene) -> None:
    for key in (1, 2):
        scene.pending(key, ago=timedelta(minutes=5))
        scene.host.update(key, user_id=7, assessment_id=4)
    scene.run()
    assert twice(scene) == set()
    assert check_of(scene, 1).why == "not_begun"


def test_two_of_nobody_are_not_alike(scene: Scene) -> None:
    asked(scene, 1, ago=60, user_id=None)
    asked(scene, 2, ago=55, user_id=None)
    scene.run()
    assert twice(scene) == set()
    assert check_of(scene, 1).why == "no_request"


def test_it_ends_when_the_other_row_goes_moves_or_is_another_s(scene: Scene) -> None:
    asked(scene, 1, ago=60)
    asked(scene, 2, ago=55)
    scene.run()
    assert twice(scene) == {"1"}
    scene.host.update(2, assessment_id=9)
    scene.run()
    assert twice(scene) == set()
    scene.host.update(2, assessment_id=4)
    scene.run()
    assert twice(scene) == {"1"}
    scene.host.update(2, created_at=scene.text(ago=timedelta(minutes=40)))
    scene.run()
    assert twice(scene) == set()
    scene.host.update(2, created_at=scene.text(ago=timedelta(minutes=58)))
    scene.run()
    assert twice(scene) == {"1"}
    scene.host.run(f"DELETE FROM {TABLE} WHERE session_id = 2")
    scene.run()
    assert twice(scene) == set()
    assert Finding.objects.get(code=TWICE).times_opened == 3


def test_what_was_asked_before_a_reset_is_no_second_request(scene: Scene) -> None:
    generating(scene, 1, ago=30)
    scene.pending(2, ago=timedelta(minutes=20))
    scene.host.update(2, user_id=7, assessment_id=4)
    scene.run()
    assert twice(scene) == {"1"}
    note_resets(["1"], scene.now - timedelta(minutes=10))
    scene.run()
    assert twice(scene) == set()


def test_it_counts_from_when_it_was_first_seen_generating(scene: Scene) -> None:
    scene.pending(1, ago=timedelta(minutes=5))
    scene.host.update(1, user_id=7, assessment_id=4)
    scene.run()
    scene.pending(2, ago=timedelta(minutes=1))
    scene.host.update(2, user_id=7, assessment_id=4)
    scene.later(minutes=2)
    scene.host.update(1, status="generating", updated_at=scene.text())
    scene.run()
    assert twice(scene) == set()
    scene.later(minutes=2)
    scene.pending(3, ago=timedelta(minutes=1))
    scene.host.update(3, user_id=7, assessment_id=4)
    scene.run()
    assert twice(scene) == {"1"}


def test_more_than_ten_are_counted_and_the_first_ten_named(scene: Scene) -> None:
    asked(scene, 1, ago=600, took=500)
    for key in range(2, 16):
        asked(scene, key, ago=560 - 10 * key, took=1)
    scene.run()
    assert twice(scene) == {"1"}
    finding = live(scene, 1).findings[0]
    assert finding.values["others"] == ", ".join(str(key) for key in range(2, 12))
    said = wording.finding_sentence(finding, "zh-hans", scene.now.tzinfo)  # type: ignore[arg-type]  # as above
    assert "十个以上的会话" in said


def test_many_alike_are_each_asked_for_and_the_same_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_requests, "MOST_AT_ONCE", 3)
    for key in range(1, 9):
        asked(scene, key, ago=200 - 20 * key, took=21)
    scene.run()
    assert twice(scene) == {str(key) for key in range(1, 8)}
    pairs = [(live(scene, key).findings[0].values["others"]) for key in range(1, 8)]
    assert pairs == [str(key + 1) for key in range(1, 8)]


def test_the_live_look_sees_a_row_that_no_pass_has_seen(scene: Scene) -> None:
    asked(scene, 1, ago=60)
    scene.run()
    asked(scene, 2, ago=55)
    found = look(scene, 1)
    assert found.problems == ()
    assert live(scene, 1).cause == TWICE
    assert check_of(scene, 1).result == "notice"


def test_the_live_look_asks_the_last_pass_where_the_table_is_too_much(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(scene, 1, ago=60)
    asked(scene, 2, ago=55)
    scene.run()
    monkeypatch.setattr(live_requests, "MOST_ROWS", 2)
    found = look(scene, 1)
    assert [trouble.code for trouble in found.problems] == [live_requests.MANY]
    assert live(scene, 1).cause == TWICE


def test_a_table_without_the_columns_switches_it_off_and_says_so(scene: Scene) -> None:
    asked(scene, 1, ago=60)
    asked(scene, 2, ago=55)
    scene.host.run(f"ALTER TABLE {TABLE} DROP COLUMN assessment_id")
    scene.run()
    assert twice(scene) == set()
    assert check_of(scene, 1).why == "no_column"
    assert any("assessment_id" in note for note in Pass.objects.latest("id").notes)


def test_one_in_order_says_so(scene: Scene) -> None:
    asked(scene, 1, ago=60)
    scene.run()
    check = check_of(scene, 1)
    assert (check.result, [line.fact for line in check.evidence]) == (
        "ok",
        ["assessment_id", "generation began", "generation ended"],
    )
