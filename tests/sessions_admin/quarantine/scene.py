"""Orphans and sessions in a real audio folder that a real pass has seen, and the way from a plan to the end of its run."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.utils import timezone

from diagnostics.identity import path_hash
from sessions_admin.models import ActionPlan, HeldFile, Run
from sessions_admin.planning import make_plan
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Confirmation, confirm
from tests.reconcile.scene import Scene


def peopled(scene: Scene, orphans: int = 3) -> Scene:
    """Sessions 1 to 3 that play, and two-day-old orphans 901, 902 …; a pass has seen them all."""
    for key in range(1, 4):
        scene.session(key)
    for key in range(901, 901 + orphans):
        scene.file(scene.name(key), ago=timedelta(days=2))
    scene.run()
    return scene


def number(scene: Scene, key: int) -> str:
    """The ledger's number of a session's file, as a plan's item has it."""
    return str(path_hash(scene.name(key)))


def plan(action: str, keys: list[str], actor: User, **scope: str) -> ActionPlan:
    return make_plan(action, keys, {"kind": "ids", **scope}, actor, timezone.now())


def begun(made: ActionPlan, actor: User) -> Run:
    told = Confirmation(
        "orphans of the old host", "10.0.0.7", typed=str(made.to_do), acknowledged=frozenset(made.conditions)
    )
    run = confirm(made, told, actor, timezone.now())
    assert isinstance(run, Run), run
    return run


def carried(made: ActionPlan, actor: User) -> Run:
    run = begun(made, actor)
    work_on_runs(timezone.now(), threading.Event())
    run.refresh_from_db()
    return run


def held_by(made: ActionPlan) -> list[HeldFile]:
    return list(HeldFile.objects.filter(operation=made.pk).order_by("number"))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}
