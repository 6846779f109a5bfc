"""Files that go: one by one, by a clean-up job that really runs, by retention, and by this dashboard itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from diagnostics import cleanups
from diagnostics.domain import wording
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.traces import CleanUp, Reason, Removal
from diagnostics.examine import examine
from diagnostics.models import Finding, Pass
from diagnostics.notes import note_removal, note_restored
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
OLD, YOUNG = range(1, 31), range(101, 111)
# The usual one-liner of a crontab, and the script that somebody wrote for the same.
JOBS = {
    "find": ["find", "{root}", "-name", "*.wav", "-mtime", "+30", "-delete"],
    "script": [
        sys.executable,
        "-c",
        "import os, sys, time\n"
        "for entry in list(os.scandir(sys.argv[1])):\n"
        "    if entry.stat().st_mtime < time.time() - 30 * 86400: os.unlink(entry)",
        "{root}",
    ],
}


@pytest.fixture
def scene(db: None, host_database: HostDatabase) -> Scene:
    return Scene(host_database, Path(configured.AUDIO_ROOT))


def aged(scene: Scene, keys: Iterable[int], *, days: float) -> None:
    """Completed sessions with their files, all of them so old, each an hour older than the one before."""
    for number, key in enumerate(keys):
        ago = timedelta(days=days, hours=number)
        made, done = scene.text(ago=ago + timedelta(minutes=10)), scene.text(ago=ago)
        scene.row(key, created_at=made, updated_at=done, completed_at=done)
        scene.file(scene.name(key), ago=ago)


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Thirty sessions of two months ago and ten of this week, seen by a pass."""
    aged(scene, OLD, days=60)
    aged(scene, YOUNG, days=3)
    scene.run()
    scene.later(minutes=5)
    return scene


def delete(scene: Scene, *keys: int) -> None:
    for key in keys:
        (scene.root / scene.name(key)).unlink()


def clean_up(scene: Scene, job: str) -> None:
    subprocess.run([part.replace("{root}", str(scene.root)) for part in JOBS[job]], check=True, timeout=30)


def live(scene: Scene, key: int) -> Diagnosis:
    diagnosis = examine(str(key), clock=lambda: scene.now).diagnosis
    assert diagnosis is not None
    return diagnosis


def told(scene: Scene, key: int, language: str = "en") -> str:
    return wording.summary(live(scene, key), language, zone_of(scene))


def zone_of(scene: Scene) -> tzinfo:
    return scene.now.tzinfo or UTC


def looks_cleaned_up(scene: Scene, key: int) -> bool:
    """What the pass kept as evidence; what is told live must agree."""
    kept = Finding.objects.get(session__key=str(key), code="file.deleted", resolved_at=None)
    is_kept = "gone together" in {line["fact"] for line in kept.evidence}
    assert ("clean-up" in told(scene, key)) == is_kept
    assert ("清理任务" in told(scene, key, "zh-hans")) == is_kept
    assert kept.confidence == "certain"
    return is_kept


def test_one_file_that_is_removed_is_deleted_and_no_clean_up(peopled: Scene) -> None:
    delete(peopled, 5)
    peopled.run()
    assert (peopled.cause(5), peopled.codes(5)) == ("file.deleted", {"file.deleted"})
    assert not looks_cleaned_up(peopled, 5)


@pytest.mark.parametrize("job", JOBS)
def test_a_clean_up_by_age_is_said(peopled: Scene, job: str) -> None:
    clean_up(peopled, job)
    peopled.run()
    assert {peopled.cause(key) for key in OLD} == {"file.deleted"}
    assert all(looks_cleaned_up(peopled, key) for key in OLD)
    assert {peopled.entry(key).verdict for key in YOUNG} == {"playable"}
    values = live(peopled, 5).findings[0].values
    assert (values["cleanup_count"], values["cleanup_age_seconds"]) == (30, 60 * 86_400 + 300)
    peopled.later(minutes=5)
    assert all("diagnostics_condition" in sql for sql in peopled.writes_of(peopled.run))  # what stands is seen again


