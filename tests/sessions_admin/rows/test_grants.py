"""What the writing connection may not change: said in the plan where an action needs it, passed over where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from pytest_django import Settings

from sessions_admin.actions import rows
from tests.host_database import TABLE, HostDatabase
from tests.reconcile.scene import PREFIX, Scene
from tests.sessions_admin.rows.conftest import Stage, made
from tests.sessions_admin.test_host_writer import LOGINS, limited

__all__ = ["limited"]

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def stage(limited: HostDatabase, settings: Settings, cast: dict[str, User], quick_store: None) -> Stage:
    """A host whose write login may update status, error_message and updated_at only."""
    return made(Scene(limited, Path(configured.AUDIO_ROOT)), settings, cast)


def test_without_the_second_grant_the_plan_says_which_it_needs(stage: Stage) -> None:
    stage.half_committed(1)
    stage.misplaced(2)
    stage.scene.host.update(2, final_file_size=5)
    stage.half_committed(3, final_file_path=PREFIX + stage.scene.name(3), final_file_size=5)
    needs = "Session {} is left alone: the writing connection needs the right to change {}."
    assert stage.left("complete", 1) == needs.format(1, "final_file_path")
    assert stage.left("relink", 2) == needs.format(2, "final_file_path, final_file_size")
    assert stage.left("complete", 3) == needs.format(3, "final_file_size")


def test_what_an_action_can_do_without_is_passed_over(stage: Stage) -> None:
    stage.half_committed(1, final_file_path=PREFIX + stage.scene.name(1))
    assert stage.act("complete", 1).outcome == "done"
    row = stage.row()
    assert (row["status"], row["error_message"], row["progress_percentage"]) == ("completed", None, 40)
    assert (row["final_file_size"], row["completed_at"]) == (None, None)


def test_a_grant_that_is_taken_away_after_the_plan_fails_it(stage: Stage) -> None:
    host = stage.scene.host
    _, who, _ = LOGINS[host.engine]
    host.run(f"GRANT UPDATE (final_file_path) ON {TABLE} TO {who}")
    stage.misplaced(1)
    plan = stage.plan("relink")
    assert plan.to_do == 1
    host.run(f"REVOKE UPDATE (final_file_path) ON {TABLE} FROM {who}")
    before = stage.row()
    item = stage.carried(plan)
    assert (item.outcome, item.message, item.values) == ("failed", rows.NOT_GRANTED, {"columns": "final_file_path"})
    assert stage.row() == before
