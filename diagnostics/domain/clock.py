"""What the times of a session say: since when it waits or generates, what moved last, whether it still settles."""

from __future__ import annotations

from datetime import datetime, timedelta

from diagnostics.domain.facts import Evidence

# What is being written while it is looked at is dated behind the beginning of the look, and clocks differ a little.
SKEW = timedelta(minutes=1)


def past(evidence: Evidence, *times: datetime | None) -> list[datetime]:
    """Return the times that are known and not in the future; a time in the future never settles or waits."""
    return [time for time in times if time is not None and time <= evidence.now]


def latest(evidence: Evidence, *times: datetime | None) -> datetime | None:
    return max(past(evidence, *times), default=None)


def pending_since(evidence: Evidence) -> datetime | None:
    """The later of `created_at` and the last reset known to us; None where it lies in the future or is unknown."""
    created = evidence.record.created.at
    if created is not None and created > evidence.now and evidence.reset_at is None:
        return None
    return latest(evidence, created, evidence.reset_at) or latest(evidence, evidence.first_seen_at)


def generating_since(evidence: Evidence) -> datetime | None:
    """The last reset known to us, else when it was first seen generating, else `created_at`."""
    known = (evidence.reset_at, evidence.generating_since, evidence.record.created.at)
    return next(iter(past(evidence, *known)), None)


def generation_span(evidence: Evidence) -> tuple[datetime, datetime] | None:
    """From when to when a session was generated; None before it was, and where its times do not say."""
    record = evidence.record
    ends = {"generating": evidence.now, "completed": record.finished_at, "failed": record.updated.at}
    begun, ended = generating_since(evidence), ends.get(record.status or "")
    if begun is None or ended is None:
        return None
    ended = min(ended, evidence.now)
    return (begun, ended) if begun < ended else None


def generation_seconds(evidence: Evidence) -> float | None:
    """How long a session's generation took, or takes; None where its times do not say."""
    span = generation_span(evidence)
    return (span[1] - span[0]).total_seconds() if span else None


def moved_at(evidence: Evidence) -> datetime | None:
    """When a generating session last moved: its row, its progress, or a file of its own that grows.

    Where no time of it can be used, nothing is known to have moved since a pass first saw it.
    """
    files = [facts.modified_at for facts in (evidence.audio, evidence.growing) if facts]
    written = [
        min(time, evidence.now) for time in (evidence.record.updated.at, *files) if time and is_past(time, evidence.now)
    ]
    moved = latest(evidence, evidence.moved_at, generating_since(evidence), *written)
    return moved or latest(evidence, evidence.first_seen_at)


def is_past(time: datetime, now: datetime) -> bool:
    """Whether something was written by now; only what is dated further ahead than clocks differ lies in the future."""
    return time <= now + SKEW


def changed_at(evidence: Evidence) -> datetime | None:
    """When the row, or the file that it names, changed last."""
    record = evidence.record
    modified = evidence.audio.modified_at if evidence.audio else None
    return latest(evidence, record.updated.at, record.created.at, record.completed.at, modified)


def settles_until(evidence: Evidence) -> datetime | None:
    """Until when nothing is called, or None where the last change is old enough."""
    changed = changed_at(evidence)
    until = changed + timedelta(seconds=evidence.limits.settle_seconds) if changed else None
    return until if until and until > evidence.now else None


def retention_ends_at(evidence: Evidence) -> datetime | None:
    """When the audio of a completed session may be cleared away, by AUDIO_RETENTION_DAYS."""
    days = evidence.limits.audio_retention_days
    finished = evidence.record.finished_at or evidence.record.created.at
    if days is None or finished is None:
        return None
    return finished + timedelta(days=days)


def seconds_since(evidence: Evidence, time: datetime | None) -> float | None:
    return (evidence.now - time).total_seconds() if time else None
