"""Chapter 5 of the guide: the same audio asked for again while it was being generated."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import clock, observations
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation
from diagnostics.domain.traces import OtherRequest

MOST_NAMED = 10


def names_request(evidence: Evidence) -> bool:
    """Whether the row says who asked, and by which assessment: without both, nothing is the same."""
    return all((value or "").strip() for value in (evidence.record.user_id, evidence.record.assessment_id))


def begun_meanwhile(evidence: Evidence) -> list[OtherRequest]:
    """The other sessions of this user and assessment that were begun while this one was being generated, in order."""
    span = clock.generation_span(evidence)
    if span is None or not names_request(evidence):
        return []
    others = (other for other in evidence.other_requests or () if span[0] <= other.begun_at < span[1])
    return sorted(others, key=lambda other: (other.begun_at, other.key))


def duplicate_request(evidence: Evidence) -> Iterator[Finding]:
    """The same user and assessment has another session, begun while this one was being generated."""
    others = begun_meanwhile(evidence)
    if others:
        keys = ", ".join(other.key for other in others[:MOST_NAMED])
        lines = (
            *span_lines(evidence),
            observations.recorded(evidence, "begun meanwhile", keys),
            observations.recorded(evidence, "first of them begun", others[0].begun_at),
        )
        yield Finding("record.duplicate_request", Confidence.CERTAIN, lines, {"others": keys, "count": len(others)})


def span_lines(evidence: Evidence) -> tuple[Observation, ...]:
    """From when to when it was generated; an end that is still to come is no fact."""
    span = clock.generation_span(evidence)
    if span is None:
        return ()
    begun = observations.recorded(evidence, "generation began", span[0])
    if evidence.record.status == "generating":
        return (begun,)
    return begun, observations.recorded(evidence, "generation ended", span[1])
