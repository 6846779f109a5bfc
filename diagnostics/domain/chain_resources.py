"""What the samples of disk and memory answer to the chain where no rule found a fault."""

from __future__ import annotations

from diagnostics.domain import resources
from diagnostics.domain.chain_answers import Answer, not_checked, ok
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence


def disk(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if full := resources.full_disk(evidence):
        return Answer("notice", resources.disk_lines(full))
    known = [sample for sample in evidence.resources if sample.disk_percent is not None]
    return ok(*resources.disk_lines(known[0])) if known else not_checked(_why(evidence))


def memory(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if exhausted := resources.exhausted_memory(evidence):
        return Answer("notice", resources.memory_lines(exhausted))
    known = [sample for sample in evidence.resources if sample.memory_percent is not None]
    return ok(*resources.memory_lines(known[0])) if known else not_checked(_why(evidence))


def _why(evidence: Evidence) -> str:
    if evidence.resources:
        return "no_sampled_value"
    if resources.moment_of(evidence.record, evidence.now) is None:
        return "no_moment"
    return "no_recent_sample" if evidence.record.status in ("pending", "generating") else "no_samples"
