"""manage.py act does each of them, too."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.sessions_admin.rows.conftest import Stage

pytestmark = pytest.mark.django_db

KEYS = {"reset_stuck": 1, "mark_failed": 2, "complete": 3, "relink": 4}


def act(action: str, *arguments: str, actor: str = "eve") -> str:
    out = StringIO()
    given = ("--ids", str(KEYS[action]), "--actor", actor, "--reason", "after the outage")
    call_command("act", action, *given, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def peopled(stage: Stage) -> Stage:
    stage.stuck(1, 2)
    stage.half_committed(3)
    stage.misplaced(4)
    stage.scene.run()
    return stage


def test_each_is_planned_and_done_from_the_shell(peopled: Stage) -> None:
    for action in KEYS:
        assert json.loads(act(action, "--json"))["to_do"] == 1, action
        assert json.loads(act(action, "--yes", "--json"))["done"] == 1, action
    assert [peopled.status(key) for key in KEYS.values()] == ["pending", "failed", "completed", "completed"]


def test_none_is_done_in_the_name_of_support(peopled: Stage) -> None:
    before = peopled.scene.host.rows()
    for action in KEYS:
        with pytest.raises(CommandError, match="the role does not include"):
            act(action, "--yes", actor="sam")
    assert peopled.scene.host.rows() == before