def test_a_file_that_was_removed_by_hand_meanwhile_is_none_of_it(peopled: Scene) -> None:
    clean_up(peopled, "find")
    delete(peopled, 105)
    peopled.run()
    assert looks_cleaned_up(peopled, 5)
    assert not looks_cleaned_up(peopled, 105)


def test_one_that_the_job_could_not_take_does_not_hide_it(peopled: Scene) -> None:
    """Held open, in use, or not its own: one old file stays."""
    (peopled.root / peopled.name(7)).rename(peopled.root.parent / "kept.wav")
    clean_up(peopled, "find")
    (peopled.root.parent / "kept.wav").rename(peopled.root / peopled.name(7))
    peopled.run()
    assert peopled.entry(7).verdict == "playable"
    assert looks_cleaned_up(peopled, 5)


@pytest.mark.parametrize(
    "keys",
    [OLD[:20], (*OLD[:15], *YOUNG), OLD[:25], (*OLD, *YOUNG)],
    ids=["no more than twenty", "old and young alike", "old ones stayed as well", "all of them"],
)
def test_what_goes_otherwise_looks_like_none(peopled: Scene, keys: Iterable[int]) -> None:
    peopled.file("notes.txt", b"x", ago=timedelta(days=400))
    delete(peopled, *keys)
    assert peopled.run(accept_store=True).outcome == Pass.Outcome.COMPLETE
    assert peopled.cause(3) == "file.deleted"
    assert not looks_cleaned_up(peopled, 3)


def test_it_is_asked_of_the_ledger_once_for_each_interval(peopled: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = cleanups._found

    def asking(missed_at: datetime) -> CleanUp | None:
        asked.append(missed_at)
        return real(missed_at)

    monkeypatch.setattr(cleanups, "_found", asking)
    clean_up(peopled, "find")
    peopled.run()
    assert asked == [peopled.now]


def test_what_was_moved_is_one_finding_and_no_stray(peopled: Scene) -> None:
    (peopled.root / "archive").mkdir()
    for key in OLD:
        os.rename(peopled.root / peopled.name(key), peopled.root / "archive" / peopled.name(key))
    peopled.run()
    assert {frozenset(peopled.codes(key)) for key in OLD} == {frozenset({"file.misplaced"})}
    assert peopled.strays() == {}


@pytest.mark.parametrize("job", JOBS)
def test_what_retention_clears_is_expired_and_costs_nothing_more(peopled: Scene, settings: Settings, job: str) -> None:
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=30)
    peopled.run()
    clean_up(peopled, job)
    peopled.later(minutes=5)
    row = peopled.run()
    assert row.by_verdict == {"expired": 30, "playable": 10}
    assert (row.by_cause, peopled.conditions(), Finding.objects.count()) == ({}, set(), 0)
    assert not peopled.entry(1).is_whole
    peopled.later(minutes=5)
    assert peopled.writes_of(peopled.run) == []
    assert Pass.objects.latest("id").changed == 0
    assert not _looked_at(peopled)


def _looked_at(scene: Scene) -> set[str]:
    """The sessions that the next pass would look at though nothing changed."""
    entries = [scene.entry(key) for key in (*OLD, *YOUNG)]
    return {entry.key for entry in entries if entry.due_at is not None and entry.due_at <= scene.now}


def test_without_retention_the_same_is_lost_and_a_condition(peopled: Scene, settings: Settings) -> None:
    clean_up(peopled, "find")
    peopled.run()
    assert peopled.conditions() == {"storage.mass_missing"}
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=30)
    assert peopled.run().by_verdict == {"expired": 30, "playable": 10}
    assert not Finding.objects.filter(resolved_at=None).exists()
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=None)
    assert peopled.run().by_cause == {"file.deleted": 30}


def test_a_file_that_outlived_its_retention_is_in_order(peopled: Scene, settings: Settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=30)
    assert peopled.run().by_verdict == {"playable": 40}


def test_a_file_younger_than_its_retention_is_deleted(peopled: Scene, settings: Settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, audio_retention_days=30)
    delete(peopled, 105)
    peopled.run()
    assert (peopled.cause(105), peopled.entry(105).due_at) == ("file.deleted", _ends(peopled, 105))


