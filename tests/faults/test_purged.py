"""Files that this dashboard itself moved away: said as such, offered back while they can be, and never lost."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from diagnostics.domain.traces import Reason, Removal
from diagnostics.notes import note_removal, note_restored
from tests.faults.past import delete, live, people, told
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None, host_database: HostDatabase) -> Scene:
    return Scene(host_database, Path(configured.AUDIO_ROOT))


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
def guarded(scene: Scene, settings: Settings) -> Scene:
    settings.QUARANTINE_ROOT = str(scene.root / "quarantine")
    return people(scene)


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
