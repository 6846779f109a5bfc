"""The server around a session as samples show it: which ones count, and whether a disk was full or memory exhausted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from diagnostics.domain import observations
from diagnostics.domain.facts import Evidence, Limits, Observation, ResourceFacts, SessionRecord
from diagnostics.domain.parts import PartFacts

# Where the guards of memory themselves kill: earlyoom at 5 % of memory available, systemd-oomd at 90 % of swap used
# (their defaults). Memory alone is not exhausted while there is swap left.
MEMORY_EXHAUSTED_PERCENT = 95.0
SWAP_EXHAUSTED_PERCENT = 90.0
# A sample bears the time at which it was begun; by then its numbers are in the database.
SAMPLE_DELAY = timedelta(seconds=60)
Sample = TypeVar("Sample", ResourceFacts, PartFacts)


def moment_of(record: SessionRecord, now: datetime) -> datetime | None:
    """Return when the server's state matters: at the failure, at the end, or now for what is not finished."""
    if record.status in ("pending", "generating"):
        return now
    if record.status == "failed":
        return record.updated.at or record.completed.at
    return record.finished_at if record.status == "completed" else None


def near(samples: Iterable[Sample], moment: datetime, limits: Limits) -> tuple[Sample, ...]:
    """Return the samples within the window around a moment, the nearest first."""
    window = timedelta(seconds=limits.evidence_window_seconds)
    within = [sample for sample in samples if abs(sample.at - moment) <= window]
    return tuple(sorted(within, key=lambda sample: (abs(sample.at - moment), sample.at)))


def may_still_come(evidence: Evidence) -> bool:
    """Whether a sample of the time around a failure may not be here yet."""
    failed_at = moment_of(evidence.record, evidence.now)
    if evidence.record.status != "failed" or failed_at is None:
        return False
    window = timedelta(seconds=evidence.limits.evidence_window_seconds)
    return failed_at <= evidence.now and evidence.now - failed_at <= window + SAMPLE_DELAY


def full_disk(evidence: Evidence) -> ResourceFacts | None:
    """Return the sample nearest to the failure in which the audio's disk had no room, in bytes or in inodes."""
    return next((sample for sample in evidence.resources if _is_full(sample, evidence.limits)), None)


def exhausted_memory(evidence: Evidence) -> ResourceFacts | None:
    """Return the sample nearest to the failure in which memory, and swap where there is any, was used up."""
    return next((sample for sample in evidence.resources if _is_exhausted(sample)), None)


def _is_full(sample: ResourceFacts, limits: Limits) -> bool:
    return max(sample.disk_percent or 0.0, sample.inodes_percent or 0.0) >= limits.disk_full_percent


def _is_exhausted(sample: ResourceFacts) -> bool:
    if sample.memory_percent is None or sample.memory_percent < MEMORY_EXHAUSTED_PERCENT:
        return False
    return sample.swap_percent is None or sample.swap_percent >= SWAP_EXHAUSTED_PERCENT


def disk_lines(sample: ResourceFacts) -> tuple[Observation, ...]:
    return _lines(sample, "disk used", "inodes used")


def memory_lines(sample: ResourceFacts) -> tuple[Observation, ...]:
    return _lines(sample, "memory used", "swap used")


def remembered(lines: Iterable[tuple[str, str, datetime]]) -> tuple[ResourceFacts, ...]:
    """Return what samples said from the lines of evidence made of them: (fact, value, time)."""
    known: dict[datetime, dict[str, float]] = {}
    for fact, value, at in lines:
        number = value.removesuffix(" %")
        if fact in FIELDS and number.replace(".", "", 1).isdecimal():
            known.setdefault(at, {})[FIELDS[fact]] = float(number)
    return tuple(ResourceFacts(at, **values) for at, values in known.items())


FIELDS = {
    "disk used": "disk_percent",
    "inodes used": "inodes_percent",
    "memory used": "memory_percent",
    "swap used": "swap_percent",
}


def _lines(sample: ResourceFacts, *facts: str) -> tuple[Observation, ...]:
    known = [(fact, getattr(sample, FIELDS[fact])) for fact in facts]
    return tuple(observations.sampled(fact, f"{value:g} %", sample.at) for fact, value in known if value is not None)
