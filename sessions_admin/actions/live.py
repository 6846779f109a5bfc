"""Is a session's cause still the one that an action is for? By the last pass, and by a live look of the same rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.examine import examine
from diagnostics.models import SessionEntry
from diagnostics.reconcile.parts import parts
from sessions_admin.actions.rows import Sight
from sessions_admin.host_writer import HostRow

# So many sessions of a plan are looked at live; of more, the plan believes the last pass, and the run looks at each.
FEW = 5

UNKNOWN = gettext_noop("Session %(session)s is left alone: it could not be looked at now (%(problem)s).")
OTHERWISE = gettext_noop("Session %(session)s is left alone: looked at now, it is found otherwise (%(found)s).")
NOT_BY_THE_PASS = gettext_noop("Session %(session)s is left alone: the last pass did not find it so (%(found)s).")


@dataclass(frozen=True, slots=True)
class Judged:
    """A live look: `evidence` and `diagnosis` where the cause still stands; `why`, and what fills it, where it does not.

    `candidates` are the files that could be the session's own, `troubles` what did not answer.
    """

    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    troubles: frozenset[str] = frozenset()
    candidates: tuple[str, ...] = ()
    why: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def sight(self) -> Sight:
        """What a `RowChange` is told of it; `cause` is the code that was found."""
        return Sight(why=self.why, told={**self.told, "cause": (self.diagnosis.cause if self.diagnosis else "") or ""})


def judge(row: HostRow, causes: Collection[str], action: str) -> Judged:
    """Look at a session now: is its cause one of these, and does the rules' advice name this action?

    What could not be asked (the store, the host's table, our own memory of it) is unknown, never taken for granted.
    """
    found = examine(row.key)
    if found.evidence is None or found.diagnosis is None:
        problem = found.problems[0].code if found.problems else "host.no_row"
        return Judged(why=UNKNOWN, told={"problem": problem})
    if problem := _unknown(found.evidence):
        return Judged(why=UNKNOWN, told={"problem": problem})
    cause = found.diagnosis.cause or str(found.diagnosis.state)
    if found.evidence.record.status != row.status or cause not in causes or action not in found.diagnosis.actions:
        candidates = tuple(one.path for one in found.evidence.candidates)
        return Judged(diagnosis=found.diagnosis, candidates=candidates, why=OTHERWISE, told={"found": cause})
    return Judged(found.evidence, found.diagnosis, frozenset(trouble.code for trouble in found.problems))


def by_the_pass(rows: Sequence[HostRow], causes: Collection[str]) -> dict[str, Sight]:
    """Return what the last pass says of each: its cause, or why that is none of these."""
    known: dict[str, tuple[str, str]] = {}
    for part in parts([row.key for row in rows]):
        entries = SessionEntry.objects.filter(key__in=part, gone_at=None)
        known |= {key: (cause, state) for key, cause, state in entries.values_list("key", "cause", "state")}
    return {row.key: _of_the_pass(*known.get(row.key, ("", "–")), causes) for row in rows}


def _of_the_pass(cause: str, state: str, causes: Collection[str]) -> Sight:
    if cause in causes:
        return Sight(told={"cause": cause})
    return Sight(why=NOT_BY_THE_PASS, told={"found": cause or state})


def _unknown(evidence: Evidence) -> str:
    """Return what could not be asked that any of these causes hangs on, or ''."""
    if evidence.store.problem:
        return f"store.{evidence.store.problem}"
    return min(evidence.unanswered, default="")
