"""What the host's own status call answered about a session, as its client would have received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """One answer of `GET /api/music/long_sequence_status/{id}`. `problem` is empty where one came that could be read.

    Else: those of a question over HTTP (`domain.delivery`), and not_json, no_success (`detail` tells its words), status
    (any other than 200; `http_status`). `told` names the fields that the answer held; only those can disagree.
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
