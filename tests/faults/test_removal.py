"""Files that go: one by one, by a clean-up job that really runs, by retention, and by this dashboard itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from diagnostics import cleanups
from diagnostics.domain.traces import CleanUp
from diagnostics.models import Finding, Pass
from tests.faults.past import OLD, YOUNG, delete, live, people, told
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    return people(scene)


def clean_up(scene: Scene, job: str) -> None:
    subprocess.run([part.replace("{root}", str(scene.root)) for part in JOBS[job]], check=True, timeout=30)


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
    [OLD[10:], (*OLD[10:], *YOUNG), OLD[:25], (*OLD, *YOUNG)],
    ids=["no more than twenty", "old and young alike", "old ones stayed as well", "all of them"],
)
def test_what_goes_otherwise_looks_like_none(peopled: Scene, keys: Iterable[int]) -> None:
    peopled.file("notes.txt", b"x", ago=timedelta(days=400))
    delete(peopled, *keys)
    assert peopled.run(accept_store=True).outcome == Pass.Outcome.COMPLETE
    assert peopled.cause(15) == "file.deleted"
    assert not looks_cleaned_up(peopled, 15)


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
