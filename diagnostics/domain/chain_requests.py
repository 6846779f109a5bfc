"""What the evidence answers to the chain's question whether the same was asked for twice."""

from __future__ import annotations

from diagnostics.domain import clock, observations
from diagnostics.domain.chain_answers import Answer, not_checked, ok
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.domain.rules import requests

NEEDED = frozenset({"user_id", "assessment_id"})


def single(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    if NEEDED & evidence.record.absent:
        return not_checked("no_column")
    if not requests.names_request(evidence):
        return not_checked("no_request")
    if clock.generation_span(evidence) is None:
        return not_checked("not_begun" if evidence.record.status == "pending" else "no_span")
    if evidence.other_requests is None:
        return not_checked("not_compared")
    assessment = observations.recorded(evidence, "assessment_id", evidence.record.assessment_id)
    return ok(assessment, *requests.span_lines(evidence))
