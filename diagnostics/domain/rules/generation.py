"""Chapter 2 of the guide: why generation failed, by the error that the host recorded and by what the server looked like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.domain import host_parts, observations, resources
from diagnostics.domain.error_texts import UNRECOGNISED, read_part, reason_of
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation, ResourceFacts
from diagnostics.domain.fingerprints import fingerprint
from diagnostics.domain.parts import ENGINE, PartFacts

DISK_FULL, OUT_OF_MEMORY = "generation.disk_full", "generation.out_of_memory"
PERMISSION_DENIED, UNEXPLAINED = "generation.permission_denied", "generation.unexplained"
DEPENDENCY_DOWN, ENGINE_FAILED = "generation.dependency_down", "generation.engine_failed"


def failed_generation(evidence: Evidence) -> Iterator[Finding]:
    """The row says failed: its message tells why, else the server's resources then, else nothing does."""
    if evidence.record.status != "failed":
        return
    message = read_part(evidence.record.error_message)
    yield _told_by(message, evidence) if message else _seen_without_message(evidence)


def may_be_explained(evidence: Evidence, findings: Sequence[Finding]) -> bool:
    """Whether samples that are still to come could say more: of a failure without a message, or as a second sign."""
    told = {finding.code for finding in findings}
    open_to = {DISK_FULL, OUT_OF_MEMORY, UNEXPLAINED}
    if evidence.watched_parts:
        open_to |= {DEPENDENCY_DOWN, ENGINE_FAILED}
    return not told.isdisjoint(open_to) and resources.may_still_come(evidence)


def _told_by(message: str, evidence: Evidence) -> Finding:
    code, telling = reason_of(message)
    values = {"error": telling}
    if code == UNRECOGNISED:
        values["fingerprint"] = fingerprint(message)
    lines = (observations.recorded(evidence, "error_message", telling), *_signs_of(code, evidence))
    return Finding(code, Confidence.CERTAIN, lines, values)


def _signs_of(code: str, evidence: Evidence) -> tuple[Observation, ...]:
    """What was seen that says the same as the message; what shows otherwise says nothing."""
    if code == DISK_FULL and (sample := resources.full_disk(evidence)):
        return resources.disk_lines(sample)
    if code == OUT_OF_MEMORY and (sample := resources.exhausted_memory(evidence)):
        return resources.memory_lines(sample)
    if code == DEPENDENCY_DOWN and (missed := host_parts.dependency_near(evidence)):
        return host_parts.lines(missed)
    if code == ENGINE_FAILED and (engine := host_parts.down_near(evidence, ENGINE)):
        return host_parts.lines(engine)
    if code == PERMISSION_DENIED and evidence.writer and evidence.writer.is_allowed is False:
        return observations.kept_out(evidence.writer, evidence.now)
    return ()


def _seen_without_message(evidence: Evidence) -> Finding:
    """One sign makes a reason possible; of two, order is precedence."""
    silence = observations.recorded(evidence, "error_message", evidence.record.error_message)
    if sample := resources.full_disk(evidence):
        values = _fullness(sample, evidence)
        return Finding(DISK_FULL, Confidence.POSSIBLE, (silence, *resources.disk_lines(sample)), values)
    if sample := resources.exhausted_memory(evidence):
        values = {"memory_percent": sample.memory_percent, "sampled_at": sample.at}
        return Finding(OUT_OF_MEMORY, Confidence.POSSIBLE, (silence, *resources.memory_lines(sample)), values)
    if part := host_parts.dependency_near(evidence):
        return _by_part(DEPENDENCY_DOWN, part, silence)
    if part := host_parts.down_near(evidence, ENGINE):
        return _by_part(ENGINE_FAILED, part, silence)
    return Finding(UNEXPLAINED, Confidence.CERTAIN, (silence,))


def _by_part(code: str, sample: PartFacts, silence: Observation) -> Finding:
    values = {"part": sample.part, "problem": sample.problem, "sampled_at": sample.at}
    return Finding(code, Confidence.POSSIBLE, (silence, *host_parts.lines(sample)), values)


def _fullness(sample: ResourceFacts, evidence: Evidence) -> dict[str, object]:
    """The disk's share, or that of its inodes where they are what was used up."""
    if (sample.disk_percent or 0.0) >= evidence.limits.disk_full_percent:
        return {"disk_percent": sample.disk_percent, "sampled_at": sample.at}
    return {"inodes_percent": sample.inodes_percent, "sampled_at": sample.at}
