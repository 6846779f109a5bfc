"""What the rules conclude of one session: a verdict, a state, its cause, and every finding behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from diagnostics.domain.facts import Confidence, Finding, Observation, SessionKey


class Verdict(StrEnum):
    """What the user would meet now."""

    PLAYABLE = "playable"
    NOT_READY = "not_ready"
    BROKEN = "broken"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Where the session stands; always present."""

    OK = "ok"
    WAITING = "waiting"
    GENERATING = "generating"
    SETTLING = "settling"
    FAILED = "failed"
    EXPIRED = "expired"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The conclusion. `findings` stand in the order of precedence; `cause` is the first one's code, or None.

    `values` fill the placeholders of the state's own sentence where there is no cause. `due_at` is when time alone can
    change the conclusion; None: only a change of the row or of a file can.
    """

    session_id: SessionKey
    status: str | None
    verdict: Verdict
    state: State
    findings: tuple[Finding, ...]
    evidence: tuple[Observation, ...]
    observed_at: datetime
    actions: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    values: Mapping[str, object] = field(default_factory=dict)
    due_at: datetime | None = None

    @property
    def cause(self) -> str | None:
        return self.findings[0].code if self.findings else None
