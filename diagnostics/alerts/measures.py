"""Every rule's measure, and what each round reads by them; a measure that breaks is an error of its rule alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from diagnostics.alerts import measures_machine, measures_sessions, measures_work
from diagnostics.alerts.look import Look
from diagnostics.domain.alerts.course import Reading, ReadingKind
from diagnostics.domain.alerts.rules import Levels
from diagnostics.domain.redaction import hide_secrets

logger = logging.getLogger(__name__)
LONGEST_PROBLEM = 300
NOT_YET = Reading(ReadingKind.NO_DATA, problem="no_sample")


@dataclass(frozen=True, slots=True)
class Measure:
    """`read` gives subject -> reading. `is_of_sessions`: by the times of sessions, as the last complete pass knows them.

    `is_of_work`: of signs of life, which say nothing at the first look after a gap.
    `is_well_when_gone`: a subject that is not read any more is well (a condition that is gone), and recovers like any
    other. Else it is not configured any more, and what was open of it ends at once.
    """

    read: Callable[[Look, Levels], dict[str, Reading]]
    is_of_sessions: bool = False
    is_of_work: bool = False
    is_well_when_gone: bool = False


MEASURES: dict[str, Measure] = {
    "success_rate": Measure(measures_sessions.success_rate, is_of_sessions=True),
    "generation_time": Measure(measures_sessions.generation_time, is_of_sessions=True),
    "failures": Measure(measures_sessions.failures, is_of_sessions=True),
    "queue_still": Measure(measures_sessions.queue_still, is_of_sessions=True),
    "disk_used": Measure(measures_machine.disk_used),
    "disk_full_soon": Measure(measures_machine.disk_full_soon),
    "inodes_used": Measure(measures_machine.inodes_used),
    "part_down": Measure(measures_machine.part_down),
    "condition": Measure(measures_work.condition, is_well_when_gone=True),
    "worker_silent": Measure(measures_work.worker_silent, is_of_work=True, is_well_when_gone=True),
    "pass_late": Measure(measures_work.pass_late, is_of_work=True),
    "incident_regressed": Measure(measures_work.incident_regressed, is_well_when_gone=True),
}


def read(name: str, look: Look, levels: Levels, known: Collection[str]) -> dict[str, Reading]:
    """Return what a rule reads of each subject; `known` are those that it was looked at for before."""
    measure = MEASURES[name]
    try:
        if measure.is_of_sessions and look.hindrance is not None:
            return {"": look.hindrance}
        found = measure.read(look, levels)
        return dict.fromkeys(found, NOT_YET) if measure.is_of_work and look.is_after_gap else found
    except Exception as problem:
        logger.exception("The alert rule %s could not be evaluated", name)
        return dict.fromkeys(known or ("",), crashed(problem))


def crashed(problem: Exception) -> Reading:
    told = hide_secrets(str(problem)).partition("\n")[0]
    return Reading.error(f"crashed: {type(problem).__name__}: {told}"[:LONGEST_PROBLEM])