def _ends(scene: Scene, key: int) -> object:
    completed = scene.entry(key).completed_at
    return completed + timedelta(days=30) if completed else None


def move_away(scene: Scene, key: int, **told: object) -> Removal:
    """What an action does: the file goes to the quarantine, and the ledger is told."""
    quarantine = scene.root / "quarantine"
    quarantine.mkdir(exist_ok=True)
    os.rename(scene.root / scene.name(key), quarantine / scene.name(key))
    until = scene.now + timedelta(days=7)
    values: dict[str, object] = {"action": "delete_file", "actor": "eve", "at": scene.now, "restorable_until": until}
    removal = Removal(**{**values, **told})  # type: ignore[arg-type]  # as the test says
    note_removal(scene.name(key), removal)
    return removal


@pytest.fixture
def guarded(peopled: Scene, settings: Settings) -> Scene:
    settings.QUARANTINE_ROOT = str(peopled.root / "quarantine")
    return peopled


def test_what_an_action_moved_away_is_purged_until_it_is_restored(guarded: Scene) -> None:
    move_away(guarded, 5)
    guarded.later(minutes=5)
    guarded.run()
    assert (guarded.cause(5), guarded.codes(5)) == ("file.purged", {"file.purged"})
    diagnosis = live(guarded, 5)
    assert [finding.code for finding in diagnosis.findings] == ["file.purged"]
    assert diagnosis.actions == ("restore", "regenerate")
    assert told(guarded, 5).startswith("eve moved the file away on ")
    assert "delete_file" in told(guarded, 5, "zh-hans")
    assert guarded.strays() == {}
    os.rename(guarded.root / "quarantine" / guarded.name(5), guarded.root / guarded.name(5))
    note_restored(guarded.name(5))
    guarded.run()
    assert (guarded.entry(5).verdict, guarded.codes(5)) == ("playable", set())


def test_one_that_somebody_else_removed_is_deleted(guarded: Scene) -> None:
    move_away(guarded, 5)
    delete(guarded, 6)
    guarded.run()
    assert (guarded.cause(5), guarded.cause(6)) == ("file.purged", "file.deleted")


def test_it_is_seen_before_any_pass(guarded: Scene) -> None:
    move_away(guarded, 5)
    assert live(guarded, 5).cause == "file.purged"


def test_it_can_be_restored_only_while_it_is_kept(guarded: Scene) -> None:
    move_away(guarded, 5, restorable_until=guarded.now + timedelta(hours=1))
    guarded.run()
    assert guarded.entry(5).due_at == guarded.now + timedelta(hours=1)
    guarded.later(hours=1)
    assert live(guarded, 5).actions == ("regenerate",)
    assert "can no longer be restored" in told(guarded, 5)


def test_a_note_that_comes_after_the_pass_is_taken_up_by_the_next(guarded: Scene) -> None:
    removal = move_away(guarded, 5)
    note_restored(guarded.name(5))
    guarded.run()
    assert guarded.cause(5) == "file.deleted"
    note_removal(guarded.name(5), removal)
    assert guarded.run().changed == 0
    assert (guarded.cause(5), guarded.codes(5)) == ("file.purged", {"file.purged"})


def test_a_file_that_came_back_and_went_again_was_deleted(guarded: Scene) -> None:
    """Generated again at the same path, and then removed by somebody else: the old note explains nothing."""
    move_away(guarded, 5)
    guarded.later(minutes=5)
    guarded.run()
    guarded.file(guarded.name(5))
    guarded.later(minutes=5)
    guarded.run()
    assert guarded.entry(5).verdict == "playable"
    guarded.later(minutes=5)
    delete(guarded, 5)
    guarded.run()
    assert (guarded.cause(5), live(guarded, 5).cause) == ("file.deleted", "file.deleted")


def test_what_a_policy_of_ours_cleared_is_expired(guarded: Scene) -> None:
    move_away(guarded, 105, action="retention", actor="policy", reason=Reason.RETENTION)
    guarded.run()
    assert (guarded.entry(105).verdict, guarded.codes(105)) == ("expired", set())
    assert told(guarded, 105).startswith("A retention policy of this dashboard cleared the audio away on ")
