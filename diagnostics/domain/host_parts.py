"""The host's parts around a session as samples show them: which sample tells for which cause, and in which lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from diagnostics.domain import observations
from diagnostics.domain.facts import Evidence, Observation
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, PARTS, PartFacts

UP, IMPAIRED, DOWN, UNKNOWN = "up", "impaired", "down", "unknown"
STATES = (UP, IMPAIRED, DOWN, UNKNOWN)
FAULTY = (IMPAIRED, DOWN)  # what could not be told is no sign of a fault
DEPENDENCIES = (DATABASE, CACHE, BROKER)
LOCKED = "locked"
NOT_TAKING = ("no_consumers", "suspended", "no_queue")  # the broker works, and nobody takes tasks from it
# What is measured of a part, as a fact of evidence; the rest of the values stands on the page of resources.
MEASURED = {
    "queue_length": "length of the queue",
    "consumers": "consumers",
    "lock_waits": "lock waits",
}
SINCE, WORDS = "so since", "its own words"


def down_near(evidence: Evidence, *parts: str) -> PartFacts | None:
    """Return the sample nearest to the failure in which one of these parts was down."""
    return next((sample for sample in evidence.parts if sample.part in parts and sample.state == DOWN), None)


def dependency_near(evidence: Evidence) -> PartFacts | None:
    """Return the sample nearest to the failure in which a service refused, dropped or did not take connections."""
    return next((sample for sample in evidence.parts if _is_missed(sample)), None)


def last_of(evidence: Evidence, part: str) -> PartFacts | None:
    """Return the sample of a part that is nearest to what matters; of a session that is not finished, the newest."""
    return next((sample for sample in evidence.parts if sample.part == part), None)


def keeps_waiting(evidence: Evidence) -> PartFacts | None:
    """Return why nothing may take a session from the queue: a broker that is down or has no consumers, or locked tables."""
    broker, database = last_of(evidence, BROKER), last_of(evidence, DATABASE)
    if broker is not None and (broker.state == DOWN or _is(broker, *NOT_TAKING)):
        return broker
    return database if database is not None and (database.state == DOWN or _is(database, LOCKED)) else None


def keeps_still(evidence: Evidence) -> tuple[PartFacts, ...]:
    """Return what may keep a generation from moving: a database that is down or impaired, an engine that does not work."""
    last = (last_of(evidence, DATABASE), last_of(evidence, ENGINE))
    return tuple(sample for sample in last if sample is not None and sample.state in FAULTY)


def lines(sample: PartFacts) -> tuple[Observation, ...]:
    """State and problem, since when, and the part's own words where it said any."""
    told = f"{sample.state} ({sample.problem})" if sample.problem else sample.state
    found = [observations.sampled(sample.part, told, sample.at)]
    if sample.since is not None:
        found.append(observations.sampled(SINCE, sample.since, sample.at))
    if sample.detail:
        found.append(observations.sampled(WORDS, sample.detail, sample.at))
    return tuple(found)


def measured_lines(sample: PartFacts) -> tuple[Observation, ...]:
    """The same, and the numbers."""
    numbers = [(fact, sample.values.get(name)) for name, fact in MEASURED.items()]
    known = [(fact, value) for fact, value in numbers if isinstance(value, int | float)]
    return (*lines(sample), *(observations.sampled(fact, f"{value:g}", sample.at) for fact, value in known))


def remembered(told: Iterable[tuple[str, str, datetime]]) -> tuple[PartFacts, ...]:
    """Return what samples said from the lines of evidence made of them: (fact, value, time), in their order."""
    known: dict[datetime, dict[str, str]] = {}
    for fact, value, at in told:
        if fact in (*PARTS, SINCE, WORDS):
            known.setdefault(at, {})[fact] = value
    return tuple(sample for at, facts in known.items() if (sample := _read_back(at, facts)) is not None)


def _read_back(at: datetime, facts: dict[str, str]) -> PartFacts | None:
    part = next((name for name in PARTS if name in facts), None)
    if part is None:
        return None
    state, _, problem = facts[part].removesuffix(")").partition(" (")
    since = datetime.fromisoformat(facts[SINCE]) if SINCE in facts else None
    return PartFacts(part, at, state, problem, facts.get(WORDS, ""), since=since)


def _is_missed(sample: PartFacts) -> bool:
    return sample.part in DEPENDENCIES and (sample.state == DOWN or (sample.part == DATABASE and _is(sample, LOCKED)))


def _is(sample: PartFacts, *problems: str) -> bool:
    return sample.state in FAULTY and sample.problem in problems
