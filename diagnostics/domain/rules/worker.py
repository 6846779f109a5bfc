"""Chapter 3 of the guide: the asynchronous part, sessions that wait or are being generated."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import clock, host_parts, observations
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation
from diagnostics.domain.rules import life
from diagnostics.domain.rules.life import Life
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
    if not evidence.processes.problem:
        lines += life.process_lines(evidence)
    part = host_parts.keeps_waiting(evidence)
    if part is not None:
        lines += host_parts.lines(part)
    values = {
        "waiting_seconds": clock.seconds_since(evidence, clock.pending_since(evidence)),
        "limit_seconds": evidence.limits.pending_limit_seconds,
        "position": queue.position,
        "part": part.part if part else "",
        "problem": part.problem if part else "",
        "since_at": part.since or part.at if part else None,
    }
    yield Finding("worker.not_picked_up", Confidence.CERTAIN, tuple(lines), values)


def crashed_worker(evidence: Evidence) -> Iterator[Finding]:
    """Generating, but nothing moved for the limit, and no generator is alive; its death may have been seen."""
    if not is_still(evidence) or life.of_generator(evidence) is not Life.GONE:
        return
    seen = next(iter(life.witnessed(evidence)), None)
    beat = evidence.record.heartbeat.at if life.by_processes(evidence) is Life.UNKNOWN else None
    values = {
        **_stillness(evidence),
        "pid": seen.pid if seen else None,
        "seen_at": seen.seen_at if seen else None,
        "heartbeat_at": beat,
    }
    lines = (*_what_stands_still(evidence), *life.lines(evidence), *_what_keeps_it_still(evidence))
    yield Finding("worker.crashed", Confidence.CERTAIN if seen else Confidence.LIKELY, lines, values)


def stalled_worker(evidence: Evidence) -> Iterator[Finding]:
    """Generating, but nothing moved for the limit, though a generator is alive, or nobody can tell whether one is."""
    alive = life.of_generator(evidence)
    if not is_still(evidence) or alive is Life.GONE:
        return
    seen = _what_stands_still(evidence)
    values = {**_stillness(evidence), "generator": _generator(evidence, alive)}
    # The row alone may stand still because nobody writes to it: its file, or a process, is a second sign.
    is_seen_twice = alive is Life.ALIVE or (evidence.growing is not None and not evidence.store.problem)
    confidence = Confidence.LIKELY if is_seen_twice else Confidence.POSSIBLE
    lines = (*seen, *life.lines(evidence), *_what_keeps_it_still(evidence))
    yield Finding("worker.stalled", confidence, lines, values)


def is_still(evidence: Evidence) -> bool:
    """Whether nothing of a generating session moved for the limit, as far as that could be looked at."""
    return evidence.record.status == "generating" and not is_moving(evidence) and not may_move_unseen(evidence)


def _what_stands_still(evidence: Evidence) -> tuple[Observation, ...]:
    lines = [
        observations.recorded(evidence, "updated_at", evidence.record.updated.raw),
        observations.recorded(evidence, "progress_percentage", evidence.record.progress_percent),
    ]
    if evidence.growing:
        lines.append(observations.seen(evidence.growing, "last grew", evidence.growing.modified_at))
    return tuple(lines)


def _what_keeps_it_still(evidence: Evidence) -> tuple[Observation, ...]:
    return tuple(line for sample in host_parts.keeps_still(evidence) for line in host_parts.lines(sample))


def _stillness(evidence: Evidence) -> dict[str, object]:
    return {
        "still_seconds": still_seconds(evidence),
        "limit_seconds": evidence.limits.stall_limit_seconds,
        "progress_percent": evidence.record.progress_percent,
    }


def _generator(evidence: Evidence, alive: Life) -> str:
    """In a word: unknown, beating (known by its heartbeat alone), stopped (all that are alive), or alive."""
    processes = evidence.processes.alive
    if alive is not Life.ALIVE:
        return "unknown"
    if not processes:
        return "beating"
    return "stopped" if all(process.is_stopped for process in processes) else "alive"


def _is_dated_ahead(evidence: Evidence) -> bool:
    created = evidence.record.created.at
    return created is not None and created > evidence.now
