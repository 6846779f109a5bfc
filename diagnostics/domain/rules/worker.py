"""Chapter 3 of the guide: the asynchronous part, sessions that wait or are being generated."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import clock, observations
from diagnostics.domain.facts import Confidence, Evidence, Finding
from diagnostics.domain.rules.records import finished_file


def is_waiting(evidence: Evidence) -> bool:
    """Pending within the limit; or longer, while the queue moves in front of it and nobody overtook it."""
    if evidence.record.status != "pending":
        return False
    waited = clock.seconds_since(evidence, clock.pending_since(evidence))
    if waited is None:
        return not _is_dated_ahead(evidence)
    if waited <= evidence.limits.pending_limit_seconds or evidence.unanswered & {"queue", "memory"}:
        return True
    return evidence.queue.is_moving and not evidence.queue.was_overtaken


def still_seconds(evidence: Evidence) -> float | None:
    """How long nothing of a generating session has moved; None where no time is known."""
    return clock.seconds_since(evidence, clock.moved_at(evidence))


def is_moving(evidence: Evidence) -> bool:
    still = still_seconds(evidence)
    return still is None or still <= evidence.limits.stall_limit_seconds


def may_move_unseen(evidence: Evidence) -> bool:
    """Whether a file of a generating session may grow where nobody could look, or a pass saw what was not remembered."""
    is_unseen = evidence.growing is not None and evidence.growing.is_unknown
    return bool(evidence.store.problem) or is_unseen or "memory" in evidence.unanswered


def lagging_status(evidence: Evidence) -> Iterator[Finding]:
    """The finished, whole file is there and no longer grows, yet the row is not completed."""
    audio = finished_file(evidence)
    if evidence.record.status not in ("pending", "generating") or audio is None:
        return
    still = clock.seconds_since(evidence, clock.latest(evidence, audio.modified_at))
    if still is not None and still >= evidence.limits.stall_limit_seconds:
        lines = (observations.recorded(evidence, "status", evidence.record.status), observations.size(audio))
        values = {"path": audio.path, "status": evidence.record.status, "still_seconds": still}
        yield Finding("record.status_lagging", Confidence.CERTAIN, lines, values)


def not_picked_up(evidence: Evidence) -> Iterator[Finding]:
    """Pending longer than the limit, and the queue in front of it does not move."""
    if evidence.record.status != "pending" or is_waiting(evidence):
        return
    lines = [observations.recorded(evidence, "created_at", evidence.record.created.raw)]
    queue = evidence.queue
    if queue.position is not None:
        lines.append(observations.recorded(evidence, "place in the queue", queue.position))
    if queue.was_overtaken:
        lines.append(observations.recorded(evidence, "overtaken by", queue.overtaken_by))
    values = {
        "waiting_seconds": clock.seconds_since(evidence, clock.pending_since(evidence)),
        "limit_seconds": evidence.limits.pending_limit_seconds,
        "position": queue.position,
    }
    yield Finding("worker.not_picked_up", Confidence.CERTAIN, tuple(lines), values)


def stalled_worker(evidence: Evidence) -> Iterator[Finding]:
    """Generating, but neither the row nor its progress nor a file of its own moved for the limit."""
    still = still_seconds(evidence)
    if evidence.record.status != "generating" or is_moving(evidence) or may_move_unseen(evidence):
        return
    lines = [
        observations.recorded(evidence, "updated_at", evidence.record.updated.raw),
        observations.recorded(evidence, "progress_percentage", evidence.record.progress_percent),
    ]
    if evidence.growing:
        lines.append(observations.seen(evidence.growing, "last grew", evidence.growing.modified_at))
    values = {
        "still_seconds": still,
        "limit_seconds": evidence.limits.stall_limit_seconds,
        "progress_percent": evidence.record.progress_percent,
    }
    yield Finding("worker.stalled", Confidence.LIKELY, tuple(lines), values)


def _is_dated_ahead(evidence: Evidence) -> bool:
    created = evidence.record.created.at
    return created is not None and created > evidence.now
