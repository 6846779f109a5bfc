"""A store that falls silent between the looks: unknown, and left alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from diagnostics import store
from diagnostics.probes.store_client import Direct, StoreSilent
from sessions_admin.actions import ACTIONS, live, row_files
from sessions_admin.actions.action import Intent
from sessions_admin.host_writer import open_writer
from sessions_admin.planning import item_of
from tests.sessions_admin.rows.conftest import Stage

pytestmark = pytest.mark.django_db


class SilentAboutFiles(Direct):
    """Answers everything but which file stands at a path."""

    def ask(self, name: str, *arguments: object, seconds: float) -> object:
        if name == "identities":
            raise StoreSilent(timezone.now())
        return super().ask(name, *arguments, seconds=seconds)


def prepared(stage: Stage, action: str) -> None:
    if action == "complete":
        stage.half_committed(1)
    else:
        stage.misplaced(1)


@pytest.mark.parametrize("action", ["complete", "relink"])
def test_a_store_that_does_not_answer_is_unknown(stage: Stage, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(stage, action)
    plan, before = stage.plan(action), stage.row()
    monkeypatch.setattr(store, "asker", SilentAboutFiles)
    item = stage.carried(plan)
    assert (item.outcome, item.message, item.values["problem"]) == ("skipped", live.UNKNOWN, "store.timeout")
    assert stage.plan(action).items.get().why == live.UNKNOWN
    assert stage.row() == before


@pytest.mark.parametrize("action", ["complete", "relink"])
def test_one_that_falls_silent_at_the_last_look_changes_nothing(
    stage: Stage, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(stage, action)
    item, before = item_of(stage.plan(action).items.get()), stage.row()
    with open_writer() as writer:
        intent = ACTIONS[action].intend(writer, [item], timezone.now())["1"]
        assert isinstance(intent, Intent)
        monkeypatch.setattr(store, "asker", SilentAboutFiles)
        (result,) = ACTIONS[action].carry_out(writer, [(item, intent)])
    assert (result.kind, result.message) == ("skipped", row_files.NOT_SEEN)
    assert stage.row() == before
