"""What resetting a stuck session and marking it failed have in common: is it stuck, and does anything still live?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.utils.translation import gettext_noop

from diagnostics.domain.facts import Evidence
from diagnostics.domain.rules import life
from diagnostics.domain.rules.life import Life
from sessions_admin.actions.live import FEW, UNKNOWN, by_the_pass, judge
from sessions_admin.actions.rows import Sight
from sessions_admin.host_writer import HostRow

STUCK = ("worker.crashed", "worker.stalled")
NOBODY_ASKED = ("", "not_configured", "not_asked")

ALIVE = gettext_noop(
    "Session %(session)s is left alone: a generator is alive and may still be at work on it. Stop that one first; where it "
    "surely works on other sessions, mark this one failed, then reset it."
)


def foreseen(rows: Sequence[HostRow], causes: Collection[str], look: Callable[[HostRow], Sight]) -> Mapping[str, Sight]:
    """For the plan, the last pass must have found it so; a few are looked at live as well."""
    sights = by_the_pass(rows, causes)
    if len(rows) > FEW:
        return sights
    return {row.key: sights[row.key] if sights[row.key].why else look(row) for row in rows}


def look_for_life(row: HostRow, action: str) -> Sight:
    """Look at a generating session: stuck by the rules, and no generator's process or heartbeat is alive."""
    judged = judge(row, STUCK, action)
    if judged.evidence is None:
        return judged.sight
    if life.of_generator(judged.evidence) is Life.ALIVE:
        return Sight(why=ALIVE)
    if problem := _processes_unknown(judged.evidence):
        return Sight(why=UNKNOWN, told={"problem": problem})
    return judged.sight


def _processes_unknown(evidence: Evidence) -> str:
    """Where GENERATOR_PROCESS is set and its list did not answer, nobody knows that none is alive."""
    problem = evidence.processes.problem
    return "" if problem in NOBODY_ASKED else f"processes.{problem}"
