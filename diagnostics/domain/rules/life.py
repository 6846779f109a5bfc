"""Is a generator alive? The process list and the host's own heartbeat answer; where neither can, nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from diagnostics.domain import clock, observations
from diagnostics.domain.facts import Evidence, Observation
from diagnostics.domain.processes import FormerGenerator, Generator

MOST_NAMED = 3
UNKNOWN_BECAUSE = {
    "not_configured": "unknown: GENERATOR_PROCESS is not set",
    "unreadable": "unknown: the process list could not be read",
    "timeout": "unknown: the process list did not answer in time",
}


class Life(StrEnum):
    """What one sign says; unknown is never taken for gone."""

    ALIVE = "alive"
    GONE = "gone"
    UNKNOWN = "unknown"


def of_generator(evidence: Evidence) -> Life:
    """Alive where either sign says so, gone where one says so and none contradicts it."""
    signs = (by_processes(evidence), by_heartbeat(evidence))
    if Life.ALIVE in signs:
        return Life.ALIVE
    return Life.GONE if Life.GONE in signs else Life.UNKNOWN


def by_processes(evidence: Evidence) -> Life:
    if evidence.processes.problem:
        return Life.UNKNOWN
    return Life.ALIVE if evidence.processes.alive else Life.GONE


def by_heartbeat(evidence: Evidence) -> Life:
    """The beat is a sign of life, not of movement: a worker that hangs may well go on beating."""
    beat = evidence.record.heartbeat.at
    if beat is None or not clock.is_past(beat, evidence.now):
        return Life.UNKNOWN
    limit = timedelta(seconds=evidence.limits.stall_limit_seconds)
    return Life.ALIVE if evidence.now - beat <= limit else Life.GONE


def witnessed(evidence: Evidence) -> tuple[FormerGenerator, ...]:
    """Those who may have worked on it, the last seen first: alive when it last moved, as near as samples can tell."""
    moved = clock.moved_at(evidence)
    if moved is None:
        return ()
    window = timedelta(seconds=evidence.limits.evidence_window_seconds)
    lived = (former for former in evidence.processes.gone if former.started_at <= moved <= former.seen_at + window)
    return tuple(sorted(lived, key=lambda former: former.seen_at, reverse=True))


def lines(evidence: Evidence) -> tuple[Observation, ...]:
    """The evidence for life or death: the heartbeat, the processes that are there, those that were."""
    return (*heartbeat_lines(evidence), *process_lines(evidence), *former_lines(evidence))


def heartbeat_lines(evidence: Evidence) -> tuple[Observation, ...]:
    beat = evidence.record.heartbeat
    return (observations.recorded(evidence, "heartbeat", beat.at or beat.raw),) if beat.raw is not None else ()


def process_lines(evidence: Evidence) -> tuple[Observation, ...]:
    """Nothing where nobody asked; no figures here that change from one look to the next."""
    facts = evidence.processes
    if facts.problem:
        why = UNKNOWN_BECAUSE.get(facts.problem)
        return (observations.running("generator processes", why, facts.observed_at),) if why else ()
    if not facts.alive:
        return (observations.running("generator processes", "0", facts.observed_at),)
    moved = clock.moved_at(evidence) if evidence.record.status == "generating" else None
    shown = [line for one in facts.alive[:MOST_NAMED] for line in _alive(one, moved, facts.observed_at)]
    further = len(facts.alive) - MOST_NAMED
    more = [observations.running("further generators", further, facts.observed_at)] if further > 0 else []
    return (*shown, *more)


def former_lines(evidence: Evidence) -> tuple[Observation, ...]:
    return tuple(line for former in witnessed(evidence)[:MOST_NAMED] for line in _gone(former))


def _alive(one: Generator, moved: datetime | None, at: datetime | None) -> tuple[Observation, ...]:
    state = " (stopped)" if one.is_stopped else ""
    is_later = moved is not None and one.started_at > moved
    return (
        observations.running("generator alive", f"{one.pid} {one.name}{state}", at),
        observations.running("started after the last movement" if is_later else "started", one.started_at, at),
    )


def _gone(former: FormerGenerator) -> tuple[Observation, ...]:
    told = [
        observations.running("generator last seen alive", f"{former.pid} {former.name}", former.seen_at),
        observations.running("started", former.started_at, former.seen_at),
        observations.running("generator gone", former.pid, former.missed_at),
    ]
    if former.number_given_at is not None:
        told.append(
            observations.running("its number is another process's since", former.number_given_at, former.missed_at)
        )
    return tuple(told)
