"""One round: many failed sessions are reset by runs and one by one, while generators take them, until all are composed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils import timezone

from diagnostics.probes.databases import HostUnavailable
from sessions_admin.actions import perform
from sessions_admin.actions.reset import NAME, plan_for
from sessions_admin.host_writer import HostRow, open_preview
from sessions_admin.models import ActionPlan, AuditEntry, PlanItem, Run
from sessions_admin.planning import make_plan
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Confirmation, confirm
from tests.host_database import FAILED, TABLE, HostDatabase

PATIENCE_SECONDS = 120
ONE_BY_ONE = 4  # sessions of each wave that support resets singly, beside the run
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Scene:
    """A dashboard (the settings of this process), its host, and who resets what."""

    folder: Path
    host: HostDatabase
    eve: User
    ada: User
    sam: User
    chance: random.Random
    next_key: int = 1
    read: Counter[str] = field(default_factory=Counter)  # bytes read of what the generators wrote down


@dataclass(slots=True)
class Told:
    """What came of some rounds. `wrong` has a line for everything that must not be."""

    rounds: int = 0
    sessions: int = 0
    resets: int = 0
    taken: int = 0
    left_alone: int = 0
    twice: int = 0
    wrong: list[str] = field(default_factory=list)


def play(scene: Scene, sessions: int, told: Told) -> None:
    """Play one round, and add to what was told of the earlier ones."""
    keys = fail_sessions(scene, sessions)
    ends = time.monotonic() + PATIENCE_SECONDS
    while statuses := unfinished(scene):
        failed = [key for key, status in statuses if status == "failed"]
        if failed:
            reset(scene, failed, told)
        else:
            time.sleep(0.01)
        if time.monotonic() > ends:
            told.wrong.append(f"not over after {PATIENCE_SECONDS} s: {Counter(status for _, status in statuses)}")
            return
    count(scene, keys, told)
    forget(scene, keys)
    told.rounds += 1
    told.sessions += sessions


def fail_sessions(scene: Scene, number: int) -> list[int]:
    keys = list(range(scene.next_key, scene.next_key + number))
    scene.next_key += number
    columns = ("session_id", *FAILED)
    with scene.host.connected() as database:
        marks = ", ".join([database.placeholder] * len(columns))
        with database.transaction():
            for key in keys:
                database.change(f"INSERT INTO {TABLE} ({', '.join(columns)}) VALUES ({marks})", [key, *FAILED.values()])
    return keys


def unfinished(scene: Scene) -> list[tuple[str, str]]:
    with scene.host.connected() as database:
        rows = database.rows(f"SELECT session_id, status FROM {TABLE} WHERE status <> 'completed'")
    return [(str(key), str(status)) for key, status in rows]


def reset(scene: Scene, failed: Sequence[str], told: Told) -> None:
    """Two people confirm one plan at the same moment; its run goes on beside whoever resets some of them singly."""
    plan = make_plan(NAME, failed, {}, scene.eve, timezone.now())
    if not plan.to_do:
        return
    given = Confirmation("a round of the races", "", typed=str(plan.to_do))
    runs = at_once(*(lambda who=who: confirm(plan, given, who, timezone.now()) for who in (scene.eve, scene.ada)))
    if {getattr(run, "pk", repr(run)) for run in runs} != {plan.pk}:
        told.wrong.append(f"two confirmations led to {runs}")
    chosen = scene.chance.sample(list(failed), min(ONE_BY_ONE, len(failed)))
    at_once(lambda: work_on_runs(timezone.now(), threading.Event()), lambda: reset_singly(scene, chosen))


def reset_singly(scene: Scene, keys: Sequence[str]) -> None:
    for key in keys:
        try:
            with open_preview() as host:
                row = host.read(key)
        except HostUnavailable:
            continue  # busy, as a page would say
        if isinstance(row, HostRow) and row.status == "failed":
            perform(NAME, plan_for(row, timezone.now()), actor=scene.sam, reason="a user asked", address="")


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Make all calls at the same moment, in threads of their own; what one of them raises is raised."""
    barrier, answers = threading.Barrier(len(calls)), dict[int, Answer]()

    def make(number: int, call: Callable[[], Answer]) -> None:
        barrier.wait()
        try:
            answers[number] = call()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(answers) < len(calls):
        raise AssertionError("one of the calls failed; its traceback stands above")
    return [answers[number] for number in range(len(calls))]


def count(scene: Scene, keys: Sequence[int], told: Told) -> None:
    """Hold the audit, what the generators wrote down, the rows and the files against one another."""
    entries = AuditEntry.objects.filter(is_intent=False, action="reset").values_list("session", "outcome")
    resets = Counter(session for session, outcome in entries if outcome == "done")
    taken, disturbed = written_down(scene, "taken"), written_down(scene, "disturbed")
    told.resets += resets.total()
    told.taken += taken.total()
    told.left_alone += sum(outcome == "skipped" for _, outcome in entries)
    told.twice += sum(max(0, taken[key] - resets[key]) for key in taken)
    told.wrong += [
        f"{key}: {resets[key]} resets, taken {taken[key]} times" for key in resets | taken if resets[key] != taken[key]
    ]
    told.wrong += [f"{key}: changed while it was being generated, or composed before" for key in disturbed]
    wrong = AuditEntry.objects.filter(is_intent=True).exclude(before__status="failed").values_list("session", flat=True)
    told.wrong += [f"{key}: reset though it had not failed" for key in wrong]
    told.wrong += [f"{entry}: its outcome is not known" for entry in AuditEntry.objects.open_intents()]
    composed = {int(path.stem) for path in (scene.folder / "audio").iterdir()}
    told.wrong += [f"{key}: not composed exactly once" for key in composed ^ set(keys)]


def written_down(scene: Scene, what: str) -> Counter[str]:
    """Return key -> how often, of what the generators wrote down since the last round."""
    found: Counter[str] = Counter()
    for path in scene.folder.glob(f"{what}_*"):
        with path.open() as file:
            file.seek(scene.read[path.name])
            found.update(file.read().split())
            scene.read[path.name] = file.tell()
    return found


def forget(scene: Scene, keys: Sequence[int]) -> None:
    """So that a thousand rounds need no more room than one. The audit's own door lets nobody do this."""
    for key in keys:
        (scene.folder / "audio" / f"{key}.wav").unlink(missing_ok=True)
    scene.host.run(f"DELETE FROM {TABLE}")
    Run.objects.all().delete()
    PlanItem.objects.all()._raw_delete("default")
    ActionPlan.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {AuditEntry._meta.db_table}")
