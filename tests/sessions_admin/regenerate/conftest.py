"""Completed sessions whose audio is lost or spoiled, each in its way, and the way from a plan to its run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import ActionPlan, AuditEntry, PlanItem, Run
from sessions_admin.planning import make_plan
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene
from tests.sessions_admin.runs.conftest import Begin, begin, carried

__all__ = ["begin"]

Regenerate = Callable[..., PlanItem]
Plan = Callable[..., ActionPlan]
HEALTHY = 1  # a session beside the broken ones: a root that holds nothing at all is not believed


def made_scene(host: HostDatabase, settings: Settings) -> Scene:
    scene = Scene(host, Path(configured.AUDIO_ROOT))
    settings.QUARANTINE_ROOT = str(scene.root / ".quarantine")
    scene.session(HEALTHY)
    return scene


@pytest.fixture
def scene(db: None, host_database: HostDatabase, settings: Settings) -> Scene:
    """A host on SQLite with one healthy session."""
    return made_scene(host_database, settings)


@pytest.fixture
def scene_on_each_engine(db: None, host_on_each_engine: HostDatabase, settings: Settings) -> Scene:
    """The same on SQLite, PostgreSQL and MariaDB, one after the other."""
    return made_scene(host_on_each_engine, settings)


@pytest.fixture
def plan(cast: dict[str, User]) -> Plan:
    """Plan to regenerate some sessions, as eve the engineer."""

    def planned(*keys: int | str) -> ActionPlan:
        wanted = [str(key) for key in keys or (5,)]
        return make_plan("regenerate", wanted, {"kind": "ids"}, cast["eve"], timezone.now())

    return planned


@pytest.fixture
def regenerate(plan: Plan, begin: Begin) -> Regenerate:
    """Plan to regenerate session 5, let something happen, carry the plan out, and return how its item ended."""

    def done(meanwhile: Callable[[], object] = lambda: None, key: int | str = 5) -> PlanItem:
        made = plan(key)
        assert made.to_do == 1, made.items.get().sentence
        meanwhile()
        return carried(begin(made)).plan.items.get()

    return done


def run_of(item: PlanItem) -> Run:
    return Run.objects.get(pk=item.plan_id)


def intent_of(item: PlanItem) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """What the audit's intent holds of an item: before and after."""
    entry = AuditEntry.objects.get(operation=item.plan_id, number=item.number, is_intent=True)
    return entry.before or {}, entry.after or {}


def standing_at(path: Path) -> list[str]:
    """What lies below a folder, but for what was put aside."""
    return sorted(str(p.relative_to(path)) for p in path.rglob("*") if ".quarantine" not in p.parts)
