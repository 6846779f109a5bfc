"""On SQLite, PostgreSQL and MariaDB: the row as this host writes it, and no more of it than the rights allow."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.actions import settle_now
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.runs.carry import take_up
from tests.host_database import HostDatabase
from tests.reconcile.scene import PREFIX, Scene, wav_bytes
from tests.sessions_admin.regenerate.breaking import break_five
from tests.sessions_admin.regenerate.conftest import Regenerate, made_scene, run_of
from tests.sessions_admin.test_host_writer import limited

__all__ = ["limited"]
pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_the_row_is_cleared_and_its_file_put_aside(scene_on_each_engine: Scene, regenerate: Regenerate) -> None:
    scene = scene_on_each_engine
    break_five(scene, "file.truncated")
    item = regenerate()
    assert item.outcome == "done"
    row = scene.host.row(5)
    told = ("status", "final_file_path", "final_file_size", "completed_at", "error_message", "progress_percentage")
    assert [row[name] for name in told] == ["pending", None, None, None, None, 0]
    assert HeldFile.objects.get().is_held
    scene.later(minutes=2)
    scene.run()
    assert (scene.entry(5).state, scene.cause(5)) == ("waiting", "")


def test_an_open_intent_is_settled_by_its_row(scene_on_each_engine: Scene, regenerate: Regenerate) -> None:
    """As after a crash behind the change: the outcome was never written."""
    scene = scene_on_each_engine
    break_five(scene, "file.truncated")
    done = regenerate()
    intent = AuditEntry.objects.get(operation=done.plan_id, is_intent=True)
    again = AuditEntry(
        at=timezone.now(), operation=intent.operation, number=7, is_intent=True, actor="eve", action="regenerate",
        session="5", before=intent.before, after=intent.after, outcome="intent",
    )  # fmt: skip
    again.save()
    assert settle_now(again)
    outcome = AuditEntry.objects.get(operation=intent.operation, number=7, is_intent=False)
    assert outcome.outcome == "done"
    take_up(run_of(done))
    assert scene.host.row(5)["status"] == "pending"


def test_what_it_may_not_change_stays_until_the_worker_writes_it(
    db: None, limited: HostDatabase, settings: Settings, regenerate: Regenerate
) -> None:
    scene = made_scene(limited, settings)
    break_five(scene, "file.size_mismatch")
    item = regenerate()
    assert item.outcome == "done"
    row = limited.row(5)
    assert (row["status"], row["final_file_path"]) == ("pending", PREFIX + scene.name(5))
    assert (row["final_file_size"], row["progress_percentage"]) == (7, 100)
    for _ in range(2):  # while it waits, and longer than a whole file would have to lie still
        scene.run()
        assert "record.status_lagging" not in scene.codes(5)
        scene.later(minutes=20)


def test_a_row_that_still_names_another_s_file_is_not_called_finished(
    db: None, limited: HostDatabase, settings: Settings, regenerate: Regenerate
) -> None:
    scene = made_scene(limited, settings)
    scene.session(6)
    scene.row(5, final_file_path=PREFIX + scene.name(6), final_file_size=len(wav_bytes()))
    scene.run()
    assert scene.cause(5) == "file.name_collision"
    assert regenerate().outcome == "done"
    scene.later(minutes=5)
    scene.run()
    assert (scene.entry(5).state, scene.codes(5) - {"record.progress_odd"}) == ("waiting", set())
    assert (scene.root / scene.name(6)).exists()
