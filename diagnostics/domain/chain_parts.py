"""What the samples of the host's parts answer to the chain: one check a part, and why one could not be made."""

from __future__ import annotations

from collections.abc import Callable

from diagnostics.domain import host_parts, resources
from diagnostics.domain.chain_answers import Answer, not_checked, ok
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence

NOT_WATCHED = "_not_watched"


def of(part: str) -> Callable[[Evidence, Diagnosis], Answer]:
    """Return the answer for one part."""

    def answer(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
        sample = host_parts.last_of(evidence, part)
        if sample is None:
            return not_checked(_why(evidence, part))
        lines = host_parts.measured_lines(sample)
        if sample.state == host_parts.UP:
            return ok(*lines)
        if sample.state == host_parts.UNKNOWN:
            return not_checked("part_unknown", *lines)
        # Of a session that came to its end all the same, it is worth a look and no more.
        is_grave = sample.state == host_parts.DOWN and evidence.record.status != "completed"
        return Answer("bad" if is_grave else "notice", lines)

    return answer


def _why(evidence: Evidence, part: str) -> str:
    if part not in evidence.watched_parts:
        return f"{part}{NOT_WATCHED}"
    if resources.moment_of(evidence.record, evidence.now) is None:
        return "no_moment"
    return "no_recent_part" if evidence.record.status in ("pending", "generating") else "no_part_samples"
