"""A host with real rows and files, passes over it, and the way from a plan to the ends of its run."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from diagnostics import store
from diagnostics.probes.store_client import Direct
from sessions_admin.models import ActionPlan, AuditEntry, PlanItem, Run
from sessions_admin.planning import make_plan
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Confirmation, confirm
from tests.reconcile.conftest import scene, scene_on_each_engine
from tests.reconcile.scene import Scene

__all__ = ["scene", "scene_on_each_engine"]

HOURS_AGO = timedelta(hours=3)


@dataclass(slots=True)
class Stage:
    """The scene, and eve the engineer who acts on it."""

    scene: Scene
    eve: User

    def stuck(self, *keys: int, ago: timedelta = HOURS_AGO) -> None:
        """Sessions in generation of which nothing has moved since."""
        for key in keys:
            self.scene.pending(key, ago=ago, status="generating", progress=40)

    def half_committed(self, *keys: int, **values: object) -> None:
        """Failed sessions whose whole files are there; their rows know of no file."""
        for key in keys:
            self.scene.failed(key)
            self.scene.file(self.scene.name(key))
            if values:
                self.scene.host.update(key, **values)

    def misplaced(self, *keys: int) -> None:
        """Completed sessions whose files lie in another folder than their rows say."""
        for key in keys:
            self.scene.row(key)
            self.scene.file(self.scene.name(key), folder="2026")

    def row(self, key: int = 1) -> Mapping[str, object]:
        return self.scene.host.row(key)

    def status(self, key: int = 1) -> object:
        return self.row(key)["status"]

    def plan(self, action: str, *keys: int) -> ActionPlan:
        return make_plan(action, [str(key) for key in keys or (1,)], {"kind": "ids"}, self.eve, timezone.now())

    def carried(self, plan: ActionPlan) -> PlanItem:
        """Confirm and carry out a plan; return its first item."""
        given = Confirmation("after the outage", "10.0.0.7", typed=str(plan.to_do))
        run = confirm(plan, given, self.eve, timezone.now())
        assert isinstance(run, Run), run
        work_on_runs(timezone.now(), threading.Event())
        return plan.items.order_by("number")[0]

    def act(self, action: str, *keys: int) -> PlanItem:
        return self.carried(self.plan(action, *keys))

    def left(self, action: str, *keys: int) -> str:
        """Return why a plan leaves its (first) session alone."""
        item = self.plan(action, *keys).items.order_by("number")[0]
        assert item.expectation == "skip", item.seen
        return item.sentence


@pytest.fixture
def quick_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked in this process: a helper of its own a test would often start too slowly for a live look."""
    monkeypatch.setattr(store, "asker", Direct)


@pytest.fixture
def stage(scene: Scene, settings: Settings, cast: dict[str, User], quick_store: None) -> Stage:
    """On SQLite."""
    return made(scene, settings, cast)


@pytest.fixture
def stage_on_each_engine(
    scene_on_each_engine: Scene, settings: Settings, cast: dict[str, User], quick_store: None
) -> Stage:
    """The same on SQLite, PostgreSQL and MariaDB, one after the other."""
    return made(scene_on_each_engine, settings, cast)


def made(scene: Scene, settings: Settings, cast: dict[str, User]) -> Stage:
    settings.HOST_TIME_ZONE = "UTC"
    return Stage(scene, cast["eve"])


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def audited(key: int = 1) -> tuple[AuditEntry, AuditEntry]:
    """The intent and the outcome of what was done to a session."""
    intent, outcome = AuditEntry.objects.filter(session=str(key)).order_by("seq")
    return intent, outcome
