"""Many failed sessions on a host, known to the index as a pass would know them, and the way from a plan to its run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy

from diagnostics.models import SessionEntry
from sessions_admin import permissions
from sessions_admin.actions import ACTIONS
from sessions_admin.actions.reset import RESET
from sessions_admin.models import ActionPlan, Run
from sessions_admin.planning import make_plan
from sessions_admin.runs.carry import work_on_runs
from sessions_admin.runs.confirm import Confirmation, Refusal, confirm
from tests.host_database import HostDatabase

Begin = Callable[..., Run | Refusal]


def fail_sessions(host: HostDatabase, keys: Sequence[int], *, index: bool = True, **values: object) -> None:
    """Put failed sessions into the host's table, and, as after a pass, into the index."""
    for key in keys:
        host.insert_failed(key, **values)
    if index:
        SessionEntry.objects.bulk_create([known(str(key)) for key in keys])


def known(key: str, **values: object) -> SessionEntry:
    """A failed session as the last pass saw it."""
    now = timezone.now()
    told = {
        "listed_at": now, "first_seen_at": now, "changed_at": now, "status": "failed", "verdict": "broken",
        "state": "failed", "cause": "generation.unrecognised", "duration_seconds": 1800.0, **values,
    }  # fmt: skip
    return SessionEntry(key=key, **told)


def plan_of(keys: Sequence[int], actor: User, at: datetime | None = None, action: str = "reset") -> ActionPlan:
    return make_plan(action, [str(key) for key in keys], {"kind": "ids"}, actor, at or timezone.now())


GRAVE_REASON = "What is so reset cannot be brought back."
# A reset that is as hard to undo as anything is: it needs two people, a fresh login, and the number typed.
GRAVE = replace(
    RESET,
    name="regenerate",
    title=gettext_lazy("Regenerate for good"),
    title_of_many=gettext_lazy("Regenerate many for good"),
    button=lambda number: "Regenerate %(number)s for good",
    permission=permissions.REGENERATE_SESSION,
    is_loud=True,
    needs_fresh_login=True,
    second_person=lambda _items: GRAVE_REASON,
)


@pytest.fixture
def grave(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register it, and give its name: one that the catalogue of causes knows."""
    monkeypatch.setitem(ACTIONS, GRAVE.name, GRAVE)
    return GRAVE.name


@pytest.fixture
def begin(cast: dict[str, User]) -> Begin:
    """Confirm a plan as eve the engineer, with all that is asked for, unless a test says otherwise."""

    def confirmed(plan: ActionPlan, *, actor: str = "eve", **given: object) -> Run | Refusal:
        told = {"reason": "after the outage", "address": "10.0.0.7", "typed": str(plan.to_do), **given}
        return confirm(plan, Confirmation(**told), cast[actor], timezone.now())  # type: ignore[arg-type]  # by name

    return confirmed


def carried(run: Run | Refusal) -> Run:
    """Let the worker carry it out, and return it as it stands then."""
    assert isinstance(run, Run), run
    work_on_runs(timezone.now(), threading.Event())
    return Run.objects.get(pk=run.pk)


def ends(run: Run) -> dict[str, str]:
    return dict(run.plan.items.values_list("key", "outcome"))
