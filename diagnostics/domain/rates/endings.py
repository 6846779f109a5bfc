"""How the current attempt at a session's piece stands: completed, failed, stuck past its limit, or not ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from diagnostics.domain import clock
from diagnostics.domain.causes import CATALOGUE
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.domain.facts import Evidence, Finding
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rates.hours import EARLIEST_YEAR

# What went past a limit, and the value of its finding that says for how long it has been so.
STUCK = {
    "worker.not_picked_up": "waiting_seconds",
    "worker.crashed": "still_seconds",
    "worker.stalled": "still_seconds",
    "record.status_lagging": "still_seconds",
}
# Causes of these families lie between the file, which is in order, and the user: they do not count against it.
BEYOND_THE_FILE = ("delivery", "client", "notice")
PURGED = "file.purged"
CLEARED = "expired"  # kept as the cause of a piece that was cleared away before any pass could look at it


class Kind(StrEnum):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an attempt as one look shows it; the fields are those of `models.Ending`.

    `is_playable` None: this look cannot tell. Then `cause` says why: '' while it settles, `expired` where it was cleared
    away, else the code that kept it from being checked. `took_seconds` may be negative or longer than a day, as the
    host's times have it; None: they do not say.
    """

    kind: Kind
    ended_at: datetime
    is_dated: bool = True
    is_playable: bool | None = False
    cause: str = ""
    took_seconds: float | None = None
    length_seconds: float | None = None


def ended(evidence: Evidence, diagnosis: Diagnosis) -> Ended | None:
    """Return how the current attempt ended; None: it waits or is generated within its limits, or has no known status."""
    status = evidence.record.status
    if status == "completed":
        return _completed(evidence, diagnosis)
    if status == "failed":
        ended_at, is_dated = _dated(evidence, evidence.record.updated.at)
        length = evidence.record.duration_seconds
        return Ended(Kind.FAILED, ended_at, is_dated, cause=diagnosis.cause or "", length_seconds=length)
    finding = next((finding for finding in diagnosis.findings if finding.code in STUCK), None)
    return _stuck(evidence, finding) if finding else None


def is_unfinished(evidence: Evidence) -> bool:
    return evidence.record.status in ("pending", "generating")


def _completed(evidence: Evidence, diagnosis: Diagnosis) -> Ended:
    ended_at, is_dated = _dated(evidence, evidence.record.finished_at)
    is_playable, cause = _judged(evidence, diagnosis)
    took = _took_seconds(evidence) if is_dated else None
    return Ended(Kind.COMPLETED, ended_at, is_dated, is_playable, cause, took, evidence.record.duration_seconds)


def _dated(evidence: Evidence, at: datetime | None) -> tuple[datetime, bool]:
    """The host's time of the end; where it tells none, or one that cannot be, the time of this look."""
    if at is None or at.year < EARLIEST_YEAR or not clock.is_past(at, evidence.now):
        return evidence.now, False
    return at, True


def _judged(evidence: Evidence, diagnosis: Diagnosis) -> tuple[bool | None, str]:
    """Whether the file is whole, and the code that stands against it or kept it from being looked at."""
    cause = diagnosis.cause or ""
    if diagnosis.verdict is Verdict.PLAYABLE:
        return True, ""
    if diagnosis.state is State.SETTLING:
        return None, ""
    if diagnosis.verdict is Verdict.EXPIRED:
        return None, CLEARED
    # Of what lies elsewhere, or was moved away by us, nobody can say whether it was whole.
    if diagnosis.verdict is Verdict.UNKNOWN or cause == PURGED or evidence.claim.kind is ClaimKind.REMOTE:
        return None, cause
    is_beyond = bool(cause) and CATALOGUE[cause].family in BEYOND_THE_FILE
    return is_beyond, "" if is_beyond else cause


def _took_seconds(evidence: Evidence) -> float | None:
    """How long it was generated; negative where the host's end lies before the beginning."""
    took = clock.generation_seconds(evidence)
    begun, finished = clock.generating_since(evidence), evidence.record.finished_at
    if took is None and begun is not None and finished is not None and finished < begun:
        return (finished - begun).total_seconds()
    return took


def _stuck(evidence: Evidence, finding: Finding) -> Ended:
    """It ended when it went past its limit."""
    lasted = finding.values.get(STUCK[finding.code])
    limit = finding.values.get("limit_seconds", evidence.limits.stall_limit_seconds)
    length = evidence.record.duration_seconds
    if not isinstance(lasted, int | float) or not isinstance(limit, int | float):
        return Ended(Kind.STUCK, evidence.now, is_dated=False, cause=finding.code, length_seconds=length)
    ended_at = evidence.now - timedelta(seconds=max(0.0, lasted - limit))
    return Ended(Kind.STUCK, ended_at, cause=finding.code, length_seconds=length)
