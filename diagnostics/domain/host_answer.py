"""What the host's own status call answered about a session, as its client would have received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from diagnostics.domain.paths import Claim

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """One answer of `GET /api/music/long_sequence_status/{id}`. `problem` is empty where one came that could be read.

    Else: those of a question over HTTP (`domain.delivery`), and not_json, no_success (`detail` tells its words), no_data
    (nothing of a session in it), status (any other than 200; `http_status`), changed (the row did, while it was asked).
    `told` names the fields that the answer held; only those can disagree. `claim` is `path`, understood.
    """

    asked_at: datetime
    problem: str = ""
    detail: str = ""
    http_status: int | None = None
    told: frozenset[str] = frozenset()  # status, path, size_bytes, error_message
    status: str | None = None
    path: str | None = None
    size_bytes: int | None = None
    error_message: str | None = None
    took_seconds: float = 0.0
    claim: Claim | None = None
    is_shaped: bool = True  # as the host's API answers, with `success`; else something before it may have answered

    @property
    def knows_no_session(self) -> bool:
        return self.problem == "status" and self.http_status == NOT_FOUND
