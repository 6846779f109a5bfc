"""How attempts end, through real passes over a real table and real files: each once, and never rewritten."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from diagnostics.domain.rates.figures import Rates
from diagnostics.domain.rates.periods import named
from diagnostics.models import Ending, RateFigures, StaleHour
from diagnostics.notes import note_resets
from diagnostics.rates.reading import read
from diagnostics.rates.recount import recount
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


def told(key: int) -> list[tuple[str, bool | None, str]]:
    """The endings of a session in their order: (kind, playable when first seen, cause)."""
    rows = Ending.objects.filter(session__key=str(key)).order_by("id")
    return [(row.kind, row.is_playable, row.cause) for row in rows]


def last(key: int) -> Ending:
    return Ending.objects.filter(session__key=str(key)).order_by("-id")[0]


def figures(scene: Scene, name: str = "7d") -> Rates:
    recount(scene.now, threading.Event())
    return read(named(name, scene.now, UTC))


def rewind(scene: Scene, key: int, status: str, **values: object) -> None:
    """The host begins a session anew."""
    fresh = {"progress_percentage": 5, "completed_at": None, "error_message": None}
    scene.host.update(key, status=status, updated_at=scene.text(), **{**fresh, **values})


def finish(scene: Scene, key: int) -> None:
    """The host ends a session with its file."""
    scene.file(scene.name(key), ago=timedelta())
    done = {"final_file_path": f"{PREFIX}{scene.name(key)}", "final_file_size": 12_044}
    at = scene.text()
    scene.host.update(key, status="completed", progress_percentage=100, updated_at=at, completed_at=at, **done)


def passed(scene: Scene, **later: float) -> None:
    scene.later(**later)
    scene.run()


def test_each_end_is_kept_with_its_time_and_reason(scene: Scene) -> None:
    scene.session(1)
    scene.row(2)
    scene.failed(3)
    scene.pending(4, ago=25 * MINUTES)
    scene.pending(5, ago=5 * MINUTES)
    scene.run()
    assert told(1) == [("completed", True, "")]
    assert told(2) == [("completed", False, "file.never_written")]
    assert told(3) == [("failed", False, "generation.disk_full")]
    assert told(4) == [("stuck", False, "worker.not_picked_up")]
    assert told(5) == []
    assert last(1).ended_at == scene.now - timedelta(hours=2)
    assert (last(1).took_seconds, last(1).length_seconds) == (3600, 60)
    assert last(4).ended_at == scene.now - 15 * MINUTES
    assert last(1).user_hash == last(2).user_hash is not None


def test_a_pass_over_what_did_not_change_writes_nothing(scene: Scene) -> None:
    scene.session(1)
    scene.pending(2, ago=25 * MINUTES)
    scene.run()
    assert scene.writes_of(scene.run) == []


def test_figures_follow_and_bars_hold_each_end_once(scene: Scene) -> None:
    scene.session(1)
    scene.row(2)
    scene.failed(3)
    scene.pending(4, ago=25 * MINUTES)
    scene.run()
    found = figures(scene)
    assert (found.by_file.good, found.by_file.of) == (1, 4)
    assert (found.by_status.good, found.by_status.of) == (2, 3)
    assert {cause.code: cause.number for cause in found.causes} == {
        "file.never_written": 1,
        "generation.disk_full": 1,
        "worker.not_picked_up": 1,
    }
    assert sum(bar.completed + bar.failed + bar.stuck for bar in found.bars) == 4
    assert found.users.number == 1
    assert not StaleHour.objects.exists()


def test_a_file_that_settles_is_judged_at_the_first_look_that_can_tell(scene: Scene) -> None:
    scene.session(9)
    scene.row(1, updated_at=scene.text(ago=timedelta(seconds=20)))
    scene.run()
    assert told(1) == [("completed", None, "")]
    assert figures(scene).left_out.settling == 1
    passed(scene, minutes=2)
    assert told(1) == [("completed", False, "file.never_written")]
    assert figures(scene).left_out.settling == 0


def test_what_is_lost_later_changes_no_rate_and_may_come_back(scene: Scene) -> None:
    path = scene.session(1)
    scene.session(9)
    scene.run()
    path.unlink()
    passed(scene, hours=3)
    found = figures(scene)
    assert (found.by_file.good, found.by_file.of, found.lost) == (2, 2, 1)
    assert [cause.code for cause in found.lost_causes] == ["file.deleted"]
    assert last(1).lost_at == scene.now
    scene.file(scene.name(1))
    passed(scene, hours=1)
    assert (last(1).lost_at, last(1).lost_cause, figures(scene).lost) == (None, "", 0)


def test_what_was_broken_at_first_stays_so_when_it_is_mended(scene: Scene) -> None:
    scene.session(9)
    scene.row(1)
    scene.run()
    scene.file(scene.name(1))
    passed(scene, minutes=10)
    assert scene.entry(1).verdict == "playable"
    assert told(1) == [("completed", False, "file.never_written")]


def test_clearing_old_audio_changes_no_history(scene: Scene, settings: Settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=1.0)
    path = scene.session(1)
    scene.session(9)
    scene.run()
    before = figures(scene, "30d")
    path.unlink()
    passed(scene, days=2)
    assert scene.entry(1).verdict == "expired"
    after = figures(scene, "30d")
    assert (after.by_file, after.lost, after.left_out) == (before.by_file, 0, before.left_out)
    assert (before.by_file.good, before.by_file.of) == (2, 2)


def test_a_store_that_is_away_changes_nothing_and_a_new_end_waits_for_it(scene: Scene) -> None:
    scene.session(1)
    scene.pending(2, ago=25 * MINUTES, status="generating")
    scene.run()
    away = scene.root.with_name("away")
    shutil.move(scene.root, away)
    scene.row(3)
    scene.failed(4)
    passed(scene, minutes=10)
    assert scene.conditions() == {"storage.unavailable"}
    assert told(1) == [("completed", True, "")]
    assert told(2) == [("stuck", False, "worker.stalled")]
    assert told(3) == [("completed", None, "storage.unavailable")]
    assert told(4) == [("failed", False, "generation.disk_full")]
    assert figures(scene).left_out.unchecked == 1
    shutil.move(away, scene.root)
    scene.file(scene.name(3))
    passed(scene, minutes=10)
    assert told(3) == [("completed", True, "")]
    assert last(1).lost_at is None


def test_a_reset_begins_a_new_attempt_and_the_failure_stays(scene: Scene) -> None:
    scene.session(9)
    scene.failed(1)
    scene.run()
    scene.later(hours=1)
    note_resets(["1"], scene.now)
    rewind(scene, 1, "pending")
    passed(scene, minutes=2)
    assert last(1).is_closed
    passed(scene, minutes=3)
    finish(scene, 1)
    passed(scene, minutes=5)
    assert told(1) == [("failed", False, "generation.disk_full"), ("completed", True, "")]
    assert last(1).took_seconds == 300  # from the reset, not from the row's beginning
    found = figures(scene)
    assert (found.by_file.good, found.by_file.of, found.failed) == (2, 3, 1)


def test_an_attempt_that_began_and_failed_between_two_passes_is_one_more(scene: Scene) -> None:
    scene.failed(1)
    scene.run()
    scene.later(minutes=1)
    note_resets(["1"], scene.now)
    scene.later(minutes=1)
    rewind(scene, 1, "failed", error_message="MemoryError")
    passed(scene, minutes=3)
    assert told(1) == [("failed", False, "generation.disk_full"), ("failed", False, "generation.out_of_memory")]


def test_a_row_read_before_its_reset_is_no_new_attempt(scene: Scene) -> None:
    scene.failed(1)
    scene.run()
    note_resets(["1"], scene.now)
    scene.host.update(1, error_message="MemoryError")
    passed(scene, minutes=3)
    assert len(told(1)) == 1


def test_a_host_that_begins_anew_by_itself_keeps_its_failure_too(scene: Scene) -> None:
    scene.failed(1)
    scene.run()
    rewind(scene, 1, "generating")
    passed(scene, minutes=5)
    finish(scene, 1)
    passed(scene, minutes=5)
    assert told(1) == [("failed", False, "generation.disk_full"), ("completed", True, "")]


def test_a_session_that_was_stuck_and_moves_again_was_none(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=25 * MINUTES, status="generating", progress=10)
    scene.run()
    assert figures(scene).stuck == 1
    scene.host.update(1, progress_percentage=20, updated_at=scene.text())
    passed(scene, minutes=1)
    assert (told(1), figures(scene).stuck) == ([], 0)
    assert RateFigures.objects.filter(at__gt=scene.now - timedelta(hours=1)).count() == 0


def test_a_session_that_was_stuck_and_completes_is_completed(scene: Scene) -> None:
    scene.pending(1, ago=25 * MINUTES, status="generating", progress=10)
    scene.run()
    finish(scene, 1)
    passed(scene, minutes=2)
    assert told(1) == [("completed", True, "")]
    found = figures(scene)
    assert (found.stuck, found.by_file.good, found.by_file.of) == (0, 1, 1)


def test_a_stuck_session_that_is_reset_stays_a_failure(scene: Scene) -> None:
    scene.pending(1, ago=25 * MINUTES, status="generating", progress=10)
    scene.run()
    scene.later(minutes=1)
    note_resets(["1"], scene.now)
    rewind(scene, 1, "pending")
    passed(scene, minutes=1)
    finish(scene, 1)
    passed(scene, minutes=2)
    assert told(1) == [("stuck", False, "worker.stalled"), ("completed", True, "")]


def test_a_stuck_session_that_is_marked_failed_stays_stuck_and_so_when_it_begins_anew(scene: Scene) -> None:
    scene.pending(1, ago=25 * MINUTES, status="generating", progress=10)
    scene.run()
    ended_at = last(1).ended_at
    scene.host.update(1, status="failed", error_message="given up", updated_at=scene.text())
    passed(scene, minutes=2)
    assert (told(1), last(1).ended_at) == ([("stuck", False, "worker.stalled")], ended_at)
    rewind(scene, 1, "generating")
    passed(scene, minutes=2)
    assert (told(1), last(1).is_closed) == ([("stuck", False, "worker.stalled")], True)


def test_times_of_a_wrong_zone_are_undated(scene: Scene) -> None:
    ahead = datetime.strftime(scene.now + timedelta(hours=8), "%Y-%m-%d %H:%M:%S")
    scene.session(1, created_at=ahead, updated_at=ahead, completed_at=ahead)
    scene.run()
    assert (last(1).is_dated, last(1).ended_at) == (False, scene.now)
    found = figures(scene)
    assert (found.left_out.undated, found.by_file.of, found.times.number) == (1, 0, 0)
    passed(scene, hours=9)
    assert (last(1).is_dated, Ending.objects.count()) == (False, 1)
    assert figures(scene).left_out.undated == 1


def test_a_row_that_goes_keeps_its_place_in_the_figures(scene: Scene) -> None:
    scene.failed(1)
    scene.session(9)
    scene.run()
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 1")
    passed(scene, minutes=5)
    assert figures(scene).failed == 1


def test_what_goes_on_is_told_beside_the_figures(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=timedelta(hours=30), status="generating", progress=3)
    scene.host.update(1, updated_at=scene.text(ago=timedelta(seconds=30)))
    scene.pending(2, ago=5 * MINUTES)
    scene.run()
    found = figures(scene, "24h")
    assert (found.going, found.oldest_going_at) == (1, scene.now - timedelta(hours=30))
    assert figures(scene, "7d").going == 0
    assert found.counted_to is not None
